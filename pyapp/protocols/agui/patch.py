"""JSON Patch (RFC 6902): a document with changes applied, all of them or none. Pure.

What was given is never changed: only what lies on the way to a change is made anew, once for all changes of a patch;
the rest is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .draft import Draft

MAX_CHANGES = 10_000
"""Of one patch."""
MAX_PATH = 100
"""Parts of one path."""
MAX_VALUES = 200_000
"""In a document that copies grew: a value that is copied into itself doubles."""
MAX_DEPTH = 300
MAX_WORK = 1_000_000
"""Values that are counted for one patch: it takes no longer, whatever it says."""


class PatchError(ValueError):
    """A patch does not fit its document: which change, and why."""


def apply(document: Any, changes: Iterable[Any]) -> Any:
    """The document after the changes, in order. Raises PatchError at the first that does not fit."""
    changes = list(changes)
    if len(changes) > MAX_CHANGES:
        raise PatchError(f"The patch has {len(changes)} changes; at most {MAX_CHANGES} are applied.")
    draft, work = Draft(), 0
    for number, change in enumerate(changes):
        name = change.get("op") if isinstance(change, Mapping) else None
        operation = _OPERATIONS.get(name) if isinstance(name, str) else None
        if operation is None:
            raise PatchError(f"Change {number} is no operation of JSON Patch.")
        try:
            document = operation(draft, document, change)
            if name in ("copy", "move"):
                work += _size(document)
                if work > MAX_WORK:
                    raise ValueError("the patch moves and copies too much")
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise PatchError(f"Change {number} ({name} {change.get('path')!r}): {error}.") from error
    return document


def _add(draft: Draft, document: Any, change: Mapping[str, Any]) -> Any:
    return _with(draft, document, _path(change["path"]), change["value"])


def _remove(draft: Draft, document: Any, change: Mapping[str, Any]) -> Any:
    return _without(draft, document, _path(change["path"]))


def _replace(draft: Draft, document: Any, change: Mapping[str, Any]) -> Any:
    path, value = _path(change["path"]), change["value"]
    _read(document, path)
    return _edit(draft, document, path, lambda around, key: around.__setitem__(key, value)) if path else value


def _move(draft: Draft, document: Any, change: Mapping[str, Any]) -> Any:
    origin, target = _path(change["from"]), _path(change["path"])
    value = _read(document, origin)
    if target == origin:
        return document
    if target[: len(origin)] == origin:
        raise ValueError("nothing moves into itself")
    return _with(draft, _without(draft, document, origin), target, value)


def _copy(draft: Draft, document: Any, change: Mapping[str, Any]) -> Any:
    value = _read(document, _path(change["from"]))
    draft.share()
    return _with(draft, document, _path(change["path"]), value)


def _test(draft: Draft, document: Any, change: Mapping[str, Any]) -> Any:
    if not _same(_read(document, _path(change["path"])), change["value"]):
        raise ValueError("the value there is another one")
    return document


_OPERATIONS: dict[str, Callable[[Draft, Any, Mapping[str, Any]], Any]] = {
    "add": _add, "remove": _remove, "replace": _replace, "move": _move, "copy": _copy, "test": _test,
}  # fmt: skip


# -- places ---------------------------------------------------------------------------------------------
def _path(pointer: Any) -> list[str]:
    """The parts of a JSON Pointer (RFC 6901)."""
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise ValueError(f"{pointer!r} is no JSON Pointer")
    parts = pointer.split("/")[1:]
    if len(parts) > MAX_PATH:
        raise ValueError(f"the path has {len(parts)} parts; at most {MAX_PATH} are followed")
    if any("~" in part.replace("~0", "").replace("~1", "") for part in parts):
        raise ValueError(f"{pointer!r} has a ~ that stands for nothing")
    return [part.replace("~1", "/").replace("~0", "~") for part in parts]


def _read(document: Any, path: list[str]) -> Any:
    for part in path:
        document = document[_key(document, part)]
    return document


def _key(around: Any, part: str, *, new: bool = False) -> Any:
    """The key of what is there by that name; `new`: of what is to be put there."""
    if isinstance(around, list):
        return len(around) if new and part == "-" else _index(part, len(around) + new)
    if not isinstance(around, dict):
        raise TypeError(f"{part!r} is looked for in {type(around).__name__}")
    if not new and part not in around:
        raise KeyError(part)
    return part


def _index(part: str, length: int) -> int:
    """A place in a list: digits without a leading zero."""
    if not (part.isascii() and part.isdigit()) or (len(part) > 1 and part[0] == "0") or len(part) > 9:
        raise ValueError(f"{part!r} is no place in a list")
    if int(part) >= length:
        raise IndexError(f"{part} is behind the end of the list")
    return int(part)


def _edit(draft: Draft, document: Any, path: list[str], edit: Callable[[Any, Any], None], *, new: bool = False) -> Any:
    """The document with the container at the end of a path edited; what is beside the path is shared."""
    part, *rest = path
    key = _key(document, part, new=new and not rest)
    around = draft.own(document)
    if rest:
        around[key] = _edit(draft, around[key], rest, edit, new=new)
    else:
        edit(around, key)
    return around


def _with(draft: Draft, document: Any, path: list[str], value: Any) -> Any:
    def put(around: Any, key: Any) -> None:
        draft.put(around, key, value)

    return _edit(draft, document, path, put, new=True) if path else value


def _without(draft: Draft, document: Any, path: list[str]) -> Any:
    if not path:
        raise ValueError("the document itself cannot be taken away")
    return _edit(draft, document, path, draft.take)


def _size(document: Any) -> int:
    """How many values there are; raises ValueError beyond the bounds."""
    level, count = [document], 0
    for _ in range(MAX_DEPTH):
        inside: list[Any] = []
        for around in level:
            if isinstance(around, dict | list):
                inside.extend(around.values() if isinstance(around, dict) else around)
            if count + len(inside) > MAX_VALUES:
                raise ValueError(f"the document would have more than {MAX_VALUES} values")
        if not inside:
            return count + 1
        level, count = inside, count + len(inside)
    raise ValueError(f"the document would be nested more than {MAX_DEPTH} deep")


def _same(one: Any, other: Any, depth: int = 0) -> bool:
    """Equal as JSON: true is no 1."""
    if depth > MAX_DEPTH:
        raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b, depth + 1) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key], depth + 1) for key in one)
    return bool(one == other)
