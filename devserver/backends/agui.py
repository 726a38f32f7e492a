"""Agents served over AG-UI: one by pydantic-ai (`/desk`), one by Agno (`/clerk/agui`); only their models are scripted.

What goes over the wire is made by those libraries alone: the page speaks to them as to any agent of AG-UI.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("AGNO_TELEMETRY", "false")

from agno.os.interfaces.agui import AGUI
from fastapi import FastAPI
from pydantic_ai.ui import StateDeps
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from ..flows.agno_agent import make_agent
from ..flows.agno_tools import ProjectTools
from .agui_desk import Desk, make_desk

API = "/desk"


def app(root: Path) -> Starlette:
    """The ASGI application of both agents, over the project at `root`."""
    desk = make_desk(root)

    async def run(request: Request) -> Response:
        return await AGUIAdapter.dispatch_request(request, agent=desk, deps=StateDeps(Desk()))

    clerk = FastAPI()
    clerk.include_router(AGUI(agent=make_agent(ProjectTools(root))).get_router())
    return Starlette(routes=[Route("/desk", run, methods=["POST"]), Mount("/clerk", clerk)])
