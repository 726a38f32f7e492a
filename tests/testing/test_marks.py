from __future__ import annotations

from pyapp.testing.dom import FakeDocument


def canvas(*node_ids: str) -> FakeDocument:
    document = FakeDocument()
    document.region("canvas").append(*(document.create("div", data_node_id=each, aria_label=each) for each in node_ids))
    return document


def labels(document: FakeDocument) -> list[str | None]:
    return [each.getAttribute("aria-label") for each in document.region("canvas").children]


def test_the_rest_is_marked_some_at_a_time_and_loses_it_again() -> None:
    """What has a value keeps it."""
    document = canvas("a", "b", "c", "d")
    document.mark("data-outcome", {"b": "error"})
    assert document.mark_rest("data-outcome", "none", "{name}, no", 2)
    assert labels(document) == ["a, no", "b", "c, no", "d"]
    assert not document.mark_rest("data-outcome", "none", "{name}, no", 2)
    assert document.unmark_rest("data-outcome", "none", 2) and not document.unmark_rest("data-outcome", "none", 2)
    assert labels(document) == ["a", "b", "c", "d"]
    document.unmark("data-outcome")
    assert not document.region("canvas").find_all("[data-outcome]")


def test_a_name_and_the_words_around_it_come_in_any_order() -> None:
    document = canvas("a", "b")
    document.name("a", "A")
    document.mark_rest("data-outcome", "none", "{name}, no", 9)
    document.name("b", "B")
    assert labels(document) == ["A, no", "B, no"]
    document.mark("data-outcome", {"a": None, "b": "error"})
    assert labels(document) == ["A", "B"]


def test_all_are_called_as_before_anybody_named_them() -> None:
    document = canvas("a", "b")
    document.mark_rest("data-outcome", "none", "{name}, no", 9)
    document.name("a", "A")
    document.name("a", "AA")
    assert labels(document) == ["AA, no", "b, no"]
    document.unname()
    assert labels(document) == ["a, no", "b, no"]


def test_a_part_is_emptied_on_every_node() -> None:
    document = canvas("a", "b")
    for node in document.region("canvas").children:
        node.append(document.create("div", "badges", document.create("span")), document.create("p", "", "kept"))
    document.empty("badges")
    assert [len(list(each.walk())) for each in document.region("canvas").children] == [3, 3]
