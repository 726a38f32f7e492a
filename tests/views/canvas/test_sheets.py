from __future__ import annotations

from pyapp.testing.dom import FakeDocument
from pyapp.views.canvas.sheets import SHEET, batched, in_sheets


def test_so_many_at_a_time() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]] and list(batched([], 2)) == []


def test_few_need_no_sheet_and_more_keep_their_order() -> None:
    document = FakeDocument()
    few = [document.create("div") for _ in range(SHEET)]
    assert in_sheets(document.create, few) is few
    many = [*few, document.create("div")]
    sheets = in_sheets(document.create, many)
    assert [child for sheet in sheets for child in sheet.children] == many  # type: ignore[attr-defined]
    assert [len(sheet.children) for sheet in sheets] == [SHEET, 1]  # type: ignore[attr-defined]
