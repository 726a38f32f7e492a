from __future__ import annotations

from pyapp.handlers import all_handlers


def test_seven_handlers_each_by_its_own_name() -> None:
    names = {handler.name for handler in all_handlers()}
    assert names == {
        "DOMVisualHandler", "GroupExecutionHandler", "ToolVisualizationHandler", "MockStoreHandler",
        "RunLifecycleHandler", "ChatStreamHandler", "InteractionHandler",
    }  # fmt: skip


def test_two_pages_share_no_handler() -> None:
    one, other = all_handlers(), all_handlers()
    assert not {id(each) for each in one} & {id(each) for each in other}
