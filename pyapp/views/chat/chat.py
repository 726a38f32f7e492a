"""ChatView: the bubbles of the run in front, and what people answered, in the order in which it was said."""

from __future__ import annotations

from ...contract.flow import is_agent
from ...contract.text import text_of
from ...ports import DomEvent
from ...run.record import Message, Wanted
from ..context import View, ViewContext
from ..drawing import Mark
from ..keyed import Keyed
from ..names import follow_names
from ..parts import Told
from ..sheeted import Sheeted
from .answer_line import AnswerLine
from .bubbles import Bubble

ANSWER = "answer "
"""Begins the keys of answers: no message has such a one."""


class ChatView(View):
    rank = 4

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("chat")
        empty = self.parts.empty("chat.empty")
        self._empty = Told(empty)
        self._list: Sheeted[str, Message | Wanted, Bubble | AnswerLine] = Sheeted(
            self._region,
            lambda: self.create("div", "bubbles"),
            lambda sheet: Keyed(sheet, self._make, _update, order=_order, other=_is_other),
            order=_order,
            beside=(empty,),
        )
        self.clear()
        mark = self.draws_front(self.stores.chat, self._draw, anew=True)
        answers = self.draws_front(self.stores.answered, self._draw_answer)
        self.follows(
            self.stores.own_answers, lambda keys: answers(name for run_id, name in keys if run_id == self.front)
        )
        self.owns(self.stores.graph.listen(lambda _: self._named(mark, answers)))
        follow_names(self, lambda nodes: self._named(mark, answers, nodes))
        self.owns(
            self.stores.graph.listen(lambda _: self._suggest())
        )  # at once: what happens next may show another tab
        self._suggest()
        self.on("chat", "click", "[data-copy]", self._copy)
        self.clicks("chat", "data-show-node", self.commands.choose_node)
        self.clicks("chat", "data-fold", self._folded)

    def clear(self) -> None:
        self._region.setAttribute("data-front", self.front)
        self._list.clear()

    def settle(self) -> None:
        self._empty.say(self.context.before_runs("chat.empty"))
        self._empty.hide(bool(self._list))

    def _suggest(self) -> None:
        """Where agents are at work, what they say is looked at first; else what the nodes give."""
        graph = self.stores.graph.get()
        if graph is not None:
            kinds = {node.path for node in graph.nodes.values()}  # few, however many nodes there are
            self.context.platform.zones.suggest("chat" if any(map(is_agent, kinds)) else "output")

    def _draw(self, key: str) -> None:
        self._list.draw(key, self.stores.chat.get((self.front, key)))

    def _draw_answer(self, requirement_id: str) -> None:
        """What was asked and answered has a line where it was answered; what the run ended without has none."""
        wanted = self.context.answered(self.front, requirement_id)
        shown = wanted if wanted is not None and wanted.answered_at is not None else None
        self._list.draw(f"{ANSWER}{requirement_id}", shown)

    def _make(self, key: str, value: Message | Wanted) -> Bubble | AnswerLine:
        if isinstance(value, Message):
            return Bubble(self.parts, self._title, value)
        return AnswerLine(self.parts, self._title, value, self.front)

    def _title(self, node_id: str) -> str:
        return self.context.title(node_id, self.front)

    def _named(self, mark: Mark, answers: Mark, nodes: set[str] | None = None) -> None:
        """These nodes have other names, or all: with another flow on the canvas."""
        keys = [key for key in self._list if nodes is None or self._node_of(key) in nodes]
        answers(key.removeprefix(ANSWER) for key in keys if key.startswith(ANSWER))
        mark(key for key in keys if not key.startswith(ANSWER))

    def _node_of(self, key: str) -> str | None:
        """The node that a line is about."""
        is_answer, name = key.startswith(ANSWER), (self.front, key.removeprefix(ANSWER))
        value = self.stores.answered.get(name) if is_answer else self.stores.chat.get(name)
        return value.node_id if value is not None else None

    def _bubble(self, key: str | None) -> Bubble | None:
        found = self._list.get(key)
        return found if isinstance(found, Bubble) else None

    # -- what a person does ---------------------------------------------------------------------------
    def _copy(self, event: DomEvent) -> None:
        """Copy a message, or one part of a tool call."""
        bubble, part = self._bubble(event.attribute("data-copy")), event.attribute("data-part")
        if bubble is not None and part in ("args", "result", "error"):
            self.document.copy(text_of(getattr(bubble.message, part)))
        elif bubble is not None:
            self.document.copy(bubble.message.text)

    def _folded(self, key: str) -> None:
        """A person opens a fold: only now is what is in it drawn."""
        bubble = self._bubble(key)
        if bubble is not None:
            bubble.fill()


def _order(value: Message | Wanted) -> tuple[int, bool, int]:
    """An answer stands before the message that came behind it; several at one place as they were asked."""
    return (value.serial, True, 0) if isinstance(value, Message) else (value.place, False, value.serial)


def _update(drawn: Bubble | AnswerLine, value: Message | Wanted) -> None:
    drawn.update(value)  # type: ignore[arg-type]


def _is_other(drawn: Bubble | AnswerLine, value: Message | Wanted) -> bool:
    return drawn.is_other(value)  # type: ignore[arg-type]
