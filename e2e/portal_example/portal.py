"""The portal: it signs people in by a cookie of its own, gives the page a token, and guards the backend with that."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from flowglow.errors import Refused
from flowglow.web import no_such_call, refused, went_wrong

from .keys import Keys

HERE = Path(__file__).parent
SESSION_S = 8 * 3600
REFUSED = {"error": {"code": "unauthorised", "message": "Sign in to the portal first."}}


class Bearer:
    """Lets nobody through without a good token."""

    def __init__(self, app: ASGIApp, tokens: Keys) -> None:
        self._app = app
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = dict(scope["headers"]).get(b"authorization", b"").decode()
        is_good = self._tokens.is_good(said.removeprefix("Bearer "))
        await (self._app if is_good else JSONResponse(REFUSED, 401))(scope, receive, send)


class Portal:
    """Owns the sessions and the tokens. `page` is the origin at which flowglow's page is served."""

    def __init__(self, page: str, *, token_s: float = 300.0) -> None:
        self._page = page
        self.sessions, self.tokens = Keys(SESSION_S), Keys(token_s)

    def app(self, api: list[Route], socket: BaseRoute) -> Starlette:
        """The portal's own pages, and the backend for flowglow's."""
        cors = Middleware(
            CORSMiddleware,
            allow_origins=[self._page],
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
            expose_headers=["date"],
        )
        return Starlette(
            routes=[
                Route("/", self.home),
                Route("/sign-in", self.sign_in, methods=["POST"]),
                Route("/token", self.token, methods=["POST"]),
                Mount("/api", routes=api, middleware=[cors, Middleware(Bearer, tokens=self.tokens)]),
                socket,
                Route("/{name}", self.file),
            ],
            exception_handlers={Refused: refused, HTTPException: no_such_call, Exception: went_wrong},
        )

    async def home(self, request: Request) -> Response:
        """Under a strict policy: scripts and frames of its own and of the page's origin, and nothing else."""
        policy = (
            f"default-src 'none'; script-src 'self' {self._page}; frame-src {self._page}; "
            "style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        host = request.headers["host"]
        text = (HERE / "index.html").read_text().replace("{page}", self._page).replace("{portal}", host)
        return HTMLResponse(text, headers={"content-security-policy": policy, "cache-control": "no-store"})

    async def sign_in(self, request: Request) -> Response:
        """A session in a cookie that never leaves this site: a page of another site asks with no cookie at all."""
        answer = RedirectResponse("/", 303)
        answer.set_cookie("session", self.sessions.issue(), httponly=True, samesite="lax")
        return answer

    async def token(self, request: Request) -> Response:
        """A token for whoever is signed in."""
        if not self.sessions.is_good(request.cookies.get("session", "")):
            return JSONResponse(REFUSED, 401)
        return JSONResponse({"token": self.tokens.issue()}, headers={"cache-control": "no-store"})

    async def file(self, request: Request) -> Response:
        name = request.path_params["name"]
        return FileResponse(HERE / name) if name in ("portal.js", "portal.css") else Response(status_code=404)
