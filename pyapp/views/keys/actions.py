"""Actions: does what a command of the table says. Buttons that are on the page are pressed, so that what they do is
decided in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, get_args

from ...live.memory import Announces
from ...stores.cards import Card
from ...stores.rows import node_of
from ..canvas.canvas import CanvasView
from ..context import ViewContext
from ..people.cards import card_number
from ..people.questions import DECIDED
from .table import COMMANDS, Command

PRESSED = {
    "play": "#play",
    "stop": "#stop",
    "again": "#run-head [data-run-again]",
    "maximise": '.zone-tools[data-of="run"] [data-zone-action="maximise"]',
    "runs": '.zone-tools[data-of="runs"] [data-zone-action="fold"]',
    "theme": "#theme",
    "language": "#language",
    "diagnostics": "#diagnostics-toggle",
}
"""Command → the button that does it."""
TABS = ("chat", "output", "details")
AMOUNTS: Final = get_args(Announces)
CARD = "#interactions .card"
ROW = "#runs [data-run-id][data-status]:not([hidden])"


class Actions:
    """Owns which command leads where; keeps nothing."""

    def __init__(self, context: ViewContext, canvas: CanvasView, others: dict[str, Callable[[], None]]) -> None:
        self._context = context
        self._stores = context.stores
        self._keyboard = context.platform.keyboard
        self._canvas = canvas
        self._does: dict[str, Callable[[], None]] = {
            "next_run": lambda: self._step_run(1),
            "previous_run": lambda: self._step_run(-1),
            "next_error": self._next_error,
            "next_waiting": self._next_waiting,
            "timeline": self._turn,
            **{tab: partial(self._look_at, tab) for tab in TABS},
            "log": self._turn_log,
            "fit": context.platform.viewport.fit,
            "link": self.copy_link,
            "close": self._close,
            "announce": self._announce,
            "notify": context.caller.switch,
            **others,
        }

    def may(self, command: Command) -> bool:
        """Whether it can be done on this page: not what acts, in a frame of strangers."""
        return self._context.settings.may_act or not command.acts

    def do(self, name: str) -> None:
        """Do what the command says, if it can be done just now."""
        command = next(each for each in COMMANDS if each.name == name)
        if self.may(command):
            if name in self._does:
                self._does[name]()
            else:
                self._keyboard.press(PRESSED[name])

    def copy_link(self) -> None:
        """Put the address on the clipboard; the browser tells whether it let us."""
        self._context.document.copy(self._context.platform.address.link())

    def show_node(self, node_id: str) -> None:
        """Choose a node, bring it to the middle, and put the focus there."""
        self._context.commands.choose_node(node_id)
        self._canvas.go_to(node_id)

    def decidable(self) -> Card | None:
        """The card that can be approved or rejected now: the focused one, or the only one."""
        cards = [card for _, card in self._stores.interactions.items() if card.kind in DECIDED and card.state == "open"]
        focused = self._keyboard.focused(CARD, "data-of")
        return next((card for card in cards if card_number(card.key) == focused), cards[0] if len(cards) == 1 else None)

    def decide(self, action: str, of: str) -> None:
        """Press a card's button; where that cannot be done any more it is said."""
        if not self._keyboard.press(f'#interactions [data-action="{action}"][data-of="{of}"]'):
            self.say("palette.undecided")

    def say(self, words: str) -> None:
        """Tell for a moment what was just done, or was not."""
        self._context.shared.say(words)

    def _announce(self) -> None:
        """The next of the three amounts that a screen reader can be told; said at once."""
        memory = self._context.shared.memory
        memory.announces = AMOUNTS[(AMOUNTS.index(memory.announces) + 1) % len(AMOUNTS)]
        self.say(f"announces.{memory.announces}")

    # -- inside ---------------------------------------------------------------------------------------
    def _step_run(self, by: int) -> None:
        """The next run in the list as it is shown, or the one before."""
        following = _next(self._keyboard.listed(ROW, "data-run-id"), self._stores.front.get(), by)
        if following is not None:
            self._context.commands.show_run(following)

    def _next_error(self) -> None:
        """The next node of the run in front that failed; from the last one on the first again."""
        front, groups = self._stores.front.get(), self._context.groups()
        nodes = dict.fromkeys(node_of(name) for name in self._stores.mock.of_run(front))
        failed = [
            each
            for each in nodes
            if each not in groups and (last := self._stores.mock.latest(front, each)) and last.status == "error"
        ]
        following = _next(failed, self._stores.selected.get(), 1)
        if following is not None:
            self.show_node(following)

    def find_waiting(self) -> None:
        """What waits for something else than a yes or no, or is not the only one; if nothing does, that is said."""
        if any(card.asks for _, card in self._stores.interactions.items()):
            self._next_waiting()
        else:
            self.say("palette.nothing_waits")

    def _next_waiting(self) -> None:
        """The next card, with the focus on the first thing in it."""
        following = _next(self._keyboard.listed(CARD, "data-of"), self._keyboard.focused(CARD, "data-of"), 1)
        if following is not None:
            self._context.platform.zones.reveal("waiting")
            self._keyboard.focus(f'{CARD}[data-of="{following}"]')

    def _turn(self) -> None:
        self._context.commands.show_view("canvas" if self._stores.view.get() == "timeline" else "timeline")

    def _look_at(self, tab: str) -> None:
        """Wherever it is: the zone folded, covered, or elsewhere on a phone. Pressed, too: a choice is kept."""
        self._context.platform.zones.reveal(tab)
        self._keyboard.press(f"#{tab}-title")

    def _turn_log(self) -> None:
        """Fold or unfold it; where its head is out of sight, bring it there."""
        if not self._keyboard.press("#log-title"):
            self._context.platform.zones.reveal("log")

    def _close(self) -> None:
        """What was opened last and has no way out of its own."""
        if not self._keyboard.press('[data-zone-action="maximise"][aria-pressed="true"]'):
            self._context.commands.choose_node(None)


def _next(items: Sequence[str], now: str | None, by: int) -> str | None:
    """The item after (or before) the one that is there now, round the end; the first if none is."""
    if not items:
        return None
    return items[(items.index(now) + by) % len(items)] if now in items else items[0 if by > 0 else -1]
