from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyapp.protocols.agui import patch
from pyapp.protocols.agui.patch import PatchError, apply

Json = dict[str, Any]

KEYS = st.sampled_from(["a", "b", "", "0", "1", "-", "~", "/", "m~n", "é"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x", 0.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def pointers(document: Any, at: str = "") -> list[str]:
    """Every place in a document, and one beside each."""
    inside = document.items() if isinstance(document, dict) else enumerate(document) if type(document) is list else ()
    found = [at]
    for key, value in inside:
        found += pointers(value, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return [*found, *(f"{at}/{each}" for each in ("-", "new", "0", "9", "01", "+1"))]


@st.composite
def patched(draw: st.DrawFn) -> tuple[Any, list[Json]]:
    document = draw(VALUES)
    places = st.sampled_from(pointers(document))
    changes = st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]), "path": places, "from": places,
         "value": VALUES}
    )  # fmt: skip
    return document, draw(st.lists(changes, max_size=5))


def same(one: Any, other: Any) -> bool:
    return one is other or (one == other and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


@given(patched())
@settings(max_examples=150)
def test_it_does_what_the_standard_library_of_the_field_does(case: tuple[Any, list[Json]]) -> None:
    """`jsonpatch` is the truth, but for two things in which it is laxer than RFC 6902."""
    jsonpatch = pytest.importorskip("jsonpatch")
    document, changes = case
    before = deepcopy(document)
    try:
        expected = jsonpatch.apply_patch(deepcopy(document), deepcopy(changes))
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError, KeyError, IndexError, ValueError):
        expected = PatchError
    try:
        found = apply(document, changes)
    except PatchError:
        found = PatchError
    assert document == before, "what was given is as it was"
    if found is PatchError and expected is not PatchError:
        assert _is_laxer(changes), (changes, expected)
    else:
        assert same(found, expected), (changes, expected, found)


def _is_laxer(changes: list[Json]) -> bool:
    """It takes the whole document away, moves a value into itself, holds 1 and true for equal, and looks into texts."""
    names = {each["op"] for each in changes}
    return bool(names & {"test", "move"}) or any(each["op"] == "remove" and not each["path"] for each in changes)


@pytest.mark.parametrize(
    ("document", "change", "after"),
    [
        ({"foo": "bar"}, {"op": "add", "path": "/baz", "value": "qux"}, {"foo": "bar", "baz": "qux"}),
        ({"foo": [1, 3]}, {"op": "add", "path": "/foo/1", "value": 2}, {"foo": [1, 2, 3]}),
        ({"foo": [1]}, {"op": "add", "path": "/foo/-", "value": [2]}, {"foo": [1, [2]]}),
        ({"foo": 1}, {"op": "add", "path": "", "value": [7]}, [7]),
        ({"foo": 1, "bar": 2}, {"op": "remove", "path": "/foo"}, {"bar": 2}),
        ({"foo": [1, 2]}, {"op": "remove", "path": "/foo/0"}, {"foo": [2]}),
        ({"foo": 1}, {"op": "replace", "path": "/foo", "value": None}, {"foo": None}),
        (
            {"foo": {"a": 1}, "bar": {}},
            {"op": "move", "from": "/foo/a", "path": "/bar/b"},
            {"foo": {}, "bar": {"b": 1}},
        ),
        ({"foo": [1, 2, 3]}, {"op": "move", "from": "/foo/0", "path": "/foo/2"}, {"foo": [2, 3, 1]}),
        ({"foo": 1}, {"op": "move", "from": "/foo", "path": "/foo"}, {"foo": 1}),
        ({"a": [1]}, {"op": "copy", "from": "/a", "path": "/b"}, {"a": [1], "b": [1]}),
        ({"/": {"~": 1}}, {"op": "replace", "path": "/~1/~0", "value": 2}, {"/": {"~": 2}}),
        ({"a": [1, {"b": True}]}, {"op": "test", "path": "/a", "value": [1, {"b": True}]}, {"a": [1, {"b": True}]}),
    ],
)
def test_operations(document: Any, change: Json, after: Any) -> None:
    before = deepcopy(document)
    assert apply(document, [change]) == after
    assert document == before


