"""Values as they are drawn: Markdown, text, images, tables of records, trees. Bounded, however large the value is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..contract.decode import parse
from ..contract.text import gist, text_of
from ..ports import Sketch
from .bounds import MAX_CHARS, Bounds
from .parts import Parts

MAX_ROWS = 200
MAX_COLUMNS = 12
MAX_CELL = 400
MAX_ITEMS = 200
MAX_DEPTH = 12
MAX_GROUPED = 10**18
SHORT_CHARS = 240
SHORT_LINES = 8
"""Of an argument that is shown as it is."""
OPEN_DEPTH = 1
"""Levels of a tree that are open at first."""

IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")
MARKDOWN = re.compile(
    r"^(#{1,6} |[-*] |\d{1,9}\. |> |```|\|.+\|)"
    r"|\*\*\S[^*]*\*\*|`[^`\n]+`|\[[^\[\]\n]{1,200}\]\([^()\n]{1,2000}\)",
    re.M,
)
"""No part of it can begin at many places and run far from each: the time it takes grows with the text alone."""


Form = Literal["read", "table", "tree", "text", "trace"]
"""How a value is shown: as written text, as rows, as a tree, or as it came; what went wrong as a line and a fold."""
MAX_PARSED = 500_000
"""Characters of a text that is looked into for JSON."""


def forms_of(value: Any) -> tuple[Form, ...]:
    """The forms that suit a value, the best first."""
    inside = _inside(value)
    if _is_table(inside):
        return ("table", "tree", "text")
    if isinstance(inside, Mapping | list) and inside:
        return ("tree", "text")
    return ("read", "text") if isinstance(value, str) and MARKDOWN.search(value[:MAX_CHARS]) else ("text",)


def draw_as(parts: Parts, value: Any, form: Form, bounds: Bounds) -> Sketch:
    """The value in one of its forms, within bounds."""
    if form == "trace":
        return draw_error(parts, value, bounds)
    if form == "text":
        image = isinstance(value, str) and IMAGE.match(value)
        return draw_value(parts, value) if image else draw_plain(parts, text_of(value), "output-text", bounds)
    inside = _inside(value)
    if form == "tree":
        return parts.sketch("div", "tree", _branch(parts, "", inside, 0, bounds))
    return draw_value(parts, inside, bounds)


def _inside(value: Any) -> Any:
    """What a text holds that is JSON; else the value itself."""
    if not isinstance(value, str) or len(value) > MAX_PARSED or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return parse(value)
    except ValueError:
        return value


def draw_error(parts: Parts, text: str, bounds: Bounds | None = None) -> Sketch:
    """What went wrong: the line that says it, and all of it in a fold."""
    if "\n" not in text.strip():
        return draw_plain(parts, text.strip(), "output-error", bounds)
    summary = parts.sketch("summary", "", parts.sketch("span", "error-line", _clipped(parts, gist(text), Bounds())))
    return parts.sketch("details", "error-trace", summary, draw_plain(parts, text, "output-error", bounds))


def draw_line(parts: Parts, text: str) -> Sketch | str:
    """A line of a log: as it is, unless it is many in one."""
    return draw_error(parts, text) if "\n" in text.strip() else text


def draw_value(parts: Parts, value: Any, bounds: Bounds | None = None) -> Sketch:
    """The value in the form that suits it."""
    if isinstance(value, str):
        return _draw_text(parts, value, bounds)
    bounds = bounds or Bounds()
    if _is_table(value):
        return _draw_table(parts, value, bounds)
    if isinstance(value, Mapping | list):
        return parts.sketch("div", "tree", _branch(parts, "", value, 0, bounds))
    return parts.sketch("pre", "output-text", text_of(value), tabindex="0")


def draw_arguments(parts: Parts, values: Mapping[str, Any]) -> list[Sketch]:
    """Named values as a list of two columns; nothing for none."""
    rows = list[Sketch]()
    for name, value in list(values.items())[:MAX_ITEMS]:
        rows += [parts.sketch("dt", "", name), parts.sketch("dd", "", _argument(parts, name, value))]
    return [parts.sketch("dl", "arguments", *rows)] if rows else []


def _argument(parts: Parts, name: str, value: Any) -> Sketch | str:
    """A short text is no stop for the Tab key; a longer one scrolls, so that it is one."""
    if isinstance(value, Mapping | list):
        return draw_value(parts, value)
    text = text_of(value)
    if len(text) <= SHORT_CHARS and text.count("\n") < SHORT_LINES:
        return text
    left = len(text) - MAX_CHARS
    rest = "\n" + parts.words("interaction.clipped", count=left) if left > 0 else ""
    return parts.sketch("pre", "", text[:MAX_CHARS] + rest, tabindex="0", role="group", aria_label=name)


def draw_plain(parts: Parts, text: str, class_name: str, bounds: Bounds | None = None) -> Sketch:
    """Text as it is, white space kept: errors and their traces."""
    shown = text if bounds is None and len(text) <= MAX_CHARS else _clipped(parts, text, bounds or Bounds())
    return parts.sketch("pre", class_name, shown, tabindex="0")


def _draw_text(parts: Parts, text: str, bounds: Bounds | None) -> Sketch:
    if IMAGE.match(text):
        return parts.sketch("img", "output-image", src=text, alt=parts.words("output.image"))
    if not MARKDOWN.search(text[:MAX_CHARS]):
        return draw_plain(parts, text, "output-text", bounds)
    return parts.document.sketch_markdown("markdown", _clipped(parts, text, bounds or Bounds()))


def _clipped(parts: Parts, text: str, bounds: Bounds) -> str:
    shown, left = bounds.text(text)
    return shown if not left else shown + "\n" + parts.words("output.clipped", count=left)


def _more(parts: Parts, left: int) -> list[Sketch]:
    return [parts.sketch("p", "facts", parts.words("output.more", count=left))] if left > 0 else []


def _is_table(value: Any) -> bool:
    """A list of records with much the same fields."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(each, Mapping) and each for each in value):
        return False
    columns = set().union(*value[:MAX_ROWS])
    return len(columns) <= MAX_COLUMNS and len(columns) <= 2 * min(len(each) for each in value[:MAX_ROWS])


