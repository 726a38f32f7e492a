"""PaletteView: a dialog in which everything is found by a few letters; and where a decision by key is confirmed."""

from __future__ import annotations

from ...ports import DomEvent, Element
from ..canvas.canvas import CanvasView
from ..context import View, ViewContext
from ..parts import note
from ..people.cards import card_number
from . import items
from .actions import Actions
from .asked import about, question
from .items import Found, Item
from .search import best
from .sheet import KeySheet
from .table import BY_KEY

MOST = 50
"""Lines that are drawn, however many there are."""


class PaletteView(View):
    """Owns the dialog `#palette` and every key of the page. What it offers is collected when it opens."""

    rank = 2

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        sheet = KeySheet(context)
        own = {
            "palette": lambda: self._open("all"),
            "search": lambda: self._open("node"),
            "approve": lambda: self._confirm("approve"),
            "reject": lambda: self._confirm("reject"),
            "keys": sheet.open,
        }
        self.actions = Actions(context, canvas, own)
        self._keyboard = context.platform.keyboard
        self._dialog = self.document.region("palette")
        said = {"role": "combobox", "aria_controls": "palette-list", "aria_expanded": "true", "autocomplete": "off"}
        self._input = self.create("input", "palette-input", type="text", id="palette-input", **said)
        self._title = self.create("h2", "visually-hidden", id="palette-title")
        named = {"role": "listbox", "aria_labelledby": "palette-title"}
        self._list = self.create("ul", "palette-list", id="palette-list", **named)
        self._none = self.create("p", "empty", self.words("palette.none"), role="status")
        self._about = self.create("p", "palette-about", id="palette-about")
        self._dialog.replaceChildren(self._title, self._input, self._about, self._list, self._none)
        note(self._dialog, "aria-labelledby", "palette-title")
        note(self._dialog, "aria-describedby", "palette-about")
        self._offered: list[Found] = []
        self._shown: list[Item] = []
        self._lines: list[Element] = []
        self._at = 0
        self._sought: str | None = None
        """What the lines are of; None when they are to be made in any case."""
        self._again = self.shows(self._draw)
        self.owns(self._keyboard.on_keys(BY_KEY, lambda key: self.actions.do(BY_KEY[key].name)))
        self.on("palette", "input", "input", lambda _: self._again())
        self.on("palette", "keydown", "input", self._typed)
        self.on("palette", "click", "[data-item]", self._clicked)
        self.on("keys", "click", "[data-close]", lambda _: sheet.close())

    # -- opening ----------------------------------------------------------------------------------------
    def _open(self, kind: str) -> None:
        context = self.context
        found = [*items.nodes(context)]
        if kind == "all":
            found = [*items.commands(context, self.actions.may), *items.flows(context), *items.runs(context), *found]
        self._offer(kind, found)

    def _confirm(self, action: str) -> None:
        """A key alone decides nothing: the card comes to the eye, what would be decided is said, Enter says yes."""
        card = self.actions.decidable()
        if card is None:
            self.actions.find_waiting()
            return
        self.commands.take_up(card.key)
        what = self.words(f"palette.{action}", what=question(self.context, card))
        yes = Item(action, card_number(card.key), what, "", "circle-check")
        no = Item("nothing", "", self.words("palette.back"), "", "x")
        self._offer(action, [(yes, yes.name), (no, no.name)], about(self.context, card))

    def _offer(self, kind: str, found: list[Found], about: str = "") -> None:
        words = self.words(f"palette.title.{kind}")
        self._title.textContent = words
        note(self._input, "placeholder", words)
        note(self._input, "aria-label", words)
        self._about.textContent, self._about.hidden = about, not about
        self._input.value = ""
        self._offered, self._sought = found, None
        self._keyboard.dialog("palette", opened=True)
        self._input.focus()
        self._again()

    # -- drawing ----------------------------------------------------------------------------------------
    def clear(self) -> None:
        self._sought = None

    def _draw(self) -> None:
        """Bring the lines in line with what is typed; a key may come before the frame that would, and asks for it."""
        sought = self._input.value
        if sought == self._sought:
            return
        self._shown = best(sought, self._offered, MOST)
        self._lines = [self._line(number, item) for number, item in enumerate(self._shown)]
        self._list.replaceChildren(*self._lines)
        self._none.hidden = bool(self._shown) or not self._offered
        self._at = 0
        self._mark(0)
        self._sought = sought

    def _line(self, number: int, item: Item) -> Element:
        create = self.create
        inside = [self.parts.icon(item.icon), create("span", "palette-name", item.name)]
        if item.hint:
            inside.append(create("kbd" if item.kind == "command" else "span", "palette-hint", item.hint))
        said = {"role": "option", "id": f"palette-{number}", "data_item": str(number), "aria_selected": "false"}
        return create("li", "palette-line", *inside, **said)

    def _mark(self, at: int) -> None:
        """The line that Enter would take."""
        if self._at < len(self._lines):
            note(self._lines[self._at], "aria-selected", False)
        self._at = at
        if at < len(self._lines):
            note(self._lines[at], "aria-selected", True)
            self._lines[at].scrollIntoView()
        note(self._input, "aria-activedescendant", f"palette-{at}" if at < len(self._lines) else None)

    # -- what a person does -----------------------------------------------------------------------------
    def _typed(self, event: DomEvent) -> bool:
        step = {"ArrowDown": 1, "ArrowUp": -1, "PageDown": 8, "PageUp": -8}.get(event.key)
        if step is not None or event.key == "Enter":
            self._draw()
        if step is not None and self._lines:
            last = len(self._lines) - 1
            self._mark((self._at + step) % (last + 1) if abs(step) == 1 else min(last, max(0, self._at + step)))
        elif event.key == "Enter":
            self._take(self._at)
        return step is not None or event.key == "Enter"

    def _clicked(self, event: DomEvent) -> None:
        self._take(int(event.attribute("data-item") or 0))

    def _take(self, number: int) -> None:
        if number >= len(self._shown):
            return
        item = self._shown[number]
        self._keyboard.dialog("palette", opened=False)
        if item.kind == "command":
            self.actions.do(item.key)
        elif item.kind == "node":
            self.actions.show_node(item.key)
        elif item.kind == "run":
            self.commands.show_run(item.key)
        elif item.kind == "flow":
            self.commands.choose_flow(item.key)
        elif item.kind in ("approve", "reject"):
            self.actions.decide(item.kind, item.key)
