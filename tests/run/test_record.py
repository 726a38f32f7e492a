from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pyapp
from pyapp.run.record import Execution, GroupRecord, Message, NodeRecord, RunRecord, ToolCall, took
from tests import record_guard
from tests.record_guard import record_classes
from tests.run.support import Told, run_end, start

PYAPP = Path(pyapp.__file__).parent
COLLECTIONS = {
    field.name
    for each in record_classes()
    for field in dataclasses.fields(each)
    if str(field.type).startswith(("dict", "list"))
}
"""Names of the fields in which a record holds dicts and lists."""
MUTATORS = {
    "append", "add", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "sort", "update",
}  # fmt: skip
OTHERS = ("stores", "taken", "parent")
"""What holds something else under such a name: a store, the steps of an event, elements."""


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module changes what a field of such a name holds, but for fields of its own `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            targets = [node.func.value]
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            targets = [node.value]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr in COLLECTIONS and not _own(target.value):
                yield node.lineno, ast.unparse(node)


def _own(value: ast.expr) -> bool:
    name = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    return name in ("self", *OTHERS)


def test_a_record_refuses_every_writer_but_the_fold() -> None:
    """This test is one, and it changes nothing."""
    record = Told(start()).record
    for written, name in (
        (record, "status"),
        (record.nodes["n"], "waiting"),
        (record.nodes["n"].executions[0], "status"),
    ):
        with pytest.raises(AssertionError, match="only the fold writes a record"):
            setattr(written, name, "changed")
    with pytest.raises(AssertionError, match=r"tests\.run\.test_record writes RunRecord\.name"):
        record.name = "changed"
    assert record == Told(start()).record


def test_every_class_of_the_record_refuses() -> None:
    names = {each.__name__ for each in record_classes()}
    assert names >= {"RunRecord", "NodeRecord", "Execution", "GroupRecord", "ToolCall", "Message", "Wanted", "SignIn"}
    for each in record_classes():
        assert each.__setattr__.__module__ == record_guard.__name__


def test_no_module_but_the_fold_changes_what_a_record_holds() -> None:
    found = [
        f"{path.relative_to(PYAPP)}:{line}: {what}"
        for path in sorted(PYAPP.rglob("*.py"))
        if path.parent != PYAPP / "run" / "fold" and PYAPP / "protocols" not in path.parents
        for line, what in writes(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    ["run.nodes['n'] = x", "del run.record.messages['m']", "execution.variables.update(a=1)", "run.wanted.pop('q')",
     "record.nodes['n'].executions[0] = x", "message.chunks.append('x')"],
)  # fmt: skip
def test_such_a_change_would_be_found(source: str) -> None:
    assert list(writes(ast.parse(source)))


@pytest.mark.parametrize("source", ["run.nodes.get('n')", "self.nodes['n'] = x", "x = run.nodes['n']", "names.pop()"])
def test_reading_is_no_change(source: str) -> None:
    assert not list(writes(ast.parse(source)))


def test_durations_are_never_negative() -> None:
    assert (took(1.0, 3.5), took(3.0, 1.0), took(None, 1.0), took(1.0, None)) == (2.5, 0.0, None, None)
    assert Execution("n", 0, started_at=1.0, ended_at=2.0).duration_s == 1.0
    assert ToolCall("k", "n", started_at=1.0, ended_at=2.0, told_duration_s=0.25).duration_s == 0.25
    assert Message("k", "k", "r", "s", "text", started_at=1.0, ended_at=4.0).duration_s == 3.0


def test_a_node_executes_while_one_execution_is_open() -> None:
    assert NodeRecord("n", open_orders={3: None}).executing and not NodeRecord("n").executing


def group(**fields: Any) -> GroupRecord:
    return GroupRecord("g", **fields)


def test_what_a_group_shows() -> None:
    """Nothing before anything in it; its own word; what is in it; what is awaited; what its run left."""
    assert group().status is None
    assert group(own="executing").status == "executing"
    children: dict[str, Any] = {"children": {"a": "success"}, "counts": {"success": 1}}
    assert group(**children, listed=2).status == "executing"
    assert group(**children, listed=2, settled="killed").status == "killed"
    assert group(**children, listed=2, complete=True).status == "success"
    assert group(**children, own="error").status == "error"
    assert (group(**children, listed=2, announced=3).total, group(**children, announced=0).total) == (3, 1)


def test_records_share_nothing() -> None:
    one, other = RunRecord("r"), RunRecord("r")
    one.nodes["n"] = NodeRecord("n")
    assert other == RunRecord("r") and one != other


def test_a_run_is_over_with_a_terminal_event() -> None:
    told = Told(start())
    assert not told.record.over
    assert told.tell(run_end()).record.over
