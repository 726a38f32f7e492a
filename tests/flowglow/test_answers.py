"""What is answered to a request: types, forms, caches, and nothing that is not the page's."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowglow.answers import Answers
from flowglow.asgi import Page
from flowglow.files import read_files

from .support import FILES, SCRIPT, built, get


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(Answers(read_files(built(tmp_path / "site")), "default-src 'self'"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        (f"/{SCRIPT}", "text/javascript; charset=utf-8"),
        ("/web/a.0123456789.wasm", "application/wasm"),
    ],
)
def test_each_file_has_its_type(page: Page, path: str, kind: str) -> None:
    got = get(page, path)
    assert (got.status, got.headers["content-type"]) == (200, kind)
    assert got.headers["x-content-type-options"] == "nosniff"


def test_what_is_called_by_its_content_is_kept_and_all_else_asked_about(page: Page) -> None:
    assert get(page, f"/{SCRIPT}").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert get(page, "/").headers["cache-control"] == "no-cache"
    assert get(page, "/web/embed.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "form", "body"),
    [
        ("gzip, deflate, br, zstd", "zstd", b"as zstd"),
        ("gzip, br", "br", b"as brotli"),
        ("BR;q=0.1", "br", b"as brotli"),
        ("br;q=0, zstd;q=0.0, gzip", "gzip", None),
        ("*", "zstd", b"as zstd"),
        ("*, zstd;q=0", "br", b"as brotli"),
        ("", "", FILES[SCRIPT][0]),
        ("identity", "", FILES[SCRIPT][0]),
        ("br;q=much", "br", b"as brotli"),
        ("br;q=1.1.1", "", FILES[SCRIPT][0]),
        ("*;q=0", "", FILES[SCRIPT][0]),
    ],
)
def test_the_best_form_that_a_browser_takes(page: Page, accepted: str, form: str, body: bytes | None) -> None:
    got = get(page, f"/{SCRIPT}", accept_encoding=accepted)
    assert got.headers.get("content-encoding", "") == form
    assert got.headers["vary"] == "accept-encoding"
    assert body is None or got.body == body
    assert got.headers["content-type"].startswith("text/javascript") and int(got.headers["content-length"]) == len(
        got.body
    )


def test_what_a_browser_has_is_not_sent_again(page: Page) -> None:
    """By form: the same content packed is another representation, as caches see it."""
    packed = get(page, f"/{SCRIPT}", accept_encoding="br")
    etag = packed.headers["etag"]
    for named in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        got = get(page, f"/{SCRIPT}", accept_encoding="br", if_none_match=named)
        assert (got.status, got.body, got.headers["etag"]) == (304, b"", etag)
        assert "immutable" in got.headers["cache-control"] and "vary" in got.headers
    assert get(page, f"/{SCRIPT}", if_none_match=etag).status == 200
    assert get(page, "/", if_none_match=get(page, "/").headers["etag"]).status == 304


def test_head_says_what_get_would(page: Page) -> None:
    for path in ("/", f"/{SCRIPT}", "/nothing"):
        got, head = get(page, path), get(page, path, method="HEAD")
        assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
def test_another_method_is_refused_in_words(page: Page, method: str) -> None:
    got = get(page, "/", method=method)
    assert (got.status, got.headers["allow"]) == (405, "GET, HEAD") and method in got.text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/web", "/web/", "/.env", "/manifest.json", "/../secret.txt", "/web/../../secret.txt",
        "//etc/passwd", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..\\secret.txt", "/index.html\0", "/\0",
        "/index.html/", "/./index.html",
        f"/{SCRIPT}.br", "/INDEX.HTML", "/index.html ", "/C:\\secret.txt", "/~root", "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_nothing_but_the_files_of_the_page_is_served(page: Page, path: str) -> None:
    """There is no way from an address to a folder: a name is in the page's own list, or it is nothing."""
    got = get(page, path)
    assert got.status == 404 and got.headers["cache-control"] == "no-store" and "what nobody sees" not in got.text
    assert got.headers["content-type"].startswith("text/plain") and len(got.text) < 300


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    """Neither as a file nor as its packed form."""
    site = built(tmp_path / "site")
    twin = site / f"{SCRIPT}.br"
    twin.unlink()
    twin.symlink_to(tmp_path / "secret.txt")
    page = Page(Answers(read_files(site), ""))
    assert "content-encoding" not in get(page, f"/{SCRIPT}", accept_encoding="br").headers


def test_only_what_is_for_others_may_be_loaded_by_them(page: Page) -> None:
    own, shared = get(page, f"/{SCRIPT}").headers, get(page, "/web/embed.js").headers
    assert own["cross-origin-resource-policy"] == "same-origin" and "access-control-allow-origin" not in own
    assert shared["cross-origin-resource-policy"] == "cross-origin" and shared["access-control-allow-origin"] == "*"
    document = get(page, "/").headers
    assert document["cross-origin-opener-policy"] == "same-origin" and document["referrer-policy"] == "no-referrer"
