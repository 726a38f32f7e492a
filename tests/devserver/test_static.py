"""The page's files: right types, fresh, and nothing else of the tree."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from devserver.app import create_app
from devserver.bundle import Bundle
from setup.site import BEGIN, END

FILES = {
    "index.html": '<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"><p>é',
    "pyscript.toml": f'[portal]\nws = ""\napi = ""\nprotocol = "auto"\norigins = ["https://portal.example"]\n{BEGIN}\n[files]\n{END}\n',
    "pyapp/main.py": "import pyapp.app\n",
    "pyapp/app.py": "name = 'one'\n",
    "pyapp/testing/fake.py": "",
    "web/boot.js": "",
    "web/vendor/x.wasm": "",
    "web/vendor/m.mjs": "",
    "web/vendor/p.whl": "",
    "web/vendor/s.zip": "",
    "web/node_modules/n.js": "",
    "web/odd.bin": "",
    "devserver/app.py": "",
    "tests/test_app.py": "",
    ".git/config": "",
    ".venv/pyvenv.cfg": "",
    ".gitignore": "",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small site, beside a secret."""
    (tmp_path / "secret.txt").write_text("secret")
    for name, text in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "site"


async def get(site: Path | Starlette, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(site, flows={}) if isinstance(site, Path) else site)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/web/boot.js", "text/javascript; charset=utf-8"),
        ("/web/vendor/m.mjs", "text/javascript; charset=utf-8"),
        ("/web/vendor/x.wasm", "application/wasm"),
        ("/web/vendor/p.whl", "application/zip"),
        ("/web/vendor/s.zip", "application/zip"),
        ("/web/odd.bin", "application/octet-stream"),
        ("/pyapp/main.py", "text/x-python; charset=utf-8"),
    ],
)
async def test_files_have_the_right_type(root: Path, path: str, type: str) -> None:
    """A module with another type would not be run, and WebAssembly not be compiled while it loads."""
    answer = await get(root, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, type)
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/devserver/app.py", "/.git/config", "/.venv/pyvenv.cfg", "/.gitignore", "/web/node_modules/n.js", "/none",
     "/web", "/../secret.txt", "/%2e%2e/secret.txt", "/web/..%2f..%2fsecret.txt", "/link.txt", "/a%00b",
     "/web%5cboot.js", "/index.html/x", f"/{'a' * 5000}", "/tests/test_app.py", "/pyproject.toml"],
)  # fmt: skip
async def test_nothing_else_is_served(root: Path, path: str) -> None:
    """Neither what is hidden, nor the server's own sources, nor anything outside, also not through a link."""
    (root / "link.txt").symlink_to(root.parent / "secret.txt")
    answer = await get(root, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_a_file_that_is_the_same_is_not_sent_again(root: Path) -> None:
    """304 with the right ETag; after an edit the new text."""
    first = await get(root, "/pyapp/app.py")
    etag = first.headers["etag"]
    again = await get(root, "/pyapp/app.py", if_none_match=f'"other", W/{etag}')
    assert (again.status_code, again.content) == (304, b"")
    (root / "pyapp/app.py").write_text("name = 'two, edited'\n")
    edited = await get(root, "/pyapp/app.py", if_none_match=etag)
    assert (edited.status_code, edited.text) == (200, "name = 'two, edited'\n")


async def test_the_configuration_names_this_server(root: Path) -> None:
    """`ws` and `api` are filled in, one archive takes the place of the list; the file itself stays."""
    text = (await get(root, "/pyscript.toml")).text
    assert 'ws = "/ws"' in text and 'api = "/api"' in text and '"./app.zip" = "./*"' in text
    assert (root / "pyscript.toml").read_text() == FILES["pyscript.toml"]


async def test_the_policy_is_strict_and_lets_the_portal_in(root: Path) -> None:
    """On every file; without unsafe-eval and unsafe-inline; with the origins of [portal]."""
    policy = (await get(root, "/")).headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'self'" in policy
    assert "https://portal.example" in policy
    assert "'unsafe-eval'" not in policy and "unsafe-inline" not in policy
    assert (await get(root, "/web/boot.js")).headers["content-security-policy"] == policy


async def test_the_page_may_name_any_loopback_port_whatever_it_is_set_up_for(root: Path) -> None:
    """Header and meta tag intersect: both let loopback through here, and the file itself stays."""
    answer = await get(root, "/index.html")
    meta = re.search(r'content="([^"]*)"', answer.text)
    assert meta is not None and "ws://127.0.0.1:*" in meta[1] and "frame-ancestors" not in meta[1]
    assert "ws://127.0.0.1:*" in answer.headers["content-security-policy"]
    assert (root / "index.html").read_text() == FILES["index.html"]


async def test_the_archive_follows_the_tree(root: Path) -> None:
    """Edited, added and removed modules show at the next request; unchanged ones cost a 304."""

    app = create_app(root, flows={})

    async def names(etag: str = "") -> tuple[str, dict[str, bytes]]:
        answer = await get(app, "/app.zip", if_none_match=etag)
        if answer.status_code == 304:
            return etag, {}
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return answer.headers["etag"], {name: archive.read(name) for name in archive.namelist()}

    etag, first = await names()
    assert first == {"pyapp/app.py": b"name = 'one'\n"}
    assert await names(etag) == (etag, {})
    (root / "pyapp/app.py").write_text("name = 'edited'\n")
    (root / "pyapp/new.py").write_text("")
    etag, second = await names(etag)
    assert second == {"pyapp/app.py": b"name = 'edited'\n", "pyapp/new.py": b""}
    (root / "pyapp/new.py").unlink()
    assert (await names(etag))[1].keys() == {"pyapp/app.py"}


def test_the_archive_is_made_once(root: Path) -> None:
    """As long as nothing changes the very same bytes are given; the same sources give the same ETag."""
    bundle = Bundle(root)
    assert bundle.current()[0] is bundle.current()[0]
    assert Bundle(root).current() == bundle.current()


async def test_head_has_no_body(root: Path) -> None:
    """The same headers, without the text."""
    answer = await get(root, "/index.html", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len((await get(root, "/index.html")).content))


async def test_files_cannot_be_changed(root: Path) -> None:
    """Only reading is offered."""
    answer = await get(root, "/index.html", method="PUT")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
