"""EditorView: Play, Stop, and whether the editor is locked, in words."""

from __future__ import annotations

from ...stores.rows import EditorState
from ..context import View, ViewContext
from ..parts import button, icon


class EditorView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("editor")
        self._lock = self.document.create("span", "lock")
        self._input = self.document.create("input", "run-input", id="run-input", type="text", autocomplete="off")
        self._input.setAttribute("placeholder", self.words("editor.input"))
        self._input.setAttribute("aria-label", self.words("editor.input"))
        self._play = button(self.document, self.words("editor.play"), "play", "primary", id="play")
        self._stop = button(self.document, self.words("editor.stop"), "square", "", id="stop")
        self._unlock = button(self.document, self.words("editor.unlock"), "lock-open", "quiet", id="unlock")
        self._region.replaceChildren(self._lock, self._unlock, self._input, self._play, self._stop)
        self.on("editor", "click", "#play", lambda _: self._start())
        self.on("editor", "keydown", "#run-input", lambda event: self._start() if event.key == "Enter" else None)
        self.on("editor", "click", "#stop", lambda _: context.commands.stop())
        self.on("editor", "click", "#unlock", lambda _: context.commands.unlock())
        again = self.shows(self._draw, self.stores.editor, self.stores.graph, self.stores.front)
        self.owns(self.stores.runs.listen(lambda changed: again() if self.front in changed else None))

    def _start(self) -> None:
        """Run the flow, with what was typed; that stays, so that it can be run again."""
        if not self._play.disabled:
            self.context.commands.play(self._input.value.strip() or None)

    def _draw(self) -> None:
        editor = self.stores.editor.get()
        row = self.stores.runs.get(self.front)
        self._region.setAttribute("data-locked", "true" if editor.locked else "false")
        self._lock.replaceChildren(
            icon(self.document, "lock" if editor.locked else "lock-open"),
            self.document.create("span", text=self._words_of(editor)),
        )
        self._play.disabled = editor.locked or self.stores.graph.get() is None
        self._stop.disabled = row is None or row.over or editor.stopping
        self._unlock.hidden = not (editor.locked and row is not None and row.status == "unverified")

    def _words_of(self, editor: EditorState) -> str:
        if editor.starting:
            return self.words("editor.starting")
        if editor.stopping:
            return self.words("editor.stopping")
        if editor.locked:
            return self.words("editor.locked")
        return self.words("editor.unlocked" if self.stores.graph.get() is not None else "editor.no_flow")
