"""Run in Pyodide when its memory is pictured: what the page's Python has imported and compiled when it starts.

`sources`: PyScript's Python files, a JSON tree. `names`: the modules to import, a JSON list.
"""
# mypy: ignore-errors
# ruff: noqa: F821

import ast
import gc
import importlib
import json
import sys
from importlib.machinery import SourceFileLoader

HOME = "/home/pyodide"
LAZY = ("_colorize", "ast", "inspect", "linecache", "locale", "textwrap", "tokenize", "traceback", "unicodedata")
"""What Python imports by itself once something fails; the library may not be there yet."""


def files(tree, path):
    for name, inner in tree.items():
        if isinstance(inner, str):
            yield f"{path}/{name}", inner.encode()
        else:
            yield from files(inner, f"{path}/{name}")


def keep_compiled(sources):
    """PyScript writes its Python files at each start; as long as they are these, they are not compiled again."""
    kept = {(path, source): compile(source, path, "exec", dont_inherit=True) for path, source in sources}
    compile_anew = SourceFileLoader.source_to_code

    def source_to_code(self, data, path, **options):
        return kept.get((path, bytes(data))) or compile_anew(self, data, path, **options)

    SourceFileLoader.source_to_code = source_to_code


def imported(source):
    """The modules of the standard library that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found = [node.module]
        else:
            continue
        yield from (name for name in found if name.partition(".")[0] in sys.stdlib_module_names)


def fill():
    pyscript = list(files(json.loads(sources), HOME))
    keep_compiled(pyscript)
    wanted = {name for path, source in pyscript if path.endswith(".py") for name in imported(source)}
    for name in [*LAZY, *sorted(wanted), *json.loads(names)]:
        try:
            importlib.import_module(name)
        except ImportError:
            if name not in wanted:  # PyScript asks for some that Pyodide lacks
                raise
    from pydantic import BaseModel

    warm = type("Warm", (BaseModel,), {"__annotations__": {"n": int, "s": "list[str] | None"}, "s": None})
    warm.model_validate_json('{"n": 1}')
    sys.path.remove("")  # put there by Pyodide, at each start
    sys.path_importer_cache.pop(HOME, None)
    importlib.invalidate_caches()
    gc.collect()


fill()
