"""Agno of each version that is kept up with: an environment for it, made once, and a real AgentOS in it."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from e2e.site import ROOT

from .environments import environment, running_apart

VERSIONS = {"2.2": "2.2.13", "2.9": "2.9.0", "3.1": "3.1.10"}
BESIDE = ("fastapi", "uvicorn", "websockets", "httpx", "pydantic", "starlette", "python-multipart")
"""What an AgentOS needs beside agno, in the versions that are installed here."""
NAMES = """
import json
from agno.run.agent import RunEvent
from agno.run.team import TeamRunEvent
from agno.run.workflow import WorkflowRunEvent
print(json.dumps([each.value for kind in (RunEvent, TeamRunEvent, WorkflowRunEvent) for each in kind]))
"""


def agno_python(name: str) -> Path:
    """The Python of the environment in `.venv/compat-agno-…`; filled again when what it needs has changed."""
    wanted = [f"agno=={VERSIONS[name]}", *(f"{each}=={version(each)}" for each in BESIDE)]
    folder = ROOT / ".venv" / f"compat-agno-{name}"
    done = folder / "wanted.json"
    if not done.exists() or json.loads(done.read_text()) != wanted:
        environment(folder, *wanted)
        done.write_text(json.dumps(wanted))
    return folder / "bin" / "python"


def event_names(name: str) -> set[str]:
    """Every event of this version, by its own word."""
    said = subprocess.run([agno_python(name), "-c", NAMES], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(said.stdout.splitlines()[-1]))


def record(name: str, folder: Path) -> Path:
    """What an AgentOS of this version streams of every shape, now."""
    command: list[str | Path] = [agno_python(name), "-m", "devserver.record_shapes", folder]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300, capture_output=True)
    return folder / name


@contextlib.contextmanager
def page_and_agentos(name: str) -> Iterator[str]:
    """The address of the page, beside an AgentOS of this version."""
    with running_apart([agno_python(name), "-m", "devserver.agno_os", "--page"], ROOT) as url:
        yield url
