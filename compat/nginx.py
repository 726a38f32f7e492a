"""A real nginx with docs/nginx.conf, on a port of its own. Installed from Debian where it is not there."""

from __future__ import annotations

import contextlib
import os
import re
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
    port, text = free_port(), (HERE.root / "docs" / "nginx.conf").read_text()
    server, count = re.subn(r"listen 8080;", f"listen 127.0.0.1:{port};", text)
    server, roots = re.subn(r"root /srv/flowglow/dist;", f"root {site};", server)
    assert (count, roots) == (1, 1), "docs/nginx.conf has another port or folder than this test knows"
    modules = ""
    if BROTLI.exists():
        modules, server = f"load_module {BROTLI};", server.replace("# brotli_static on;", "brotli_static on;")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(
        AROUND.format(modules=modules, user="user root;" if os.geteuid() == 0 else "", folder=folder, server=server)
    )
    process = subprocess.Popen([nginx(), "-c", config, "-e", folder / "error.log"], cwd=folder)
    try:
        _wait(process, folder)
        yield f"http://127.0.0.1:{port}"
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
