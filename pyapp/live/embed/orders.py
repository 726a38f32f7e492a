"""Orders: what the page around this one wants done, by way of what a person at the page can do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from ...contract.embed import Fill, Look, MessageError, Order, Show, Start, Stop, fitting
from ...contract.location import Location
from ...errors import ApiError
from ...locale.catalogue import Sentence
from ...person import Host
from ..commands import Commands
from ..shared import Shared
from .door import Door
from .news import answer, refusal

FLOW_WITHIN_S = 20.0
"""A run may be wanted before the flow is there."""


class Orders:
    """Owns what is under way. Nothing is started or stopped in a frame whose clicks would not count either."""

    def __init__(self, shared: Shared, commands: Commands, door: Door, host: Host, *, may_act: bool) -> None:
        self._shared = shared
        self._commands = commands
        self._door = door
        self._host = host
        self._may_act = may_act
        self._tasks: set[asyncio.Task[None]] = set()

    def carry_out(self, order: Order) -> None:
        """Do it, and answer where an answer is wanted. Behind its time it is not begun, and what waits is given up."""
        left_s = order.until / 1_000 - self._shared.clock.wall() if order.until is not None else None
        if left_s is not None and left_s <= 0:
            self._answer(order, refusal(order.id or 0, "late", self._shared.words("host.late")))
            return
        task = asyncio.ensure_future(self._answered(order))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if left_s is not None:
            over = self._shared.clock.call_later(left_s, partial(_give_up, task))
            task.add_done_callback(lambda _: over.cancel())

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    # -- inside -------------------------------------------------------------------------------------
    async def _answered(self, order: Order) -> None:
        try:
            told = await self._do(order)
        except ApiError as error:
            said = refusal(order.id or 0, error.code or "refused", self._shared.words.of(error))
        except Exception as error:
            self._shared.reporter.failed("Embed", f"a wish: {order.type}", error)
            said = refusal(order.id or 0, "failed", self._shared.words("host.failed"))
        else:
            said = answer(order.id or 0, **told)
        self._answer(order, said)

    def _answer(self, order: Order, said: str) -> None:
        if order.id is not None:
            self._door.send(said)

    async def _do(self, order: Order) -> dict[str, Any]:
        match order:
            case Start(flow=flow, input=given):
                self._check_acting()
                return {"run": await self._start(flow, given)}
            case Stop(run=run_id):
                self._check_acting()
                if not self._commands.stop(run_id):
                    raise ApiError(Sentence("host.over"), code="over")
            case Show():
                self._show(order)
            case Look():
                self._look(order)
            case Fill(input=given):
                await self._flow(None)
                self._commands.fill_in(given)
        return {}

    def _check_acting(self) -> None:
        if not self._may_act:
            raise ApiError(Sentence("host.may_not_act"), code="may_not_act")

    async def _start(self, flow_id: str | None, given: Any) -> str:
        found = await self._flow(flow_id)
        if self._shared.stores.editor.get().locked:
            raise ApiError(Sentence("host.locked"), code="locked")
        return await self._commands.start(found, given)

    async def _flow(self, named: str | None) -> str:
        """The flow that is named, or that on the canvas, as soon as there is one. Raises ApiError."""
        graph = self._shared.stores.graph
        if named is None and graph.get() is None:
            there = asyncio.Event()
            off = graph.listen(lambda _: there.set())
            late = self._shared.clock.call_later(FLOW_WITHIN_S, there.set)
            try:
                await there.wait()
            finally:
                late.cancel()
                off()
        found = graph.get()
        if named is None and found is None:
            raise ApiError(Sentence("host.no_flow"), code="no_flow")
        return named or (found.flow.id if found is not None else "")

    def _show(self, order: Show) -> None:
        """What is named goes onto the screen; a flow or a run brings its own node along, or none."""
        if order.view is not None:
            self._commands.show_view(order.view)
        stores = self._shared.stores
        graph = stores.graph.get()
        other = order.flow is not None and (graph is None or graph.flow.id != order.flow)
        if order.run is not None or other:
            look = replace(stores.looked.get().look, span=None)
            self._commands.go(Location(order.flow, order.run, order.node, stores.view.get(), look))
        elif "node" in order.model_fields_set:
            self._commands.seek_node(order.node)

    def _look(self, order: Look) -> None:
        if order.theme is not None:
            self._host.show_theme(order.theme)
        if order.hide is not None:
            self._host.hide(order.hide)
        looks, left_out = fitting(order.style or {})
        if order.style is not None:
            self._host.style(looks)
        if order.lang is not None:
            self._host.speak(order.lang)
        if left_out:
            names = ", ".join(left_out)
            self._door.refuse(MessageError("schema", f"style: {names} cannot be used."))
            raise ApiError(Sentence("host.looks", names=names), code="schema")


def _give_up(task: asyncio.Task[None]) -> None:
    task.cancel()
