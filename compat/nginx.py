"""A real nginx with the examples of the docs, on a port of its own. Installed from Debian where it is not there."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup.environment import apt_install
from setup.machine import Machine, SetupError
from setup.place import HERE

from .environments import free_port

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
STARTS_WITHIN_S = 20
AROUND = """
{modules}
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def nginx() -> str:
    """Where nginx is; skips with a sentence where it cannot be had."""
    machine = Machine()
    if not machine.find("nginx"):
        with contextlib.suppress(SetupError):
            apt_install(machine, "nginx", why="docs/nginx.conf is tried with a real nginx, and none was found.")
    found = machine.find("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip("There is no nginx here, and it could not be installed: docs/nginx.conf was not tried.")
    return found


@contextlib.contextmanager
def served_by_nginx(site: Path, folder: Path) -> Iterator[str]:
    """Serve a built page with the server block of the docs as it is written, but for its port and folder."""
    port, server = free_port(), (HERE.root / "docs" / "nginx.conf").read_text()
    server = changed(server, {"listen 8080;": f"listen 127.0.0.1:{port};", "root /srv/flowglow/dist;": f"root {site};"})
    modules = ""
    if BROTLI.exists():
        modules, server = f"load_module {BROTLI};", server.replace("# brotli_static on;", "brotli_static on;")
    with _running(folder, modules, server):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def page_and_relays_behind_nginx(site: Path, ports: tuple[int, int], folder: Path) -> Iterator[str]:
    """A page, and the relays at these ports, at one address, as the examples say that it is done; `host:port`."""
    place = "    # Relays at the page's own address: what is in `server` of relay.nginx.conf, but for `listen`."
    port, page = free_port(), (HERE.root / "docs" / "nginx.conf").read_text()
    before, _, server = _relays(ports).partition("server {\n    listen 8080;\n")
    page = changed(page, {place: server.rstrip().removesuffix("}"), "root /srv/flowglow/dist;": f"root {site};"})
    with _running(folder, "", before + changed(page, {"listen 8080;": f"listen 127.0.0.1:{port};"})):
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def relays_behind_nginx(ports: tuple[int, int], folder: Path) -> Iterator[str]:
    """The relays at these ports behind docs/relay.nginx.conf as it is written, but for its ports; `host:port`."""
    port = free_port()
    with _running(folder, "", changed(_relays(ports), {"listen 8080;": f"listen 127.0.0.1:{port};"})):
        yield f"127.0.0.1:{port}"


def _relays(ports: tuple[int, int]) -> str:
    """docs/relay.nginx.conf for relays at these ports."""
    relays = {f"127.0.0.1:{8001 + place} ": f"127.0.0.1:{each} " for place, each in enumerate(ports)}
    return changed((HERE.root / "docs" / "relay.nginx.conf").read_text(), relays)


def changed(text: str, others: dict[str, str]) -> str:
    """The text with other words; each of those that are replaced stands in it once."""
    for old, new in others.items():
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times, not once"
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def _running(folder: Path, modules: str, server: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(AROUND.format(modules=modules, user=user, folder=folder, server=server))
    process = subprocess.Popen([nginx(), "-c", config, "-e", folder / "error.log"], cwd=folder)
    try:
        _wait(process, folder)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while not (folder / "nginx.pid").exists():
        log = folder / "error.log"
        said = log.read_text() if log.exists() else ""
        assert process.poll() is None and time.monotonic() < until, f"nginx did not start: {said}"
        time.sleep(0.05)
