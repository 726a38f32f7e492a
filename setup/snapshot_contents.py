"""Run in Pyodide when its memory is pictured: what the page's Python has imported and compiled when it starts.

`sources`: PyScript's Python files, a JSON tree. `names`: the modules to import, a JSON list. `may_change`: the page has
the files of these modules, too, and they may be other ones than now.
"""
# mypy: ignore-errors
# ruff: noqa: F821

import ast
import contextlib
import gc
import importlib
import inspect
import itertools
import json
import opcode
import pkgutil
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

HOME = "/home/pyodide"
OURS = "pyapp"
HAS_DOCSTRING = inspect.CO_HAS_DOCSTRING
LOAD_CONST = opcode.opmap["LOAD_CONST"]
LAZY = ("_colorize", "ast", "inspect", "linecache", "locale", "textwrap", "tokenize", "traceback", "unicodedata")
"""What Python imports by itself once something fails; the library may not be there yet."""


def files(tree, path):
    for name, inner in tree.items():
        if isinstance(inner, str):
            yield f"{path}/{name}", inner.encode()
        else:
            yield from files(inner, f"{path}/{name}")


def keep_compiled(sources):
    """The page writes these Python files at each start; as long as they are the same, they are not compiled again."""
    kept = {(path, source): compile(source, path, "exec", dont_inherit=True) for path, source in sources}
    compile_anew = SourceFileLoader.source_to_code

    def source_to_code(self, data, path, **options):
        return kept.get((path, bytes(data))) or compile_anew(self, data, path, **options)

    SourceFileLoader.source_to_code = source_to_code


def forget_unread():
    """Nobody in the page reads docstrings, nor what functions say of the types that they take and give."""
    for each in gc.get_objects():
        with contextlib.suppress(AttributeError, TypeError):  # what is built in keeps its own
            if isinstance(each, FunctionType):
                each.__code__, each.__doc__ = without_docstring(each.__code__), None
                each.__annotate__ = None
            elif isinstance(each, type | ModuleType) and each.__doc__:
                each.__doc__ = None


def without_docstring(code):
    """The same code, and that of the functions in it; a text that the code itself uses stays."""
    consts = [without_docstring(each) if isinstance(each, CodeType) else each for each in code.co_consts]
    flags = code.co_flags
    if flags & HAS_DOCSTRING and bytes([LOAD_CONST, 0]) not in map(bytes, itertools.batched(code.co_code, 2)):
        consts[0], flags = None, flags & ~HAS_DOCSTRING
    return code.replace(co_consts=tuple(consts), co_flags=flags, co_linetable=linetable(code))


def linetable(code):
    """Where each instruction stands is told of our own code; of others the function's first line must do."""
    if f"/{OURS}/" in code.co_filename:
        return code.co_linetable
    whole, rest = divmod(len(code.co_code) // 2, 8)
    return b"\xef\x00" * whole + (bytes([0xE8 + rest - 1, 0]) if rest else b"")


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


def own_sources():
    """Our own files as they are in the page now."""
    return {str(path): path.read_bytes() for path in Path(HOME, OURS).rglob("*.py")}


class OwnModules:
    """Holds our own modules back. The first import gets them all, as they are, if their files are what they were when
    the picture was taken, no more and no fewer; else each is imported anew."""

    def __init__(self, sources):
        self.sources = sources
        self.modules = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == OURS}

    def find_spec(self, name, path, target=None):
        if name != OURS or not self.modules:
            return None
        modules, self.modules = self.modules, {}
        if own_sources() != self.sources:
            return None
        self.package = modules[OURS]
        sys.modules.update(modules)
        spec = ModuleSpec(OURS, self, origin=self.package.__file__, is_package=True)
        spec.submodule_search_locations = self.package.__path__
        return spec

    def create_module(self, spec):
        return self.package

    def exec_module(self, module):
        """It has run."""


def import_all(package):
    """Whatever of an installed package can be imported: its files are not in the picture."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=lambda name: None):
        with contextlib.suppress(Exception):
            importlib.import_module(found.name)


def fill():
    pyscript = list(files(json.loads(sources), HOME))
    own = own_sources() if may_change else {}
    keep_compiled([*pyscript, *own.items()])
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
    if may_change:
        import pydantic

        import_all(pydantic)
        sys.meta_path.insert(0, OwnModules(own))
    sys.path.remove("")  # put there by Pyodide, at each start
    sys.path_importer_cache.pop(HOME, None)
    importlib.invalidate_caches()
    forget_unread()
    gc.collect()
    gc.freeze()  # the page need not look through all this while it boots


fill()
