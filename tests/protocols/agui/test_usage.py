from __future__ import annotations

from typing import Any

import pytest

from pyapp.protocols.agui.usage import RunUsage


def test_the_protocols_own_words_go_before_what_came_beside() -> None:
    usage = RunUsage()
    assert usage.told() is None
    usage.request({"input_tokens": 5, "output_tokens": 1, "model": "m"})
    usage.request({"input_tokens": 5, "output_tokens": 0})
    assert usage.told() == {"input_tokens": 10, "output_tokens": 1, "model": "m"}
    usage.end_of_leg([{"inputTokens": 7, "model": "n"}, {"outputTokens": 2}])
    assert usage.told() == {"input_tokens": 7, "output_tokens": 2, "model": "m"}


@pytest.mark.parametrize("count", [True, -1, 0, 1.5, "7", None, 2**53])
def test_what_is_no_count_is_not_counted(count: Any) -> None:
    usage = RunUsage()
    usage.request({"input_tokens": count})
    usage.end_of_leg([{"inputTokens": count}, 7])
    usage.end_of_leg(7)
    assert usage.told() is None
