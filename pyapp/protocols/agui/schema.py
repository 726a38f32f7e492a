"""Schema: the JSON Schema of an answer without its detours: each property says of itself what it is and may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json
from .fields import listed, objects

MAX_STEPS = 20
"""References and choices that are followed for one property: what goes round in a circle ends here."""
CHOICES = ("anyOf", "oneOf", "allOf")


def flat(schema: Any) -> Json:
    """A schema and its properties, each as what it refers to, or as the one thing beside `null` that it may be."""
    root = schema if isinstance(schema, Mapping) else {}
    plain = _plain(root, root)
    if isinstance(plain.get("properties"), Mapping):
        plain["properties"] = {name: _plain(each, root) for name, each in plain["properties"].items()}
    return plain


def _plain(schema: Any, root: Mapping[str, Any], *, item: bool = False) -> Json:
    """What stands beside a reference or a choice goes before what it leads to."""
    plain: Json = dict(schema) if isinstance(schema, Mapping) else {}
    for _ in range(MAX_STEPS):
        key, found = _detour(plain, root)
        if key is None:
            break
        plain = {**found, **{name: each for name, each in plain.items() if name != key}}
    types = [each for each in listed(plain.get("type")) if each != "null"]
    plain |= {"type": types[0]} if len(types) == 1 else {}
    branches = [each for key in CHOICES for each in objects(plain.get(key)) if each.get("type") != "null"]
    consts = [each for each in ([plain] if "const" in plain else branches) if "const" in each]
    if plain.get("type") == "array" and not item:
        plain["enum"] = _plain(plain.get("items"), root, item=True).get("enum")
    elif consts and ("const" in plain or consts == branches):
        plain["enum"] = [{**each, "value": each["const"]} for each in consts]
    return plain


def _detour(schema: Json, root: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """The key behind which a schema says what it is, and what is there."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        found: Any = root
        for name in reference[2:].split("/"):
            found = found.get(name.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
        return ("$ref", found) if isinstance(found, Mapping) else (None, {})
    for key in CHOICES:
        branches = [each for each in objects(schema.get(key)) if each.get("type") != "null"]
        if len(branches) == 1:
            return key, branches[0]
    return None, {}
