"""docs/nginx.conf before a real nginx: types, caching, packed forms, nothing that nobody should see, an update."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from e2e.conftest import Guard
from e2e.deployed import build_quietly
from e2e.editions import EDITION, changed_tree
from flowglow.answers import ASKED, KEPT
from flowglow.files import TYPES

from .nginx import served_by_nginx

SECRETS = (".git/config", ".env", "web/.htpasswd", ".well-known/x")


@pytest.fixture(scope="module")
def site(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built page, and what a careless copy leaves beside it."""
    folder = tmp_path_factory.mktemp("served") / "dist"
    shutil.copytree(dist, folder)
    for name in SECRETS:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("what nobody sees")
    (folder.parent / "secret.txt").write_text("what nobody sees")
    return folder


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_by_nginx(site, tmp_path_factory.mktemp("nginx")) as address:
        yield address


class Answered:
    """An answer of nginx to a path that is sent as it is written."""

    def __init__(self, address: str, path: str, **headers: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()
        connection.close()


def test_each_file_has_its_type_and_may_be_kept_as_its_name_says(address: str, site: Path) -> None:
    """Every file of the manifest, packed where its packed form lies ready."""
    for name, facts in json.loads((site / "manifest.json").read_text())["files"].items():
        got = Answered(address, f"/{name}", accept_encoding="gzip")
        assert got.status == 200, name
        assert got.headers.get_content_type() == TYPES.get(Path(name).suffix, "application/octet-stream"), name
        assert got.headers["cache-control"] == (KEPT if facts["immutable"] else ASKED), name
        assert got.headers["x-content-type-options"] == "nosniff", name
        assert (got.headers["content-encoding"] == "gzip") == (site / f"{name}.gz").exists(), name


def test_the_document_says_who_may_show_it_and_is_asked_about(address: str) -> None:
    got = Answered(address, "/")
    assert got.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert got.headers["cross-origin-opener-policy"] == "same-origin"
    again = Answered(address, "/", if_none_match=got.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_only_what_is_for_others_may_be_loaded_by_them(address: str) -> None:
    """A portal of another origin loads our element; nothing else is for it."""
    shared, own = Answered(address, "/web/embed.js"), Answered(address, "/manifest.json")
    assert shared.headers["access-control-allow-origin"] == "*"
    assert shared.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in own.headers
    assert own.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}" for name in SECRETS), "/../secret.txt", "/%2e%2e/secret.txt", "/web/../../secret.txt",
        "/..%2fsecret.txt", "/web/", "/pyapp/", "/nothing.0123456789.js",
    ],
)  # fmt: skip
def test_nothing_is_served_that_nobody_should_see(address: str, path: str) -> None:
    got = Answered(address, path)
    assert got.status in (400, 403, 404) and b"what nobody sees" not in got.body
    assert "immutable" not in got.headers.get("cache-control", "")


def test_after_an_update_a_plain_reload_is_of_the_new_edition(
    dist: Path, fresh: tuple[Page, Guard], tmp_path: Path
) -> None:
    """Copied over the old one, index.html last, as the docs say: document, script, Python and style are new."""
    page, _ = fresh
    served = tmp_path / "served"
    shutil.copytree(dist, served)
    (tmp_path / "tree").mkdir()
    new = build_quietly(tmp_path / "new", changed_tree(tmp_path / "tree"))
    with served_by_nginx(served, tmp_path / "nginx") as address:
        page.goto(f"{address}/")
        page.locator("html[data-app=ready]").wait_for(timeout=90_000)
        assert page.evaluate(EDITION) == "AAAA"
        (served / "index.html.gz").unlink()
        for each in ("index.html.br", "index.html.zst"):
            (served / each).unlink(missing_ok=True)
        document = (new / "index.html").read_bytes()
        (new / "index.html").unlink()
        shutil.copytree(new, served, dirs_exist_ok=True)
        (served / "index.html").write_bytes(document)
        page.reload()
        page.locator("html[data-app=ready]").wait_for(timeout=90_000)
        assert page.evaluate(EDITION) == "BBBB"