@pytest.mark.parametrize(
    ("document", "change"),
    [
        ({}, {"op": "remove", "path": "/a"}), ({}, {"op": "replace", "path": "/a", "value": 1}),
        ({}, {"op": "add", "path": "/a/b", "value": 1}), ([], {"op": "add", "path": "/1", "value": 1}),
        ([1], {"op": "replace", "path": "/-", "value": 1}), ([1], {"op": "remove", "path": "/00"}),
        ([1], {"op": "remove", "path": "/\u0661"}), ("text", {"op": "add", "path": "/0", "value": 1}),
        ({"a": {"b": 1}}, {"op": "move", "from": "/a", "path": "/a/c"}), ({}, {"op": "remove", "path": ""}),
        ({"a": 1}, {"op": "test", "path": "/a", "value": True}), ({"a": 1}, {"op": "test", "path": "/a", "value": 2}),
        ({}, {"op": "add", "path": "a", "value": 1}), ({}, {"op": "add", "path": "/~2", "value": 1}),
        ({}, {"op": "add", "path": "/a"}), ({}, {"op": "add", "value": 1}), ({}, {"op": "fly", "path": "/a"}),
        ({}, {"op": ["add"], "path": "/a"}), ({}, "add"), ({}, {"op": "add", "path": "/a" * 101, "value": 1}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(document: Any, change: Any) -> None:
    """All or nothing: what came before it in the patch is not done either."""
    first: Json = {"op": "add", "path": "", "value": document}
    with pytest.raises(PatchError, match="Change 1"):
        apply({"other": 1}, [first, change])


def test_no_patch_grows_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that is copied into itself doubles; a value that is moved into another is nested deeper."""
    double: list[Json] = [{"op": "copy", "from": "", "path": f"/{number}"} for number in range(64)]
    with pytest.raises(PatchError, match="more than 200000 values"):
        apply({"a": 1}, double)
    with pytest.raises(PatchError, match="at most 10000"):
        apply({}, [{"op": "add", "path": "/a", "value": 1}] * 10_001)
    monkeypatch.setattr(patch, "MAX_WORK", 100)
    with pytest.raises(PatchError, match="too much"):
        apply({"a": [1] * 40}, [{"op": "move", "from": "/a/0", "path": "/a/1"}] * 3)


class Counted(dict[str, Any]):
    """Knows how often it, and what was made of it, was copied."""

    copies = 0

    def copy(self) -> Counted:
        Counted.copies += 1
        return Counted(self)


def test_of_one_patch_each_container_is_made_anew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy for each change would take minutes: ten thousand changes of a state of a hundred thousand values."""
    monkeypatch.setattr(Counted, "copies", 0)
    inner = Counted({f"k{number}": number for number in range(100)})
    document = Counted({"in": inner})
    changes = [{"op": "replace", "path": f"/in/k{number}", "value": -1} for number in range(100)]
    assert set(apply(document, changes)["in"].values()) == {-1}
    assert (Counted.copies, inner["k1"]) == (2, 1)


def test_what_was_copied_is_changed_in_one_place_alone() -> None:
    """Also where the patch has made it itself, and where it is copied into itself."""
    changes: list[Json] = [
        {"op": "add", "path": "/a/x", "value": 1},
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "replace", "path": "/a/x", "value": 2},
        {"op": "copy", "from": "", "path": "/c"},
        {"op": "add", "path": "/c/b/x", "value": 3},
    ]
    assert apply({"a": {}}, changes) == {"a": {"x": 2}, "b": {"x": 1}, "c": {"a": {"x": 2}, "b": {"x": 3}}}


def test_no_patch_nests_without_bounds() -> None:
    deep: Any = {}
    for _ in range(90):
        deep = {"a": deep}
    path = "/a" * 90
    changes = [
        each
        for _ in range(5)
        for each in ({"op": "add", "path": "/b", "value": deep}, {"op": "move", "from": "/a", "path": f"/b{path}/a"},
                     {"op": "move", "from": "/b", "path": "/a"})
    ]  # fmt: skip
    with pytest.raises(PatchError, match="nested more than"):
        apply({"a": deep}, changes)
    nested: Any = 1
    for _ in range(400):
        nested = [nested]
    with pytest.raises(PatchError, match="deep"):
        apply(nested, [{"op": "test", "path": "", "value": nested}])
