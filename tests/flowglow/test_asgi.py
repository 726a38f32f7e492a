"""The page as an ASGI application: settings in, files out, below any path."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import flowglow
from flowglow.files import NoPageError
from flowglow.settings import SettingError

from .support import CONFIG, FILES, SCRIPT, Got, built, get

WS, API = "wss://portal.example/ws", "https://portal.example/api"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return built(tmp_path / "site")


def config_of(app: Any) -> tuple[str, dict[str, Any]]:
    """The name of the configuration that the document asks for, and its [portal]."""
    found = re.search(r'config="\./([^"]+)"', get(app, "/").text)
    assert found
    got = get(app, f"/{found[1]}")
    assert got.status == 200 and got.headers["content-type"] == "application/toml"
    return found[1], tomllib.loads(got.text)["portal"]


def test_the_settings_reach_the_page_without_a_file_being_edited(site: Path) -> None:
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    app = flowglow.page(
        ws=WS, api=API, flow="nightly", theme="dark", lang="nl", frames=["https://shell.example/"],
        sign_in_hosts=[".login.example"], origins=["https://other.example"], site=site,
    )  # fmt: skip
    name, portal = config_of(app)
    assert portal == {
        "ws": WS, "api": API, "flow": "nightly", "theme": "dark", "lang": "nl", "loopback": False,
        "frames": ["https://shell.example"], "sign_in_hosts": [".login.example"],
        "origins": ["https://other.example", "https://portal.example"],
    }  # fmt: skip
    assert name != CONFIG and get(app, f"/{CONFIG}").status == 404
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_the_configuration_is_called_by_its_content(site: Path) -> None:
    """Two deployments with other settings never share a name, so no cache can mix them."""
    one, other = (flowglow.page(ws=ws, site=site) for ws in (WS, "/ws"))
    name, _ = config_of(one)
    content = get(one, f"/{name}")
    assert hashlib.sha256(content.body).hexdigest()[:10] in name and "immutable" in content.headers["cache-control"]
    assert name != config_of(other)[0] and name == config_of(flowglow.page(ws=WS, site=site))[0]


def test_header_and_meta_policy_let_through_exactly_the_backend(site: Path) -> None:
    """They intersect, so both are made of the same settings; what one cannot say stands in the other."""
    got = get(flowglow.page(ws=WS, api="https://api.example:8443/x", frames=["https://s.example"], site=site), "/")
    wanted = {
        "'self'",
        "wss://portal.example",
        "https://portal.example",
        "https://api.example:8443",
        "wss://api.example:8443",
    }
    assert set(got.sources("connect-src")) == wanted
    assert got.sources("frame-ancestors") == ["'self'", "https://s.example"]
    assert "'sha256-aW5saW5l'" in got.sources("script-src")
    meta = re.search(r'Content-Security-Policy" content="([^"]*)"', got.text)
    assert meta and f"{meta[1]}; frame-ancestors 'self' https://s.example" == got.headers["content-security-policy"]


def test_no_port_of_the_visitors_machine_unless_asked_for(site: Path) -> None:
    assert get(flowglow.page(ws="/ws", site=site), "/").sources("connect-src") == ["'self'"]
    assert "http://127.0.0.1:*" in get(flowglow.page(loopback=True, site=site), "/").sources("connect-src")


def test_a_page_whose_backend_is_passed_through_asks_its_own_origin_alone(site: Path) -> None:
    """By addresses that are relative: they hold below any path."""
    app = flowglow.page(ws=WS, api=API, through=True, site=site)
    _, portal = config_of(app)
    assert (portal["ws"], portal["api"], portal["origins"]) == ("./through/ws", "./through/api", [])
    assert get(app, "/").sources("connect-src") == ["'self'"]
    assert get(flowglow.page(ws=WS, site=site), "/through/ws").status == 404, "only where it is wanted"


def test_a_page_whose_backend_is_passed_through_says_what_it_needs(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("flowglow.through")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(SettingError, match=r"through: it needs httpx: pip install 'flowglow\[through\]'"):
        flowglow.page(api=API, through=True, site=site)
    flowglow.page(api=API, site=site)


def test_the_title_is_the_portals_own(site: Path) -> None:
    text = get(flowglow.page(title="Runs & <things>", site=site), "/").text
    assert text.count("Runs &amp; &lt;things&gt;") == 3 and "flowglow" not in text


@pytest.mark.parametrize("base", ["", "/runs", "/portal/runs"])
@pytest.mark.parametrize("strips", [False, True])
def test_it_works_below_any_path(site: Path, base: str, strips: bool) -> None:
    """Whether the server takes the path of the mount off (older ones do) or leaves it."""
    app, at = flowglow.page(site=site), "" if strips else base
    assert get(app, f"{at}/", base=base).headers["content-type"] == "text/html; charset=utf-8"
    assert get(app, f"{at}/{SCRIPT}", base=base).body == FILES[SCRIPT][0]


def test_the_path_without_its_slash_leads_to_the_page(site: Path) -> None:
    """By an address that is relative: it holds behind a proxy that adds a prefix. The query goes along."""
    app = flowglow.page(site=site)
    got = get(app, "/portal/runs", base="/portal/runs", query="flow=a%20b&run=2")
    assert (got.status, got.headers["location"]) == (308, "./runs/?flow=a%20b&run=2")
    assert get(app, "/runs", base="/runs").headers["location"] == "./runs/"
    assert get(app, "", base="/runs").headers["location"] == "./runs/"
    assert get(app, "/läufe 二", base="/läufe 二").headers["location"] == "./l%C3%A4ufe%20%E4%BA%8C/"


def test_a_large_file_comes_in_pieces(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096
    site = built(tmp_path / "site", FILES | {"big.0123456789.wasm": (content, True)})
    app = flowglow.page(site=site)
    got = get(app, "/big.0123456789.wasm")
    assert got.body == content and got.headers["content-length"] == str(len(content))
    head = get(app, "/big.0123456789.wasm", method="HEAD")
    assert head.body == b"" and head.headers == got.headers


def test_a_page_that_was_updated_below_the_server_says_so(site: Path) -> None:
    """The document in memory names files that are gone: no browser may keep the answer."""
    app = flowglow.page(site=site)
    (site / SCRIPT).unlink()
    got = get(app, f"/{SCRIPT}")
    assert got.status == 503 and got.headers["cache-control"] == "no-store" and "Start the server again" in got.text


def test_what_is_no_page_is_said_in_words(tmp_path: Path, site: Path) -> None:
    with pytest.raises(NoPageError, match=r"no page that `make dist` has built"):
        flowglow.page(site=tmp_path / "nowhere")
    (site / SCRIPT).unlink()
    with pytest.raises(NoPageError, match=r"boot\.0123456789\.js is missing"):
        flowglow.page(site=site)
    bare = built(tmp_path / "bare", {name: FILES[name] for name in FILES if name != CONFIG})
    with pytest.raises(NoPageError, match="Build it again"):
        flowglow.page(site=bare)


def test_sockets_and_the_servers_own_life_are_answered(site: Path) -> None:
    app = flowglow.page(site=site)
    for scope, told, wanted in (
        ("websocket", ["websocket.connect"], ["websocket.close"]),
        (
            "lifespan",
            ["lifespan.startup", "lifespan.shutdown"],
            ["lifespan.startup.complete", "lifespan.shutdown.complete"],
        ),
    ):
        sent: list[str] = []
        waiting = iter(told)

        async def receive(waiting: Any = waiting) -> dict[str, str]:
            return {"type": next(waiting)}

        async def send(message: Any, sent: list[str] = sent) -> None:
            sent.append(message["type"])

        asyncio.run(app({"type": scope, "path": "/"}, receive, send))
        assert sent == wanted


def test_beside_another_application(site: Path) -> None:
    """As Django needs it, which mounts nothing by itself."""

    async def other(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    app = flowglow.mount("/runs/", flowglow.page(site=site), beside=other)
    assert "<title>" in get(app, "/runs/").text
    assert get(app, f"/runs/{SCRIPT}").body == FILES[SCRIPT][0]
    assert get(app, "/runs").headers["location"] == "./runs/"
    assert get(app, "/below/runs/", base="/below").status == 200
    assert [get(app, path).body.decode() for path in ("/", "/runsx", "/other")] == ["/", "/runsx", "/other"]
    with pytest.raises(ValueError, match="no path to mount"):
        flowglow.mount("runs", other, beside=other)


def test_starlette_and_fastapi_mount_it_in_one_line(site: Path) -> None:
    """With what they put round it: their own redirect, their own root path."""
    fastapi, starlette = pytest.importorskip("fastapi"), pytest.importorskip("starlette.applications")
    for make in (fastapi.FastAPI, starlette.Starlette):
        app = make()
        app.mount("/runs", flowglow.page(ws=WS, api=API, site=site))
        page: Got = get(app, "/runs/", host="portal.example")
        assert page.status == 200 and "wss://portal.example" in page.sources("connect-src")
        assert get(app, f"/runs/{SCRIPT}").status == 200
        assert get(app, "/runs/../secret.txt").status == 404
        assert get(app, "/prefix/runs/", base="/prefix").status == 200


def test_an_update_is_of_one_edition(tmp_path: Path) -> None:
    """The document is asked about and names the new files alone; what only the old edition had, no cache keeps."""
    old = flowglow.page(ws=WS, site=built(tmp_path / "old"))
    other = {name.replace("0123456789", "abcdefabcd"): facts for name, facts in FILES.items()}
    other["index.html"] = (FILES["index.html"][0].replace(b"0123456789", b"abcdefabcd"), False)
    other[CONFIG.replace("0123456789", "abcdefabcd")] = (FILES[CONFIG][0] + b"# another\n", True)
    (tmp_path / "new" / "web").mkdir(parents=True)
    new = flowglow.page(ws=WS, site=built(tmp_path / "new", other))
    before = get(old, "/")
    after = get(new, "/", if_none_match=before.headers["etag"])
    assert after.status == 200 and after.headers["cache-control"] == "no-cache"
    named = set(re.findall(r'(?:src|config)="\./(web[^"]+|pyscript[^"]+)"', after.text))
    assert len(named) == 2 and all(get(new, f"/{name}").status == 200 for name in named)
    assert not named & set(re.findall(r'(?:src|config)="\./(web[^"]+|pyscript[^"]+)"', before.text))
    gone = get(new, f"/{SCRIPT}")
    assert (gone.status, gone.headers["cache-control"]) == (404, "no-store")
