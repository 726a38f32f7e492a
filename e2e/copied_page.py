"""A real page for those who read fakes: its document is copied into a FakeDocument, and tests/schedules compares that.

What is clicked in the copy is clicked in the page; `look` copies anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any, cast

from playwright.sync_api import Page

from pyapp.testing.dom import REGIONS, FakeDocument, FakeElement
from pyapp.testing.page import FakePage

WITHIN_S = 5.0
"""How long a page may take, after the last fault, until it shows what is true."""
LOOKS = 8
"""A page on a busy machine is looked at so often at least, however long that takes."""
COPY = """async (regions) => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  await frame();
  await frame();
  for (const fold of document.querySelectorAll("#chat details:not([open])")) fold.querySelector("summary").click();
  await frame();
  await frame();
  const whole = (region) => {  // how its text came in pieces is not seen
    const clone = region.cloneNode(true);
    clone.normalize();
    return clone;
  };
  const copy = (node) => node.nodeType === Node.TEXT_NODE ? node.data : {
    tag: node.localName,
    classes: [...node.classList],
    attributes: Object.fromEntries([...node.attributes].map((each) => [each.name, each.value])),
    children: [...node.childNodes].filter((each) => each.nodeType <= Node.TEXT_NODE).map(copy),
  };
  return Object.fromEntries(regions.map((name) => [name, copy(whole(document.getElementById(name)))]));
}"""
"""Every region, two frames later, with all folds of the chat open: only then what is in them is drawn."""
CLICK = """([region, path]) => {
  let element = document.getElementById(region);
  for (const place of path) element = element.children[place];
  element.click();
}"""


class CopiedDocument(FakeDocument):
    """A copy of the document of a page, as it was when it was last looked at."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def look(self) -> None:
        """Copy the document."""
        for name, region in self._page.evaluate(COPY, list(REGIONS)).items():
            place = self.region(name)
            place.replaceChildren()
            _fill(place, region)

    def fire(self, event: str, element: FakeElement, *, key: str = "", value: str = "", **held: bool) -> bool:
        """Click the element of the page that this one is a copy of."""
        assert event == "click"
        path: list[int] = []
        while element.parent is not None:
            siblings = [each for each in element.parent.children if each.tag != "#text"]
            path.insert(0, siblings.index(element))
            element = element.parent
        assert "id" in element.attributes, "the page drew something in the meantime"
        self._page.evaluate(CLICK, [element.attributes["id"], path])
        return False


class CopiedPage:
    """As much of a FakePage as its readers use."""

    def __init__(self, page: Page) -> None:
        self.document = CopiedDocument(page)
        self.frames = self
        self.evaluate = page.evaluate

    def paint_all(self) -> None:
        """A real page draws by itself; who opened a fold looks again."""
        self.document.look()

    async def advance(self, seconds: float) -> None:
        """Look again: time goes on by itself."""
        self.document.look()

    def wait_for(self, check: Callable[[], None]) -> None:
        """Look again until nothing is wrong any more; what is wrong after WITHIN_S is raised."""
        until, looks = time.monotonic() + WITHIN_S, 0
        while True:
            try:
                self.document.look()
                check()
                return
            except AssertionError:
                looks += 1
                if time.monotonic() > until and looks > LOOKS:
                    raise

    def compare(self, compare: Coroutine[Any, Any, None]) -> None:
        """Run a comparison, which never really waits."""
        try:
            compare.send(None)
        except StopIteration:
            return
        raise AssertionError("a comparison waits for something")

    @property
    def as_fake(self) -> FakePage:
        return cast(FakePage, self)


def _fill(element: FakeElement, copied: dict[str, Any]) -> None:
    element.classList.names = copied["classes"]
    element.attributes = copied["attributes"]
    for child in copied["children"]:
        if isinstance(child, str):
            inner = FakeElement("#text")
            inner.textContent = child
        else:
            inner = FakeElement(child["tag"])
            _fill(inner, child)
        inner.parent = element
        element.children.append(inner)
