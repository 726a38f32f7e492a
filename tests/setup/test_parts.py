from __future__ import annotations

import json
from pathlib import Path

from setup.manifest import integrity_of
from setup.parts import NAME, UNCHECKED, write_parts


def test_what_pyodide_does_not_check_has_its_hash(tmp_path: Path) -> None:
    for name in UNCHECKED:
        (tmp_path / name).write_bytes(name.encode())
    write_parts(tmp_path)
    content = json.loads((tmp_path / NAME).read_text().removeprefix("export default ").rstrip(";\n"))
    files = {name: {"file": name, "integrity": integrity_of(name.encode())} for name in UNCHECKED}
    assert content == {"files": files}
