"""The parts under load, each a process of its own: Redis, relays, plain fan-out, nginx. What they use is measured."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.site import ROOT

from .script import FLOW

READY_S = 30.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class CannotScale(Exception):
    """A part that is needed is not on this machine; `str()` says which, and how to get it."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens there."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode} before it listened.")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"Nobody listens on port {port}.")


@dataclass
class Part:
    """One process that is started, measured, killed and started again."""

    name: str
    command: list[str]
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    spent: list[float] = field(default_factory=list)
    """CPU seconds of processes that are gone."""

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        """End it, and what it started; waits until it is gone."""
        if self.process is None:
            return
        self.spent.append(self.cpu_s())
        self.process.send_signal(with_signal)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(15)
        self.process = None

    def pids(self) -> list[int]:
        """The process and its children."""
        if self.process is None:
            return []
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *(map(int, children.read_text().split()) if children.exists() else [])]

    def cpu_s(self) -> float:
        """CPU seconds used so far, by the system's count."""
        total = 0
        for pid in self.pids():
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
        return total / TICKS_PER_S

    def memory(self) -> int:
        """Bytes in memory."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES for pid in self.pids())


def redis_part(folder: Path, sync: str = "everysec") -> Part:
    """`sync` is `always` where a Redis that is killed must have all that it took: `everysec` may lack the last."""
    if shutil.which("redis-server") is None:
        raise CannotScale("There is no redis-server. On Debian: apt-get install redis-server.")
    port = free_port()
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    return Part("redis", [*words, "--appendonly", "yes", "--appendfsync", sync], port, folder)


def relay_part(number: int, log: str, folder: Path) -> Part:
    port = free_port()
    flows = folder / "flow.json"
    flows.write_text(json.dumps([FLOW]))
    words = [sys.executable, "-m", "flowglow", "relay", "--log", log, "--port", str(port), "--key", "scale"]
    words += ["--flows", str(flows), "--log-level", "warning"]
    return Part(f"relay{number}", words, port, folder)


def plain_part(number: int, redis_url: str, folder: Path) -> Part:
    """Fan-out over Redis pub/sub, and nothing else: no numbers, no keeping."""
    port = free_port()
    return Part(f"plain{number}", [sys.executable, "-m", "bench.scale.plain", redis_url, str(port)], port, folder)


def nginx_part(behind: list[Part], folder: Path) -> Part:
    if shutil.which("nginx") is None:
        raise CannotScale("There is no nginx. On Debian: apt-get install nginx-light.")
    port = free_port()
    servers = "\n".join(f"server 127.0.0.1:{each.port} max_fails=0;" for each in behind)
    config = folder / f"nginx-{port}.conf"
    config.write_text(f"""
        worker_processes 1; daemon off; pid {folder}/nginx-{port}.pid; error_log {folder}/nginx.log;
        events {{ worker_connections 16384; }}
        http {{
          access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
          fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
          upstream relays {{ least_conn; {servers} }}
          server {{
            listen 127.0.0.1:{port} backlog=4096;
            location / {{
              proxy_pass http://relays; proxy_http_version 1.1; proxy_read_timeout 60s; proxy_buffering off;
              proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
              proxy_set_header Host $http_host; proxy_next_upstream error timeout http_502; proxy_connect_timeout 2s;
            }}
          }}
        }}""")
    return Part("nginx", ["nginx", "-p", str(folder), "-c", str(config)], port, folder)


@dataclass
class Stage:
    """All parts, started; `front` is where watchers connect."""

    redis: Part
    relays: list[Part]
    front: Part

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis.port}/0"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.front.port}/ws"


@contextmanager
def stage(relays: int, *, plain: bool = False, sync: str = "everysec") -> Iterator[Stage]:
    """Redis, so many relays (or plain fan-outs) and nginx before them; all ended afterwards."""
    with TemporaryDirectory(prefix="flowglow-scale-") as made, ExitStack() as open_parts:
        folder = Path(made)
        folder.chmod(0o755)
        redis = redis_part(folder, sync)
        url = f"redis://127.0.0.1:{redis.port}/0"
        make = plain_part if plain else relay_part
        behind = [make(number, url, folder) for number in range(relays)]
        if not plain:
            for each in behind:
                each.command += ["--origin", "*"]  # the real pages are served from elsewhere
        front = nginx_part(behind, folder)
        for part in (redis, *behind, front):
            part.start()
            open_parts.callback(part.stop)
        yield Stage(redis, behind, front)
