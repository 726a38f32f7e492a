"""Extensions: loads a portal's own Python files and adds what they register. What fails is named, and costs itself.

They are loaded before the page connects, so that no message comes before the part that reads it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from .errors import describe
from .extend import Extension, Part
from .live.router import EventRouter
from .live.shared import Shared
from .locale.catalogue import Sentence
from .ports import Http, Off, Zones
from .settings import Source
from .views import Page
from .views.context import View, ViewContext

LOAD_S = 8.0
"""A file that takes longer is left out: the page does not wait for it."""
OK = 200
MARK = "\ufeff"
"""A byte order mark: what reads a file as text drops it, what hashes the file does not."""
STYLES = {"origin": "extension.styles.origin", "absent": "extension.styles.absent"}
"""What is said of a style sheet that is not there, by why."""


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


class LoadError(Exception):
    """A file is not what was named. Its first argument is a Sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where parts are added: to this page and no other."""

    shared: Shared
    router: EventRouter
    page: Page
    zones: Zones


class Extensions:
    """Owns the loading, and what listens for as long as the page lives."""

    def __init__(self, place: Place, http: Http, sources: Sequence[Source]) -> None:
        self._place = place
        self._http = http
        self._sources = sources
        self._task: asyncio.Task[None] | None = None
        self._styling: set[asyncio.Task[None]] = set()
        self._offs: list[Off] = []
        self._tabs: set[str] = set()
        """Names of this life of Python; a tab that is there from the one before is taken up again."""

    def load(self, then: Callable[[], None]) -> None:
        """Load all files, and call `then` when that is done, whatever fails; at once where there are none."""
        if self._sources:
            self._task = asyncio.ensure_future(self._load(then))
        else:
            then()

    def stop(self) -> None:
        """Load no more, and tell nobody of failures."""
        if self._task is not None:
            self._task.cancel()
        for styling in self._styling:
            styling.cancel()
        for off in self._offs:
            off()
        self._offs.clear()

    def add(self, name: str, register: Callable[[Extension], object]) -> None:
        """Have `register` say what it adds, and add that. Never raises."""
        extension = Extension(name, self._place.shared.stores.own_table)
        try:
            if asyncio.iscoroutine(waits := register(extension)):
                waits.close()
                raise TypeError("`register` is async; make it a plain function.")
        except BaseException as error:
            self._failed(name, "register", error)
            return
        for part in extension.parts:
            try:
                self._add(part)
            except BaseException as error:
                self._failed(name, part[0], error)

    # -- inside -----------------------------------------------------------------------------------
    async def _load(self, then: Callable[[], None]) -> None:
        try:
            texts = await asyncio.gather(*(self._text(each) for each in self._sources), return_exceptions=True)
            for source, text in zip(self._sources, texts, strict=True):
                if isinstance(text, BaseException):
                    self._failed(source.name, "loading", text)
                else:
                    self._run(source, text)
        finally:
            self._task = None
        then()

    async def _text(self, source: Source) -> str:
        try:
            answer = await self._http.request("GET", source.address, timeout_s=LOAD_S)
        except (OSError, TimeoutError) as error:
            raise LoadError(Sentence("extension.absent", address=source.address, why=describe(error))) from None
        if answer.status != OK:
            raise LoadError(Sentence("extension.absent", address=source.address, why=str(answer.status)))
        if source.integrity not in ("", *(_digest(mark + answer.text) for mark in ("", MARK))):
            raise LoadError(Sentence("extension.other", address=source.address))
        return answer.text

    def _run(self, source: Source, text: str) -> None:
        """The file as a module; its `register` says what it adds."""
        module = ModuleType(f"extension_{source.name}")
        module.__file__ = source.address
        sys.modules[module.__name__] = module  # where pydantic and dataclasses look names up
        try:
            exec(compile(text, source.address, "exec"), module.__dict__)
            register = module.__dict__.get("register")
            if not callable(register):
                raise LoadError(Sentence("extension.nothing"))
        except BaseException as error:
            self._failed(source.name, "loading", error, file=source.address)
            return
        self.add(source.name, register)

    def _add(self, part: Part) -> None:
        kind, value = part
        getattr(self, f"_add_{kind}")(value)

    def _add_handler(self, handler: Any) -> None:
        shared = self._place.shared
        if shared.stores.health.get(handler.name) is not None:
            raise ValueError(f"There is a handler {handler.name} already; give it another `name`.")
        for kind in handler.messages:
            shared.own.add(kind)
        self._place.router.register(handler)

    def _add_message(self, kind: Any) -> None:
        self._place.shared.own.add(kind)

    def _add_tab(self, tab: tuple[str, str, Callable[[ViewContext, Any], View]]) -> None:
        name, title, view = tab
        if name in self._tabs:
            raise ValueError(f"There is a tab {name} already; give it another `name`.")
        self._tabs.add(name)
        self._place.zones.addTab(name, title)
        self._place.page.add(lambda context: view(context, context.document.region(f"own-{name}")))

    def _add_styles(self, named: tuple[str, str]) -> None:
        task = asyncio.ensure_future(self._style(*named))
        self._styling.add(task)
        task.add_done_callback(self._styling.discard)

    async def _style(self, name: str, address: str) -> None:
        try:
            why = await self._place.zones.addStyles(address)
            if why:
                raise LoadError(Sentence(STYLES[why], address=address))
        except Exception as error:
            self._failed(name, "styles", error)

    def _add_view(self, view: Callable[[ViewContext], View]) -> None:
        self._place.page.add(view)

    def _add_listener(self, listener: Any) -> None:
        self._offs.append(self._place.shared.reporter.listen(listener))

    def _failed(self, name: str, doing: str, error: BaseException, file: str = "") -> None:
        """In words before the person's eyes, with its traceback in the console."""
        shared = self._place.shared
        shared.reporter.failed(f"extension {name}", doing, error)
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if file and each.filename == file]
        why = shared.words.of(error) if isinstance(error, LoadError) else describe(error)
        if lines and lines[-1]:
            why = shared.words("extension.line", why=why, line=lines[-1])
        shared.stores.notices.alert(f"extension {name} {doing}", shared.words("extension.failed", name=name, why=why))
