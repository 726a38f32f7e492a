"""What every HTTP answer of ours shares: JSON that any value fits into, and errors in the contract's shape."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from .errors import Refused
from .reading import TooDeep, read
from .wire import to_text

MAX_BODY = 1 << 20


class JsonAnswer(JSONResponse):
    """JSON that is never kept by a cache."""

    def __init__(self, content: Any, status_code: int = 200) -> None:
        super().__init__(content, status_code, headers={"cache-control": "no-store"})

    def render(self, content: Any) -> bytes:
        return to_text(content).encode()


async def bytes_of(request: Request, limit: int = MAX_BODY) -> bytes:
    """The request's body. Raises Refused as soon as it is larger than `limit` bytes, or is cut off."""
    taken = bytearray()
    try:
        async for chunk in request.stream():
            taken += chunk
            if len(taken) > limit:
                raise Refused(413, "too_large", f"The body is larger than {limit} bytes.")
    except ClientDisconnect:
        raise Refused(400, "cut_off", "The body ended before all of it had come.") from None
    return bytes(taken)


async def body_of(request: Request) -> dict[str, Any]:
    """The request's body, a JSON object; none at all is an empty one. Raises Refused."""
    taken = await bytes_of(request)
    if not taken.strip():
        return {}
    try:
        value = read(taken.decode())
    except TooDeep as error:
        raise Refused(422, "too_deep", f"The body cannot be taken: {error}.") from None
    except ValueError as error:
        raise Refused(400, "bad_json", f"The body is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise Refused(400, "bad_json", "The body must be a JSON object.")
    return value


def number_of(request: Request, name: str, default: int) -> int:
    """A whole number from the query string. Raises Refused."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    try:
        return int(text[:20])
    except ValueError:
        raise Refused(400, "bad_query", f"`{name}` must be a whole number, not {text[:40]!r}.") from None


def own_address(request: Request) -> str:
    """This server's address, by the name it was called: the port is the one it listens at, whatever Host says."""
    _, port = request.scope["server"]
    host = request.url.hostname or "127.0.0.1"
    return f"{request.url.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


async def refused(request: Request, error: Exception) -> Response:
    """The answer to a call that was refused."""
    assert isinstance(error, Refused)
    return JsonAnswer(error.json(), error.status)


async def no_such_call(request: Request, error: Exception) -> Response:
    """The answer to a call that does not exist."""
    assert isinstance(error, HTTPException)
    what = f"{request.method} {request.url.path}"
    words = {404: f"There is nothing at {what}.", 405: f"{what} is not a call of this server."}
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
    answer = JsonAnswer(Refused(0, code, words.get(error.status_code, f"{error.detail}.")).json(), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def went_wrong(request: Request, error: Exception) -> Response:
    """The answer when we are to blame."""
    words = f"The server failed at {request.method} {request.url.path}; its own log says why."
    return JsonAnswer(Refused(500, "internal", words).json(), 500)
