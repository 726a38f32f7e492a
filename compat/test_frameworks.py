"""The page in portals of other frameworks, each in an environment of its own, as docs/embedding.md has it."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from setup.place import HERE

from .environments import environment, running_apart

DOCS = HERE.root / "docs" / "embedding.md"
NEEDS = {"FastAPI": ["fastapi"], "Starlette": ["starlette"], "Django": ["django"]}
"""What each example needs beside flowglow, which brings a server along."""
SERVE = """
import socket, uvicorn
from portal import app
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
"""


def example(name: str) -> str:
    """The portal of that framework, as the docs have it."""
    found = re.search(rf"^# {name}: portal\.py\n(.*?)^```$", DOCS.read_text(), re.M | re.S)
    assert found, f"docs/embedding.md has no example that begins with `# {name}: portal.py`"
    return found[1]


@pytest.mark.parametrize("name", NEEDS)
def test_the_example_of_the_docs_serves_the_page(name: str, wheel: Path, tmp_path: Path) -> None:
    """Below /runs, with its policy; the address without a slash leads there; the portal's own pages stay."""
    python = environment(tmp_path / "venv", wheel, *NEEDS[name])
    (tmp_path / "portal.py").write_text(example(name))
    (tmp_path / "serve.py").write_text(SERVE)
    with running_apart([python, "serve.py"], tmp_path) as address:
        with urllib.request.urlopen(f"{address}/runs?flow=nightly", timeout=30) as answer:
            assert answer.url == f"{address}/runs/?flow=nightly"
            assert "wss://portal.example" in answer.headers["content-security-policy"]
            document = answer.read().decode()
        for file in re.findall(r'(?:href|src|config)="\./([^"]+)"', document):
            with urllib.request.urlopen(f"{address}/runs/{file}", timeout=30) as answer:
                assert "immutable" in answer.headers["cache-control"], file
        with urllib.request.urlopen(f"{address}/", timeout=30) as answer:
            assert answer.read() == b"our portal"
