"""The examples of docs/: what they start is what the command takes, and each program that is here takes its file."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flowglow.commands import relay
from flowglow.relay.app import create_relay
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.server import RelayServer
from flowglow.relay.settings import DEFAULT

DOCS = Path(__file__).resolve().parents[3] / "docs"
UNIT, COMPOSE, NGINX = (
    (DOCS / name).read_text() for name in ("relay.service", "relay.compose.yml", "relay.nginx.conf")
)


def options(text: str) -> argparse.Namespace:
    """What the command would be given. It ends the test, with its words, for what it does not know."""
    parser = argparse.ArgumentParser()
    relay.describe(parser)
    command = re.search(r"python -m flowglow relay ([^\"]*?)(?:\"|\n\S|\nWork|\n    env)", text)
    assert command is not None
    return parser.parse_args(shlex.split(command[1].replace("%i", "8001")))


def test_the_unit_starts_a_relay_that_has_time_to_stop() -> None:
    assert options(UNIT).log.startswith("redis://") and options(UNIT).port == 8001
    assert options(UNIT).names == ["portal.example"]  # nginx passes the name on by which people come
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.M)
    assert stop is not None and int(stop[1]) > 2 * DEFAULT.spread_s


def test_the_compose_file_starts_relays_where_nginx_looks_for_them() -> None:
    started = options(COMPOSE)
    assert (started.host, started.port, started.log) == ("0.0.0.0", 8001, "redis://redis:6379/0")
    edits = re.findall(r"s/([^/]+)/([^/]+)/", COMPOSE)
    assert [new for _, new in edits] == ["relay1:8001", "relay2:8001"]
    assert all(NGINX.count(f"server {old} ") == 1 for old, _ in edits)


def test_a_relay_keeps_a_quiet_connection_for_longer_than_nginx() -> None:
    """Else nginx sends a call into one that is just being closed, which is a 502 for what may not be sent twice."""
    kept = re.search(r"^upstream [^}]*^    keepalive_timeout (\d+)s;$", NGINX, re.M)
    server = RelayServer(create_relay(MemoryLog()), "http://127.0.0.1:8001")
    assert kept is not None and server.config.timeout_keep_alive > int(kept[1])


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed here; on Debian: apt-get install systemd.")
    unit = tmp_path / "flowglow-relay@8001.service"
    unit.write_text(UNIT.replace("/srv/flowglow/.venv/bin/python", sys.executable))
    done = subprocess.run(
        [analyze, "verify", "--man=no", unit], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "flowglow" in line]
    assert done.returncode == 0 and ours == [], done.stderr
