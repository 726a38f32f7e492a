"""Values as elements: Markdown, text, images, tables of records, trees. Bounded, however large the value is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..contract.text import text_of
from ..locale.catalogue import Catalogue
from ..ports import Document, Element

MAX_CHARS = 20_000
MAX_ROWS = 200
MAX_COLUMNS = 12
MAX_ITEMS = 200
MAX_DEPTH = 12
OPEN_DEPTH = 1
"""Levels of a tree that are open at first."""

IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")
MARKDOWN = re.compile(
    r"^(#{1,6} |[-*] |\d{1,9}\. |> |```|\|.+\|)"
    r"|\*\*\S[^*]*\*\*|`[^`\n]+`|\[[^\[\]\n]{1,200}\]\([^()\n]{1,2000}\)",
    re.M,
)
"""No part of it can begin at many places and run far from each: the time it takes grows with the text alone."""


def draw_value(document: Document, words: Catalogue, value: Any) -> Element:
    """The value in the form that suits it."""
    if isinstance(value, str):
        return _draw_text(document, words, value)
    if _is_table(value):
        return _draw_table(document, words, value)
    if isinstance(value, Mapping | list):
        tree = document.create("div", "tree")
        tree.append(_branch(document, words, "", value, 0))
        return tree
    return document.create("pre", "output-text", text_of(value), tabindex="0")


def draw_plain(document: Document, words: Catalogue, text: str, class_name: str) -> Element:
    """Text as it is, white space kept: errors and their traces."""
    return document.create("pre", class_name, _clipped(words, text), tabindex="0")


def _draw_text(document: Document, words: Catalogue, text: str) -> Element:
    if IMAGE.match(text):
        return document.create("img", "output-image", src=text, alt=words("output.image"))
    if MARKDOWN.search(text[:MAX_CHARS]):
        element = document.create("div", "markdown")
        document.markdown(element, _clipped(words, text))
        return element
    return draw_plain(document, words, text, "output-text")


def _clipped(words: Catalogue, text: str) -> str:
    if len(text) <= MAX_CHARS:
        return text
    return text[:MAX_CHARS] + "\n" + words("output.clipped", count=len(text) - MAX_CHARS)


def _is_table(value: Any) -> bool:
    """A list of records with much the same fields."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(each, Mapping) and each for each in value):
        return False
    columns = set().union(*value[:MAX_ROWS])
    return len(columns) <= MAX_COLUMNS and len(columns) <= 2 * min(len(each) for each in value[:MAX_ROWS])


def _draw_table(document: Document, words: Catalogue, records: Sequence[Mapping[str, Any]]) -> Element:
    create = document.create
    columns = list(dict.fromkeys(key for record in records[:MAX_ROWS] for key in record))
    head, body = create("thead"), create("tbody")
    titles = create("tr")
    titles.append(*(create("th", text=str(column), scope="col") for column in columns))
    head.append(titles)
    for record in records[:MAX_ROWS]:
        row = create("tr")
        for column in columns:
            value = record.get(column)
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            row.append(create("td", "number" if numeric else "", text_of(value)[:400]))
        body.append(row)
    table = create("table", "records")
    table.append(head, body)
    around = create("div", "table-scroll", tabindex="0")
    around.append(table)
    if len(records) > MAX_ROWS:
        around.append(create("p", "facts", words("output.more", count=len(records) - MAX_ROWS)))
    return around


def _branch(document: Document, words: Catalogue, key: str, value: Any, depth: int) -> Element:
    """One entry of a tree: a leaf on one line, or a fold with what is in it."""
    create = document.create
    name = create("span", "tree-key", key)
    if not isinstance(value, Mapping | list) or not value or depth >= MAX_DEPTH:
        leaf = create("div", "tree-leaf")
        if isinstance(value, str) and IMAGE.match(value):
            leaf.append(name, _draw_text(document, words, value))
            return leaf
        kind = "text" if isinstance(value, str) else "other"
        leaf.append(name, create("span", f"tree-value tree-{kind}", _clipped(words, text_of(value)) or "null"))
        return leaf
    entries = list(value.items()) if isinstance(value, Mapping) else list(enumerate(value))
    size = words("output.fields" if isinstance(value, Mapping) else "output.items", count=len(entries))
    fold, summary = create("details", "tree-fold"), create("summary")
    if depth < OPEN_DEPTH:
        fold.setAttribute("open", "")
    summary.append(name, create("span", "tree-size", size))
    fold.append(summary)
    for inner_key, inner in entries[:MAX_ITEMS]:
        fold.append(_branch(document, words, str(inner_key), inner, depth + 1))
    if len(entries) > MAX_ITEMS:
        fold.append(create("p", "facts", words("output.more", count=len(entries) - MAX_ITEMS)))
    return fold
