from __future__ import annotations

from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.run.journal_old import Journal


def event(seq: int) -> Any:
    return decode_item({"event": "run_start", "run_id": "r", "seq": seq})


def test_it_keeps_the_newest_in_order() -> None:
    """Over its limit the oldest leave, and are counted."""
    journal = Journal(limit=3)
    for seq in range(5):
        journal.append(event(seq))
    assert [each.seq for each in journal] == [2, 3, 4]
    assert (len(journal), journal.dropped) == (3, 2)
