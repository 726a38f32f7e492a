"""BrowserKeyboard: keys, the focus and dialogs of the page; web/js/keyboard.mjs does it."""

from __future__ import annotations

from collections.abc import Callable, Collection

import js
from pyodide.ffi import to_js

from ..ports import Off
from .listening import listening


class BrowserKeyboard:
    """Nothing of it is heard while somebody types, or in a dialog: that is decided where the key comes."""

    def on_keys(self, keys: Collection[str], listener: Callable[[str], None]) -> Off:
        wanted = to_js(list(keys))
        return listening(lambda key: listener(str(key)), lambda proxy: js.flowglow.onKeys(wanted, proxy))

    def press(self, selector: str) -> bool:
        return bool(js.flowglow.press(selector))

    def focus(self, selector: str) -> bool:
        return bool(js.flowglow.focusOn(selector))

    def focused(self, selector: str, attribute: str) -> str | None:
        found = js.flowglow.focusedIn(selector, attribute)
        return found if isinstance(found, str) else None

    def listed(self, selector: str, attribute: str) -> list[str]:
        return [str(each) for each in js.flowglow.listed(selector, attribute)]

    def dialog(self, region_id: str, *, opened: bool) -> None:
        js.flowglow.dialog(region_id, opened)
