"""Find: a field that searches in one region, and says what came of it beside it, also to whoever does not see marks."""

from __future__ import annotations

from ..parts import Parts, Told


class Find:
    """Owns the field and what is said; the marks are the browser's, and there are those of one region at a time."""

    def __init__(self, parts: Parts, region: str) -> None:
        self._parts = parts
        self._region = region
        said = parts.words("details.find")
        search = {"type": "search", "data_find": region, "autocomplete": "off"}
        self.field = parts.create("input", "details-find", placeholder=said, aria_label=said, **search)
        self.text = ""
        """What is sought."""
        self._count = 0
        self._told = Told(parts.create("span", "find-told", role="status"))
        self.told = self._told.element

    def seek(self, text: str, unseen: int = 0, *, again: bool = False) -> None:
        """Mark it, and say how often it is there: nothing found is told from nothing sought.

        `unseen`: so often it stands in what is not drawn. `again`: what is drawn changed; nobody is led away for that.
        """
        quiet = again and self._count > 0
        self.text, words = text, self._parts.words
        self._count = count = self._parts.document.find_in(self._region, text, again=quiet) + unseen
        found = words("find.found", count=count) if count else words("find.none")
        self._told.say(found if text else "")

    def clear(self) -> None:
        """What it searched in is another."""
        self.field.value = self.text = ""
        self._told.say("")
