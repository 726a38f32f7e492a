"""The page's settings: query string over `[portal]` in pyscript.toml over defaults (docs/contract.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from pydantic import Field, TypeAdapter, ValidationError

from .contract.addresses import LOOPBACK, Origin, SignInRule, origin_of
from .contract.embed import PARTS, VERSION, Awaited, Part
from .contract.location import Location, Look, ViewName, read_location
from .locale.catalogue import Sentence

T = TypeVar("T")
THEME: TypeAdapter[str] = TypeAdapter(Literal["auto", "light", "dark"])
LANG: TypeAdapter[str] = TypeAdapter(Literal["auto", "en", "nl"])
PROTOCOL: TypeAdapter[str] = TypeAdapter(Literal["auto", "portal", "agno", "ag-ui"])
AUTH: TypeAdapter[Awaited] = TypeAdapter(Awaited)
EMBEDDED = ("1", "true", VERSION)
EMBED: TypeAdapter[str] = TypeAdapter(Literal["", "0", "false", "1", "true", "v1"])
SPEED = TypeAdapter(Annotated[float, Field(gt=0, allow_inf_nan=False)])
DEFAULT_RECORDING = "web/recordings/linear.ndjson"


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its absolute address, what it is called, and `sha256-…` of its content where that was named."""

    address: str
    name: str
    integrity: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the page was asked to be. Addresses are absolute, or "" where there is none."""

    ws: str = ""
    api: str = ""
    flow: str | None = None
    run: str | None = None
    node: str | None = None
    view: ViewName = "canvas"
    look: Look = field(default_factory=Look)
    protocol: str = "auto"
    """What the backend speaks; auto: what its first frames say."""
    replay: str = ""
    speed: float = 1.0
    theme: str = "auto"
    lang: str = "auto"
    embed: bool = False
    """The page is a part of another one: no brand of its own."""
    speaks: bool = False
    """It speaks with the page around it (`embed=v1`)."""
    hide: tuple[Part, ...] = ()
    """What is not to be seen."""
    auth: Awaited = ""
    """What the page around it is to give before the backend is asked anything."""
    frames: frozenset[Origin] = frozenset()
    """Our own origin, and those of [portal] that may show this page in a frame, and speak with it."""
    debug: bool = False
    sign_in: SignInRule = field(default_factory=SignInRule)
    """Where a click on a sign-in card may lead: `sign_in_hosts`, else the hosts of the page, `ws` and `api`."""
    may_act: bool = True
    """False when the page stands in a frame of an origin that is not in `frames`: whose clicks would these be?"""
    extensions: tuple[Source, ...] = ()
    """A portal's own Python files; of [portal] alone, never of the query string."""
    problems: tuple[str, ...] = ()
    """What could not be used, each a sentence: what was wrong, where, and what to do."""

    @property
    def location(self) -> Location:
        """What is to be on the screen."""
        return Location(self.flow, self.run, self.node, self.view, self.look)


