"""The editor's lock: a function of the run in front, nothing else."""

from __future__ import annotations

from dataclasses import replace

from ..stores.stores import Stores


class EditorLock:
    """Keeps `EditorState.locked`: true while Play waits for its answer, or the run in front is not over.

    A run of which nobody knows whether it is over can be unlocked by a person.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        stores.front.listen(lambda _: self._update())
        stores.runs.listen(lambda changed: self._update() if stores.front.get() in changed else None)
        stores.editor.listen(lambda _: self._update())

    def _update(self) -> None:
        editor = self._stores.editor.get()
        front = self._stores.front.get()
        row = self._stores.runs.get(front) if front is not None else None
        live = row is not None and not row.over
        if row is not None and row.status == "unverified" and editor.unlocked_run == row.run_id:
            live = False
        stopping = row is not None and row.stopping
        self._stores.editor.set(replace(editor, locked=editor.starting or live, stopping=stopping))
