"""What is said before Python can say it: the words under `boot.` of the page's catalogue, as a JavaScript module."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from .machine import SetupError
from .place import HERE

NAME = "web/js/boot_words.mjs"
PREFIX = "boot."
HEAD = "// Made by `make setup` of what pyapp/locale has under `boot.`: the page's words until Python has them.\n"


def boot_words(root: Path = HERE.root) -> str:
    """The module's text: the words of each language, without the prefix. Runs nothing of the catalogue."""
    tables = {path.stem: _under(PREFIX, _table(path)) for path in sorted((root / "pyapp/locale").glob("??.py"))}
    return f"{HEAD}export const WORDS = {json.dumps(tables, ensure_ascii=False, indent=2)};\n"


def _table(path: Path) -> dict[str, str]:
    """The one table of a language's file."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            return dict(ast.literal_eval(statement.value))
    raise SetupError(f"{path.name} has no table of words: `WORDS: dict[str, str] = {{…}}`.")


def _under(prefix: str, words: dict[str, str]) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in words.items() if key.startswith(prefix)}
