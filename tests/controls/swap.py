"""A guard taken out in memory: functions that are there get the code that their file would give them without it."""

from __future__ import annotations

import gc
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import InspectLoader
from types import CodeType, FunctionType, ModuleType

OF_A_FUNCTION = 0x1 | 0x2
"""What sets apart the code of a function from that of a class's body: fast locals, and new ones for each call."""
APART = (
    "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_argcount",
    "co_posonlyargcount", "co_kwonlyargcount", "co_exceptiontable", "co_qualname",
)  # fmt: skip
"""What makes code other code; lines do not."""

Place = tuple[str, str, int]
"""A file, a qualified name in it, and a line."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What is there of a folder: functions by where they are written, and modules by their files."""

    functions: Mapping[Place, Sequence[FunctionType]]
    modules: Mapping[str, ModuleType]


class CannotSwap(Exception):
    """More changes than what functions do when they are called, or it cannot be said which functions."""


def imported_from(folder: str) -> Imported:
    """Searches all objects of this process."""
    functions: dict[Place, list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename.startswith(folder + os.sep):
            functions[_place(each.__code__)].append(each)
    modules = {getattr(each, "__file__", None): each for each in list(sys.modules.values())}
    return Imported(
        functions, {file: each for file, each in modules.items() if file and file.startswith(folder + os.sep)}
    )


def take_out(file: str, guard: str, without: str, imported: Imported) -> None:
    """From each function of that file that has the guard, in this process; none is changed where one cannot be."""
    old = _code_of(imported.modules.get(file))
    if old is None:
        raise CannotSwap(f"{file} is not imported")
    with open(file, encoding="utf-8") as source:
        text = source.read()
    new = compile(text.replace(guard, without), file, "exec", dont_inherit=True)
    swapped: list[tuple[FunctionType, CodeType]] = []
    for before, after in _changed(old, new):
        live = _live(before, imported)
        if not live:
            raise CannotSwap(f"no function is {before.co_qualname}")
        swapped += [(each, after) for each in live]
        swapped += _made_within(before, after, imported)
    if not swapped:
        raise CannotSwap("no function is another")
    for function, code in swapped:
        function.__code__ = code


def _code_of(module: ModuleType | None) -> CodeType | None:
    """As it was read when it was imported."""
    loader = module and module.__spec__ and module.__spec__.loader
    return loader.get_code(module.__name__) if module and isinstance(loader, InspectLoader) else None


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The outermost functions that differ, where modules and the bodies of classes are the same but for these."""
    if not _alike(old, new):
        raise CannotSwap(f"{old.co_qualname} is not a function")
    for before, after in zip(old.co_consts, new.co_consts, strict=True):
        if not isinstance(before, CodeType) or _same(before, after):
            continue
        if before.co_flags & after.co_flags & OF_A_FUNCTION != OF_A_FUNCTION:
            yield from _changed(before, after)
        elif before.co_freevars != after.co_freevars:
            raise CannotSwap(f"{before.co_qualname} closes over other names")
        else:
            yield before, after


def _made_within(old: CodeType, new: CodeType, imported: Imported) -> Iterator[tuple[FunctionType, CodeType]]:
    """What such a function has made already, as a decorator does when it is imported."""
    after = list(_within(new))
    for before in _within(old):
        live = _live(before, imported)
        if not live:
            continue
        others = [each for each in after if each.co_qualname == before.co_qualname]
        if len(others) != 1 or others[0].co_freevars != before.co_freevars:
            raise CannotSwap(f"{before.co_qualname} is there, and nothing says what it would be")
        yield from ((each, others[0]) for each in live)


def _within(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _within(each)


def _live(code: CodeType, imported: Imported) -> list[FunctionType]:
    there = imported.functions.get(_place(code), ())
    live = [each for each in there if _same(each.__code__, code)]
    if len(live) != len(there):
        raise CannotSwap(f"several functions are {code.co_qualname} in one line")
    return live


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _same(one: CodeType, other: CodeType) -> bool:
    """In all that happens, whatever the lines."""
    return _alike(one, other) and all(
        _same(mine, its) for mine, its in zip(one.co_consts, other.co_consts, strict=True) if isinstance(mine, CodeType)
    )


def _alike(one: CodeType, other: CodeType) -> bool:
    """The same but for what functions and classes within do."""
    return (
        all(getattr(one, name) == getattr(other, name) for name in APART)
        and len(one.co_consts) == len(other.co_consts)
        and all(map(_alike_constant, one.co_consts, other.co_consts))
    )


def _alike_constant(one: object, other: object) -> bool:
    """0.0 is not -0.0, nor 1 True, wherever they stand: their words tell. Those of a set have no order."""
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        return one.co_qualname == other.co_qualname
    return type(one) is type(other) and (one == other if isinstance(one, frozenset) else repr(one) == repr(other))