def _draw_table(parts: Parts, records: Sequence[Mapping[str, Any]], bounds: Bounds) -> Sketch:
    create, shown = parts.sketch, bounds.some(records, MAX_ROWS, lambda record: list(record.values()))
    columns = list(dict.fromkeys(key for record in shown for key in record))
    numbers = {column for column in columns if _is_number(records[0].get(column))}
    titles = create(
        "tr", "", *(create("th", "number" if each in numbers else "", str(each), scope="col") for each in columns)
    )

    def cell(value: Any) -> Sketch:
        said = _in_words(parts, value) or bounds.text(text_of(value), MAX_CELL)[0]
        return create("td", "number" if _is_number(value) else "", said)

    rows = [create("tr", "", *(cell(record.get(column)) for column in columns)) for record in shown]
    table = create("table", "records", create("thead", "", titles), create("tbody", "", *rows))
    return create("div", "table-scroll", table, *_more(parts, len(records) - len(shown)), tabindex="0")


def _in_words(parts: Parts, value: Any) -> str:
    """A number as the language writes it, with every digit; "" for what is none, or is written with powers."""
    if not _is_number(value) or not abs(value) < MAX_GROUPED:
        return ""
    written = repr(value)
    return "" if "e" in written else parts.words.number(value, len(written.partition(".")[2]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _branch(parts: Parts, key: str, value: Any, depth: int, bounds: Bounds, *, alone: bool = False) -> Sketch:
    """One entry of a tree: a leaf on one line, or a fold with what is in it, open where it stands `alone`."""
    create = parts.sketch
    name = create("span", "tree-key", key)
    if not isinstance(value, Mapping | list) or not value or depth >= MAX_DEPTH:
        if isinstance(value, str) and IMAGE.match(value):
            return create("div", "tree-leaf", name, _draw_text(parts, value, bounds))
        kind = "text" if isinstance(value, str) else "other"
        shown = create("span", f"tree-value tree-{kind}", _clipped(parts, text_of(value), bounds) or "null")
        return create("div", "tree-leaf", name, shown)
    entries = list(value.items()) if isinstance(value, Mapping) else list(enumerate(value))
    size = parts.words("output.fields" if isinstance(value, Mapping) else "output.items", count=len(entries))
    drawn = bounds.some(entries, MAX_ITEMS)
    inside = [
        _branch(parts, str(inner_key), inner, depth + 1, bounds, alone=len(entries) == 1) for inner_key, inner in drawn
    ]
    summary = create("summary", "", name, create("span", "tree-size", size))
    opened = {"open": ""} if depth < OPEN_DEPTH or alone else {}
    return create("details", "tree-fold", summary, *inside, *_more(parts, len(entries) - len(drawn)), **opened)