def read_settings(query: str, portal: Mapping[str, Any], page_url: str, framed_by: Iterable[str] = ()) -> Settings:
    """The settings for a page at `page_url`; `query` is its query string. Never raises: see `problems`.

    `framed_by`: the origins that show the page in a frame, each round the one before.
    """
    values = {key: str(value) for key, value in portal.items() if isinstance(value, str | int | float)}
    values.update(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
    reader = _Reader(values, page_url, _names(portal, "origins"))
    seen = read_location(query)
    ws, api = reader.address("ws", ("ws", "wss")), reader.address("api", ("http", "https"))
    replay = reader.address("replay", ("http", "https"))
    own_hosts = tuple(urlsplit(each).hostname or "" for each in (page_url, ws, api) if each)
    hosts = _names(portal, "sign_in_hosts") or own_hosts
    frames = frozenset(filter(None, _origins(page_url, *_names(portal, "frames"))))
    return Settings(
        ws=ws,
        api=api,
        flow=values.get("flow") or None,
        run=values.get("run") or None,
        protocol=reader.value("protocol", PROTOCOL, "auto"),
        node=values.get("node") or None,
        view=seen.view,
        look=seen.look,
        replay=replay or ("" if ws or api else urljoin(page_url, DEFAULT_RECORDING)),
        speed=reader.value("speed", SPEED, 1.0),
        theme=reader.value("theme", THEME, "auto"),
        lang=reader.value("lang", LANG, "auto"),
        embed=reader.value("embed", EMBED, "") in EMBEDDED,
        speaks=values.get("embed") == VERSION,
        hide=reader.parts("hide"),
        auth=reader.value("auth", AUTH, ""),
        frames=frames,
        sign_in=SignInRule(hosts, urlsplit(page_url).hostname in LOOPBACK),
        extensions=reader.sources(portal.get("extensions")),
        may_act={origin_named(each) for each in framed_by} <= frames,
        debug=values.get("log") == "debug",
        problems=tuple(reader.problems),
    )


def _names(portal: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of names under [portal]."""
    value = portal.get(key)
    return tuple(str(each).rstrip("/") for each in value) if isinstance(value, list) else ()


def origin_named(address: str) -> Origin | None:
    """The origin of an address; None for what has none."""
    try:
        origin = origin_of(address.lower())
    except ValueError:
        return None
    return origin if origin[1] else None


def _origins(*addresses: str) -> set[Origin | None]:
    """The origins of those addresses that have one."""
    return {origin_named(each) for each in addresses} - {None}


class _Reader:
    """Reads single values; collects what is wrong with them."""

    def __init__(self, values: Mapping[str, str], page_url: str, origins: Iterable[str]) -> None:
        self._values = values
        self._page_url = page_url
        self._allowed = _origins(page_url, *origins)
        self.problems: list[Sentence] = []

    def sources(self, named: Any) -> tuple[Source, ...]:
        """The Python files that are named, of our own origin or a listed one; `#sha256-…` behind each is its hash."""
        found = []
        for text in named if isinstance(named, list) else ():
            address, _, integrity = str(text).partition("#")
            url = self._checked("extensions", address, ("http", "https"), on_loopback=False) if address.strip() else ""
            name = urlsplit(url).path.rpartition("/")[2].partition(".")[0]
            if url:
                found.append(Source(url, name or "extension", integrity))
        return tuple(found)

    def address(self, name: str, schemes: tuple[str, str]) -> str:
        """An address this page may use: of our own origin, a listed one, or loopback on loopback."""
        text = self._values.get(name, "").strip()
        return self._checked(name, text, schemes) if text else ""

    def _checked(self, name: str, text: str, schemes: tuple[str, str], *, on_loopback: bool = True) -> str:
        try:
            url = urlsplit(urljoin(self._page_url, text))
            scheme, origin = url.scheme, origin_of(url)
        except ValueError:
            return self._left_out("no_address", name, text=text[:200])
        if scheme in ("http", "https") and schemes[0] == "ws":
            scheme = "wss" if scheme == "https" else "ws"
        if scheme not in schemes:
            return self._left_out("scheme", name, one=schemes[0], other=schemes[1], not_=scheme[:40])
        if ":" in origin[1] and origin != origin_of(self._page_url):  # the policy has no word for it but 'self'
            return self._left_out("ipv6", name, origin=f"{scheme}://{url.netloc[:200]}")
        both_local = on_loopback and {origin[1], urlsplit(self._page_url).hostname} <= LOOPBACK
        if origin in self._allowed or both_local:
            return url._replace(scheme=scheme).geturl()
        return self._left_out("origin", name, origin=f"{scheme}://{url.netloc[:200]}")

    def _left_out(self, why: str, name: str, **values: str) -> str:
        self.problems.append(Sentence(f"setting.{why}", name=name, **values))
        return ""

    def parts(self, name: str) -> tuple[Part, ...]:
        """The parts of the page that are named, with commas or spaces between them."""
        named = self._values.get(name, "").replace(",", " ").split()
        unknown = [each for each in named if each not in PARTS]
        if unknown:
            self.problems.append(Sentence(f"setting.{name}", text=f"{unknown[0]!r:.80}", known=", ".join(PARTS)))
        return tuple(each for each in PARTS if each in named)

    def value(self, name: str, kind: TypeAdapter[T], default: T) -> T:
        """The value as one of its kind, or the default."""
        text = self._values.get(name)
        try:
            return kind.validate_python(text) if text else default
        except ValidationError:
            self.problems.append(Sentence(f"setting.{name}", text=f"{text!r:.80}"))
            return default
