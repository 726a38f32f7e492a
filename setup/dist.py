"""`make dist`: what a portal deploys, in dist/. Made beside its place, and moved there when it is complete."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from .archive import packed
from .built import FOLDER, built_text
from .machine import Machine
from .manifest import integrity_of
from .package import make_wheel
from .parts import NAME, UNCHECKED, parts_text
from .place import Place
from .shelf import Shelf
from .site import config_text, csp, page_text, portal_of, python_files
from .snapshot import Snapshot, module_names, take_snapshot
from .twins import write_twins
from .wheels import job, repack

PYODIDE = "web/vendor/pyodide"
HOME = "/home/pyodide/"
LOCK = f"{PYODIDE}/pyodide-lock.json"
BUNDLE, MEMORY, LIBRARY = "app.zip", f"{PYODIDE}/python.snap", f"{PYODIDE}/pydantic_core.wasm"
KINDS = (".js", ".mjs", ".svg", ".wasm", ".whl", ".zip")
BY_NAME = ("web/embed.js", "web/embed.d.ts")
"""Portals name these in their own pages: the name stays, and each load asks."""
LEFT_OUT = (
    "web/vendor/testing/",
    "web/vendor/pyscript/python/",
    f"{PYODIDE}/{NAME}",
    f"{FOLDER}/",
    "web/node_modules/",
)
ADDRESS = re.compile(r'(href|src|config)="\./([^"]+)"')
FIRST_SCRIPT = '    <script type="module"'


def make_dist(place: Place, machine: Machine) -> None:
    """Build dist/, and the wheel that has it in it."""
    build(place, machine, place.root / "dist")
    make_wheel(place, machine)


def build(
    place: Place, machine: Machine, target: Path, *, portal: dict[str, Any] | None = None, twins: bool = True
) -> None:
    """Build the tree at `place` into the folder `target`; `portal` goes over what pyscript.toml says."""
    work = target.with_name(f"{target.name}-new")
    shutil.rmtree(work, ignore_errors=True)
    modules = python_files(place.root)
    app = _compiled(place, machine, modules, work)
    snapshot = take_snapshot(place, machine, work, app, module_names(modules))
    shelf = Shelf(work / "site")
    _put_files(shelf, place, app, snapshot)
    _put_page(shelf, place.root, portal or {})
    (shelf.root / "manifest.json").write_text(shelf.manifest())
    if twins:
        machine.say("packing every file for the way: zstd, brotli, gzip (a minute, the first time)")
        write_twins(place, machine, shelf.root)
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(shelf.root, target)
    shutil.rmtree(work)
    machine.say(f"{target.name}/ is complete; docs/embedding.md says how to serve it")


def _compiled(place: Place, machine: Machine, modules: list[str], work: Path) -> Path:
    """Our own Python as byte code, in one archive."""
    sources = work / "sources" / BUNDLE
    sources.parent.mkdir(parents=True)
    sources.write_bytes(packed(place.root, modules))
    repack(place, machine, place.vendor / "pyodide", [job(sources, work, HOME)])
    return work / BUNDLE


def _put_files(shelf: Shelf, place: Place, app: Path, snapshot: Snapshot) -> None:
    """All but the page itself; those that name others after them."""
    for path in sorted(place.web.rglob("*"), key=lambda path: (path.suffix == ".css", path)):
        name = path.relative_to(place.root).as_posix()
        if path.suffix == ".css" and not name.startswith(LEFT_OUT):
            shelf.put_style(name, path.read_bytes())
        elif name in BY_NAME:
            shelf.put_plain(name, path.read_bytes())
        elif path.suffix in KINDS and path.is_file() and not name.startswith(LEFT_OUT):
            shelf.put(name, path.read_bytes())
        elif path.suffix == ".ndjson" or path.name.startswith("LICENSE"):
            shelf.put_plain(name, path.read_bytes())
    shelf.put("pyapp/main.py", (place.root / "pyapp" / "main.py").read_bytes())
    shelf.put(BUNDLE, app.read_bytes())
    shelf.put(MEMORY, snapshot.memory.read_bytes())
    shelf.put(LIBRARY, snapshot.library.read_bytes())
    lock = json.loads((place.root / LOCK).read_text())
    for package in lock["packages"].values():
        package["file_name"] = shelf.names[f"{PYODIDE}/{package['file_name']}"].rpartition("/")[2]
    shelf.put(LOCK, json.dumps(lock).encode())

    files = {name: shelf.part(f"{PYODIDE}/{name}", PYODIDE) for name in (*UNCHECKED, "pyodide-lock.json")}
    picture = {"memory": shelf.part(MEMORY, PYODIDE), "library": shelf.part(LIBRARY, PYODIDE)}
    shelf.put(f"{PYODIDE}/{NAME}", parts_text(files).encode())
    shelf.put(f"{FOLDER}/{NAME}", built_text(snapshot.facts | picture, shelf.part(BUNDLE, PYODIDE)).encode())


def _put_page(shelf: Shelf, root: Path, portal: dict[str, Any]) -> None:
    """pyscript.toml and index.html, which names every other file."""
    shelf.put("pyscript.toml", config_text(root, portal, files="").encode())
    modules = shelf.import_map()
    known = portal_of(root) | portal
    policy = csp(known, loopback=known.get("loopback") is True, inline=integrity_of(modules.encode()))

    def renamed(match: re.Match[str]) -> str:
        name = shelf.names[match[2]]
        checked = f' integrity="{shelf.integrity[name]}"' if name.endswith((".css", ".js", ".mjs")) else ""
        return f'{match[1]}="./{name}"{checked}'

    text = ADDRESS.sub(renamed, page_text(root, policy))
    head = f'    <script type="importmap">{modules}</script>\n{_preloads(shelf)}'
    shelf.put_plain("index.html", text.replace(FIRST_SCRIPT, head + FIRST_SCRIPT, 1).encode())


def _preloads(shelf: Shelf) -> str:
    """What the page imports, in the order in which it is asked for.

    The largest file takes most of the time on a slow line. runtime.mjs asks for it: only the splash comes before that.
    PyScript asks for the page's entry once all is there: by then it is in the browser's cache.
    """
    first = dict.fromkeys([*shelf.reached_from("web/boot.js"), *shelf.reached_from("web/js/runtime.mjs")])
    own = [path for path in shelf.names if path.startswith("web/js/")]
    every = shelf.reached_from("web/vendor/pyscript/core.js", f"{PYODIDE}/pyodide.asm.mjs", *own)
    link = '    <link rel="modulepreload" href="./{}"{}>\n'
    urgent = [link.format(shelf.names[path], "") for path in first]
    others = [link.format(shelf.names[path], ' fetchpriority="low"') for path in every if path not in first]
    entry = f'    <link rel="prefetch" href="./{shelf.names["pyapp/main.py"]}">\n'
    return "".join([*urgent, *others, entry])
