"""The page as a part of a portal on another origin: the worked example, and every message that must have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Request, Route, expect

from pyapp.live.embed.door import BURST, PER_S

from .conftest import VIEWPORT
from .portal_example.running import Example, running_example
from .test_runtime import KILL

pytestmark = pytest.mark.tree("the example serves the tree, set up for its own origins")
BOOT_MS = 90_000
SAID = """(name) => {
  globalThis.said ??= {};
  for (const glow of document.querySelectorAll("flow-glow")) {
    glow.addEventListener(`flowglow-${name}`, ({ detail }) => (said[name] ??= []).push(detail));
  }
}"""


@pytest.fixture(scope="module")
def example(built: None) -> Iterator[Example]:
    with running_example() as running:
        yield running


class Visit:
    """A person at the portal: the page, the frame in it, and every request that was made."""

    def __init__(self, page: Page, example: Example) -> None:
        self.page = page
        self.example = example
        self.requests: list[Request] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request))
        page.on("framenavigated", lambda frame: self.requests.clear() if frame == page.main_frame else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "401" not in message.text and "favicon" not in message.location.get("url", ""):
            self.errors.append(message.text)

    @property
    def inside(self) -> FrameLocator:
        return self.page.locator("flow-glow").first.locator("iframe").content_frame

    @property
    def refused(self) -> Locator:
        return self.inside.locator("[data-metric=refused]")

    def happened(self, event: str) -> Locator:
        return self.page.locator(f"#happened [data-event={event}]")

    def wait_ready(self) -> None:
        self.inside.locator("html[data-app=ready]").wait_for(timeout=BOOT_MS)
        self.happened("ready").first.wait_for(timeout=20_000)

    def glow(self, script: str) -> Any:
        return self.page.evaluate(f"async () => {{ const glow = document.querySelector('flow-glow'); {script} }}")

    def tokens(self, since: int = 0) -> set[str]:
        """What the calls of the frame to the backend bore; `since`: behind so many requests."""
        calls = [
            each
            for each in self.requests[since:]
            if each.url.startswith(f"{self.example.home}/api") and each.method != "OPTIONS"
        ]
        return {each.headers.get("authorization", "") for each in calls}


@pytest.fixture(scope="module")
def visit(browser: Browser, example: Example) -> Iterator[Visit]:
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    visit = Visit(page, example)
    page.goto(example.home)
    yield visit
    assert visit.errors == []
    context.close()


# -- the worked example, in the order of a visit --------------------------------------------------------
def test_whoever_is_not_signed_in_is_told_so(visit: Visit) -> None:
    """The portal has no token to give: the page says that one must sign in, and has asked the backend for no run."""
    visit.wait_ready()
    expect(visit.inside.locator("#notices")).to_contain_text("Sign in")
    expect(visit.inside.locator("#connection")).to_have_attribute("data-state", "closed")
    assert visit.tokens() <= {""}


def test_a_portal_that_signs_people_in_gives_the_page_a_token(visit: Visit) -> None:
    """The cookie of the portal does not travel into the frame; the token does, in a header, and never in an address."""
    visit.page.locator("#sign-in").click()
    visit.wait_ready()
    visit.inside.locator("#connection[data-state=open]").wait_for(state="attached", timeout=20_000)
    expect(visit.inside.locator("#canvas [data-node-id]").first).to_be_visible()
    (bore,) = visit.tokens()
    token = bore.removeprefix("Bearer ")
    assert bore.startswith("Bearer ") and visit.example.portal.tokens.is_good(token)
    for request in visit.requests:
        assert token not in request.url
    assert visit.example.cookies == {None}, "no cookie came along with a call"
    assert visit.glow("return [glow.shadowRoot.querySelector('iframe').title, glow.refused]") == ["Nightly orders", 0]


def test_the_frame_has_the_rights_it_needs_and_no_more(visit: Visit) -> None:
    frame = visit.page.locator("flow-glow iframe")
    sandbox = set((frame.get_attribute("sandbox") or "").split())
    assert {"allow-scripts", "allow-same-origin", "allow-popups"} <= sandbox
    assert not sandbox & {"allow-top-navigation", "allow-top-navigation-by-user-activation", "allow-forms"}
    assert frame.get_attribute("allow") == "clipboard-write"


def test_the_portal_starts_a_run_and_hears_of_its_end(visit: Visit) -> None:
    visit.page.locator("#start").click()
    expect(visit.inside.locator("#canvas [data-node-id].executing").first).to_be_visible(timeout=10_000)
    visit.page.locator("#stop").click()
    visit.happened("run-ended").wait_for(timeout=20_000)
    assert "killed" in (visit.happened("run-ended").text_content() or "")
    expect(visit.page.locator("#status")).to_have_text("Over")


def test_the_portal_chooses_what_is_shown_and_how(visit: Visit) -> None:
    visit.page.evaluate(SAID, "selection")
    node = visit.inside.locator("#canvas [data-node-id]").nth(1).get_attribute("data-node-id")
    visit.glow(f"await glow.select({node!r}); await glow.show({{ view: 'timeline' }})")
    expect(visit.inside.locator("#panel-timeline")).to_be_visible()
    visit.page.wait_for_function(
        "(node) => said.selection?.some((each) => each.node === node && each.view === 'timeline')", arg=node
    )
    visit.glow("glow.setAttribute('view', 'canvas')")
    expect(visit.inside.locator("#canvas")).to_be_visible()
    visit.page.locator("#dark").click()
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "dark")
    accent = visit.inside.locator("html").evaluate("(html) => getComputedStyle(html).getPropertyValue('--blue')")
    assert accent == "#f0a07a", "the portal's own, for the dark"
    visit.page.locator("#dark").click()
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "light")


def test_the_portal_chooses_the_language(visit: Visit) -> None:
    """At once, in the page's own words, where the page stands; what is no language has no effect and is said."""
    html = visit.inside.locator("html")
    visit.page.evaluate(SAID, "ready")
    for lang, words, view in (("nl", "Tijdlijn", "timeline"), ("en", "Timeline", "canvas")):
        for each in ("canvas", "timeline", view):
            visit.glow(f"await glow.show({{ view: {each!r} }})")
        visit.glow(f"glow.setAttribute('lang', {lang!r})")
        visit.page.wait_for_function("(lang) => said.ready?.at(-1)?.language === lang", arg=lang, timeout=BOOT_MS)
        expect(html).to_have_attribute("lang", lang)
        expect(visit.inside.locator("#view-tabs")).to_contain_text(words)
        expect(visit.inside.locator("#view-tabs [aria-selected=true]")).to_have_attribute("id", f"{view}-title")
        visit.inside.locator("#connection[data-state=open]").wait_for(state="attached", timeout=20_000)
    refusal = visit.glow("""
      const told = new Promise((done) => glow.addEventListener("flowglow-error", done, { once: true }));
      glow.setAttribute("lang", "no language");
      return (await told).detail.error;""")
    assert refusal == "schema"
    expect(html).to_have_attribute("lang", "en")
    visit.glow("glow.removeAttribute('lang')")
    expect(html).to_have_attribute("data-theme", "light")
    expect(visit.inside.locator("#zone-runs")).to_be_hidden()


def test_what_a_portal_leaves_out_is_not_seen_and_stays_in_the_document(visit: Visit) -> None:
    header, runs = visit.inside.locator(".bar"), visit.inside.locator("#zone-runs")
    expect(header).to_be_hidden()
    expect(runs).to_be_hidden()
    assert visit.inside.locator("#runs [data-run-id]").count() == 1, "and is true"
    visit.glow("glow.setAttribute('hide', 'log, chat, output, details')")
    expect(header).to_be_visible()
    expect(runs).to_be_visible()
    for name in ("#drawer", "#zone-side", "#panel-chat"):
        expect(visit.inside.locator(name)).to_be_hidden()
    visit.glow("glow.setAttribute('hide', 'header runs')")
    expect(visit.inside.locator("#zone-side")).to_be_visible()


def test_the_frame_is_as_high_as_its_flow_needs(visit: Visit) -> None:
    seen = "[glow.offsetHeight, Math.round(glow.shadowRoot.querySelector('iframe').getBoundingClientRect().height)]"
    height, frame = visit.glow(f"return {seen}")
    assert 320 <= height <= 2_000 and abs(height - frame) <= 4
    visit.glow("glow.setAttribute('height', '500')")
    assert visit.glow("return glow.offsetHeight") in range(498, 505)
    visit.glow("glow.setAttribute('height', 'auto')")


def test_a_token_that_ended_is_asked_for_again_and_nobody_notices(visit: Visit) -> None:
    """A run is started with it: the backend refuses, the page asks the portal, and the same start goes on."""
    tokens, before = visit.example.portal.tokens, len(visit.requests)
    tokens.end_all()
    run = visit.glow("return glow.start('again')")
    assert run
    bore = visit.tokens(since=before)
    assert "" not in bore and len([each for each in bore if tokens.is_good(each.removeprefix("Bearer "))]) == 1
    expect(visit.inside.locator("#notices .notice-alert")).to_have_count(0)
    visit.glow(f"await glow.stop({run!r})")
    with pytest.raises(Exception, match="not known"):
        visit.glow("await glow.stop('nobody')")


def test_an_input_goes_into_its_field(visit: Visit) -> None:
    visit.glow("await glow.fill('from the portal')")
    expect(visit.inside.locator("#run-input")).to_have_value("from the portal")


def test_an_attribute_that_is_gone_leaves_what_holds_without_it(visit: Visit) -> None:
    """One that cannot be used takes no other along."""
    theme = visit.glow("return glow.getAttribute('theme')")
    chosen = visit.inside.locator("#view-tabs [aria-selected=true]")
    visit.glow("glow.setAttribute('view', 'timeline'); glow.setAttribute('theme', 'dark')")
    expect(chosen).to_have_attribute("id", "timeline-title")
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "dark")
    visit.glow("glow.removeAttribute('view'); glow.removeAttribute('theme')")
    expect(chosen).to_have_attribute("id", "canvas-title")
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "auto")
    node = visit.inside.locator("#canvas [data-node-id]").first.get_attribute("data-node-id")
    visit.page.evaluate(SAID, "selection")
    visit.glow(f"glow.setAttribute('view', 'nowhere'); glow.setAttribute('node', {node!r})")
    visit.page.wait_for_function("(node) => said.selection?.some((each) => each.node === node)", arg=node)
    visit.glow(f"glow.removeAttribute('node'); glow.setAttribute('theme', {theme!r})")
    visit.glow("await Promise.resolve(); await glow.fill('')")
    assert visit.page.evaluate("() => said.selection.at(-1).node") == node, "it stays when its attribute goes"
    visit.glow("glow.setAttribute('view', 'canvas')")
    told = "async () => document.querySelector('flow-glow').clientHeight"
    visit.glow("glow.setAttribute('height', '300')")
    visit.page.wait_for_function(f"async () => (await ({told})()) === 300")
    visit.glow("glow.setAttribute('height', 'auto')")
    visit.page.wait_for_function(f"async () => (await ({told})()) > 320")


def full_again(visit: Visit) -> None:
    """What may come at once may come again, by the page's own clock: what follows is not refused for it."""
    now = visit.inside.locator("html").evaluate("() => performance.now()")
    visit.page.frames[1].wait_for_function("(then) => performance.now() > then", arg=now + (1 + BURST / PER_S) * 1_000)


def test_what_cannot_be_said_is_refused_at_once(visit: Visit) -> None:
    """No promise waits for a page that was never asked; what was good goes on."""
    codes = visit.glow("""
      const code = (promise) => promise.then(() => "done", (error) => error.code);
      const circle = {};
      circle.self = circle;
      return [
        await code(glow.fill({ n: 10n })),
        await code(glow.fill(circle)),
        await code(glow.fill("x".repeat(1_000_001))),
        await code(glow.stop("no such run")),
        await code(glow.show()),
        await code(glow.show(null)),
        await code(glow.start({}, "nightly")),
        await code(glow.select(null)),
      ];""")
    assert codes == ["schema", "schema", "size", "over", "schema", "schema", "schema", "done"]
    many = visit.glow("""
      const asked = Array.from({ length: 100 }, () => glow.select(null).then(() => "done", (error) => error.code));
      return Promise.all(asked);""")
    assert many[0] == "done" and set(many) == {"done", "rate"}, "each has its answer"
    full_again(visit)
    assert visit.glow("await glow.select(null); return true"), "and what comes later is done"


def test_a_token_that_is_refused_does_not_take_the_place_of_the_one_before(visit: Visit) -> None:
    """The element says its token at each welcome: one that was refused would be refused again."""
    codes = visit.glow("""
      const code = (promise) => promise.then(() => "done", (error) => error.code);
      await glow.select(null);
      return [await code(glow.setToken(7)), await code(glow.setToken()), await code(glow.setToken("two words"))];
    """)
    assert codes == ["schema"] * 3
    before = counted(visit)
    greet_again(visit)
    visit.glow("await glow.select(null)")
    assert counted(visit) == before


def test_a_credential_that_comes_when_its_event_is_over_is_said_to_be_late(visit: Visit) -> None:
    """`respondWith` behind an `await` has no effect; the console says what to do instead."""
    with visit.page.expect_console_message(lambda said: "Give it a promise, before any `await`" in said.text):
        answers = visit.page.evaluate(
            """async (address) => {
              const { CredentialEvent } = await import(address);
              const event = new CredentialEvent("flowglow-token-needed");
              document.addEventListener(event.type, () => event.respondWith("in time"), { once: true });
              document.dispatchEvent(event);
              event.respondWith("late");
              return event.answer;
            }""",
            visit.page.locator("script[src$='embed.js']").get_attribute("src"),
        )
    assert answers == "in time"


def test_a_failure_of_the_page_is_told_without_what_it_failed_on(visit: Visit) -> None:
    visit.page.evaluate(SAID, "error")
    frame = visit.page.frames[1]
    frame.evaluate("() => flowglow.report('a promise', 'TypeError: my secret')")
    visit.page.wait_for_function("() => said.error?.length")
    (told,) = visit.page.evaluate("() => said.error")
    assert (told["source"], told["doing"], told["error"]) == ("page", "a promise", "TypeError")
    assert "my secret" not in str(told)
    visit.errors.clear()  # it is in the frame's console, where it belongs


# -- what must have no effect ---------------------------------------------------------------------------
def knock(text: str) -> str:
    return f"""() => {{
      const {{ contentWindow }} = document.querySelector('flow-glow').shadowRoot.querySelector('iframe');
      const {{ port1, port2 }} = new MessageChannel();
      globalThis.evil = port1;
      contentWindow.postMessage({text}, '*', [port2]);
    }}"""


CONNECT = """JSON.stringify({ flowglow: "v1", type: "connect" })"""


def counted(visit: Visit) -> int:
    return int(visit.refused.text_content() or 0)


def test_a_window_that_is_not_around_the_page_is_refused(visit: Visit) -> None:
    """Of the portal's own origin, in a frame beside: it has our window, and is not the one that shows it."""
    before = counted(visit)
    visit.page.evaluate("() => document.body.append(document.createElement('iframe'))")
    beside = visit.page.frames[-1]
    beside.evaluate(
        f"""() => parent.document.querySelector("flow-glow").shadowRoot.querySelector("iframe").contentWindow
          .postMessage({CONNECT}, "*", [new MessageChannel().port2])"""
    )
    expect(visit.refused).to_have_text(str(before + 1))
    expect(visit.inside.locator("#inspector .quarantine")).to_contain_text("(source")
    visit.page.evaluate("() => document.body.lastElementChild.remove()")
    assert visit.glow("await glow.select(null); return true"), "who speaks already goes on"


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("version", """'{"flowglow":"v9","type":"connect"}'"""),
        ("schema", """'{"flowglow":"v1","type":"obey"}'"""),
        ("schema", """'{"flowglow"'"""),
        ("size", """'{"flowglow":"v1","type":"connect","x":"' + "x".repeat(1_000_001) + '"}'"""),
    ],
)
def test_a_knock_that_is_wrong_has_no_effect(visit: Visit, why: str, text: str) -> None:
    before = counted(visit)
    visit.page.evaluate(knock(text))
    expect(visit.refused).to_have_text(str(before + 1))
    visit.page.evaluate("""() => evil.postMessage(JSON.stringify({ type: "look", theme: "dark" }))""")
    assert visit.glow("await glow.select(null); return true"), "the channel that was there is"
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "light")


def test_messages_of_others_are_left_alone(visit: Visit) -> None:
    """Extensions and other libraries speak to windows, too: what is not meant for flowglow is not even counted."""
    before = counted(visit)
    for text in ('{ source: "devtools" }', '"hello"', "null", '{ flowglow: "v1", type: "connect" }'):
        visit.page.evaluate(knock(text))
    assert visit.glow("await glow.select(null); return true")
    assert counted(visit) == before


def test_over_the_channel_what_is_wrong_has_no_effect_and_a_flood_is_cut(visit: Visit) -> None:
    """The control first: the same channel, used rightly, has one."""
    visit.page.evaluate(knock(CONNECT))
    visit.page.evaluate("""() => evil.postMessage(JSON.stringify({ type: "look", theme: "dark" }))""")
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "dark")
    before = counted(visit)
    for number, wrong in enumerate((
        """JSON.stringify({ type: "explode" })""",
        """JSON.stringify({ type: "look", theme: "pink" })""",
        """JSON.stringify({ type: "look", style: { accent: "url(https://evil.example/)" } })""",
        """({ type: "look", theme: "light" })""",
        """'{"type":"fill","input":"' + "x".repeat(1_000_001) + '"}'""",
    )):  # fmt: skip
        visit.page.evaluate(f"() => evil.postMessage({wrong})")
        expect(visit.refused).to_have_text(str(before + number + 1))
    expect(visit.inside.locator("html")).to_have_attribute("data-theme", "dark")
    visit.page.evaluate("""() => {
      for (let n = 0; n < 2_000; n++) evil.postMessage(JSON.stringify({ type: "fill", input: String(n) }));
    }""")
    expect(visit.inside.locator("#inspector .quarantine")).to_contain_text("(rate")
    field = visit.inside.locator("#run-input")
    expect(field).not_to_have_value("1999")
    element = visit.refused.element_handle()
    visit.page.frames[1].wait_for_function(
        "([shown, least]) => Number(shown.textContent) > least", arg=[element, before + 1_800], timeout=20_000
    )


GREET = """() => {
  const glow = document.querySelector("flow-glow");
  if (!globalThis.greeted) glow.addEventListener("flowglow-ready", () => (greeted.ready = true), { once: true });
  globalThis.greeted ??= {};
  if (greeted.ready) return !(globalThis.greeted = undefined);
  const data = JSON.stringify({ flowglow: "v1", type: "hello", listens: true });
  const { origin } = new URL(glow.getAttribute("src"));
  const { contentWindow: source } = glow.shadowRoot.querySelector("iframe");
  dispatchEvent(new MessageEvent("message", { data, origin, source }));
}"""


def greet_again(visit: Visit) -> None:
    """The page says hello until it is heard: element and page speak over a new channel."""
    visit.page.wait_for_function(GREET, polling=500, timeout=20_000)


def test_the_element_reads_only_its_own_frame(visit: Visit) -> None:
    """A message of another origin or window changes nothing; the control is the hello of the frame itself."""
    count = visit.glow("""
      const ours = glow.shadowRoot.querySelector("iframe").contentWindow;
      const origin = new URL(glow.getAttribute("src")).origin;
      const hear = (data, from = origin, source = ours) =>
        dispatchEvent(new MessageEvent("message", { data, origin: from, source }));
      const hello = (more) => JSON.stringify({ flowglow: "v1", type: "hello", ...more });
      const before = glow.refused;
      let channels = 0;
      const { MessageChannel: Channel } = globalThis;
      globalThis.MessageChannel = class extends Channel { constructor() { super(); channels += 1; } };
      hear(hello(), "https://evil.example");
      hear(hello(), "null");
      hear(hello({ flowglow: "v7" }));
      hear(hello({ type: "ready" }));
      hear('{"flowglow": 1}');
      hear('{"flowglow":"v1","type":"hello","x":"' + "x".repeat(1_000_001) + '"}');
      hear(hello(), origin, window);
      hear({ flowglow: "v1" });
      globalThis.MessageChannel = Channel;
      return [glow.refused - before, channels];""")
    assert count == [6, 0], "and those that are not of its frame, or not for it, are none of its business"
    greet_again(visit)


def test_what_a_page_says_too_often_has_no_effect_and_is_said_once(visit: Visit) -> None:
    """A flood from the frame itself, at the window and over the channel; behind it the element goes on."""
    before = visit.glow("""
      globalThis.complaints = [];
      glow.addEventListener("flowglow-error", ({ detail }) => complaints.push(detail.error));
      return glow.refused;""")
    visit.page.evaluate("""() => {
      const Real = MessageChannel;
      globalThis.MessageChannel = class extends Real {
        constructor() {
          super();
          globalThis.ours = this.port1;
          globalThis.channels = (globalThis.channels ?? 0) + 1;
        }
      };
    }""")
    visit.page.frames[1].evaluate(
        """(origin) => {
      for (let n = 0; n < 3_000; n++) parent.postMessage('{"flowglow":"v1","type":"hello","listens":false}', origin);
    }""",
        visit.example.home,
    )
    visit.page.wait_for_function("(before) => document.querySelector('flow-glow').refused > before + 1_000", arg=before)
    assert visit.page.evaluate("() => channels") < 2_000
    heights = visit.glow("""
      let heights = 0;
      glow.addEventListener("flowglow-height", () => (heights += 1));
      for (let n = 0; n < 3_000; n++) ours.dispatchEvent(new MessageEvent("message", {
        data: JSON.stringify({ type: "height", height: 700 + n }),
      }));
      return heights;""")
    assert heights < 2_000
    refused, complaints = visit.glow("return [glow.refused, complaints]")
    assert refused > before + 3_000
    assert complaints == ["rate"]
    visit.page.evaluate("() => (globalThis.MessageChannel = Object.getPrototypeOf(MessageChannel))")
    greet_again(visit)
    assert visit.glow("await glow.select(null); return true"), "who speaks as before is heard"


# -- two on one page, taken away, put back --------------------------------------------------------------
WATCH = """() => {
  globalThis.listening = 0;
  const [add, remove] = [window.addEventListener, window.removeEventListener];
  const count = (name, by) => { if (name === "message") listening += by; };
  window.addEventListener = (name, ...rest) => { count(name, 1); return add.call(window, name, ...rest); };
  window.removeEventListener = (name, ...rest) => { count(name, -1); return remove.call(window, name, ...rest); };
}"""


def test_a_second_one_speaks_for_itself_and_leaves_nothing_behind(visit: Visit, example: Example) -> None:
    """Each hears its own frame; taken away, its socket and listener are gone; put back, it is as its attributes say."""
    page = visit.page
    page.evaluate(WATCH)
    sockets = example.sockets()
    page.evaluate("""() => {
      const second = globalThis.second = document.querySelector("flow-glow").cloneNode();
      second.setAttribute("flow", "approvals");
      second.setAttribute("height", "480");
      second.id = "second";
      globalThis.heard = [];
      for (const name of ["ready", "selection"]) {
        second.addEventListener(`flowglow-${name}`, ({ detail }) => heard.push(detail));
      }
      second.addEventListener("flowglow-token-needed", (event) => event.respondWith(freshTokenOf()));
      globalThis.freshTokenOf = async () => (await (await fetch("token", { method: "POST" })).json()).token;
      document.querySelector("main").append(second);
    }""")
    page.wait_for_function("() => heard.some((each) => each.flow === 'approvals' && each.view)", timeout=BOOT_MS)
    assert page.evaluate("() => listening") == 1
    example.wait_sockets(sockets + 1)
    page.evaluate("() => (second.scrollIntoView(), second.show({ view: 'timeline' }))")
    expect(page.frame_locator("#second iframe").locator("#panel-timeline")).to_be_visible()
    expect(visit.inside.locator("#view-tabs [aria-selected=true]")).to_have_attribute("id", "canvas-title")
    pending = page.evaluate("""async () => {
      const asked = second.start("x", { flow: "linear" }).then(() => "started", (error) => error.code);
      second.remove();
      return asked;
    }""")
    assert pending == "gone"
    assert page.evaluate("() => [listening, second.shadowRoot.querySelector('iframe')]") == [0, None]
    example.wait_sockets(sockets)
    page.evaluate("() => { heard.length = 0; document.querySelector('main').append(second); }")
    page.wait_for_function(
        "() => heard.some((each) => each.flow === 'approvals' && each.view === 'canvas')", timeout=BOOT_MS
    )
    page.evaluate("() => second.remove()")
    example.wait_sockets(sockets)


def test_a_run_that_ends_while_the_page_loads_anew_is_told_of(visit: Visit) -> None:
    """The page in its new language never saw it under way; the element did."""
    visit.page.evaluate(SAID, "ready")
    visit.page.evaluate(SAID, "run-ended")
    expect(visit.inside.locator("#editor")).to_have_attribute("data-locked", "false")
    run = visit.glow("return await glow.start()")
    expect(visit.inside.locator("#canvas [data-node-id].executing").first).to_be_visible(timeout=10_000)
    bore = [bore for each in visit.requests if (bore := each.headers.get("authorization"))][-1]
    visit.glow("glow.setAttribute('lang', 'nl')")
    visit.inside.locator("html[data-app=booting]").wait_for(state="attached")
    stop = f"{visit.example.home}/api/runs/{run}/stop"
    assert visit.page.request.post(stop, headers={"authorization": bore}).ok
    visit.page.wait_for_function("() => said.ready?.at(-1)?.language === 'nl'", timeout=BOOT_MS)
    visit.page.wait_for_function("(run) => said['run-ended']?.some((each) => each.run === run)", arg=run)
    visit.glow("glow.setAttribute('lang', 'en')")
    visit.page.wait_for_function("() => said.ready?.at(-1)?.language === 'en'", timeout=BOOT_MS)
    assert visit.page.evaluate("(run) => said['run-ended'].filter((each) => each.run === run).length", run) == 1
    visit.glow("glow.removeAttribute('lang')")


def test_what_is_asked_while_the_page_loads_anew_is_done_by_the_next_one(visit: Visit) -> None:
    visit.page.evaluate(SAID, "ready")
    before = visit.glow("return glow.getAttribute('flow')")
    visit.glow("glow.setAttribute('lang', 'nl')")
    visit.inside.locator("html[data-app=booting]").wait_for(state="attached")
    visit.glow("""
      globalThis.outcome = {};
      const note = (name, asked) => asked.then(() => (outcome[name] = "done"), ({ code }) => (outcome[name] = code));
      note("show", glow.show({ view: "timeline" }));
      glow.setAttribute("flow", "approvals");
    """)
    visit.page.wait_for_function("() => said.ready?.at(-1)?.language === 'nl'", timeout=BOOT_MS)
    visit.page.wait_for_function("() => outcome.show === 'done'", timeout=BOOT_MS)
    expect(visit.inside.locator("#timeline-title")).to_have_attribute("aria-selected", "true")
    expect(visit.inside.locator("#flow-select")).to_have_value("approvals")
    visit.glow(f"glow.setAttribute('flow', '{before}'); glow.setAttribute('lang', 'en');")
    visit.glow("glow.show({ view: 'canvas' })")
    visit.page.wait_for_function("() => said.ready?.at(-1)?.language === 'en'", timeout=BOOT_MS)
    expect(visit.inside.locator("#flow-select")).to_have_value(before)
    visit.glow("glow.removeAttribute('lang')")


def test_what_begins_or_ends_a_run_is_not_asked_twice(visit: Visit) -> None:
    """The page says hello anew before it could answer: of a stop, nobody knows whether it was done."""
    outcome = visit.glow("""
      const told = (asked) => asked.then(() => "done", ({ code }) => code);
      const asked = [told(glow.stop("nobody")), told(glow.show({ view: "canvas" }))];
      const source = glow.shadowRoot.querySelector("iframe").contentWindow;
      const { origin } = new URL(glow.getAttribute("src"));
      dispatchEvent(new MessageEvent("message", { data: '{"flowglow":"v1","type":"hello"}', origin, source }));
      return Promise.all(asked);
    """)
    assert outcome == ["gone", "done"]


def test_of_languages_that_are_wanted_one_behind_the_other_the_last_counts(visit: Visit) -> None:
    """Also the one that the page still speaks, while another one is on its way."""
    visit.page.evaluate(SAID, "ready")
    visit.page.evaluate("() => { said.ready = []; }")
    visit.glow("""
      glow.setAttribute("lang", "nl");
      await new Promise((done) => setTimeout(done));
      glow.setAttribute("lang", "en");
    """)
    visit.page.wait_for_function("() => said.ready.length", timeout=BOOT_MS)
    assert visit.page.evaluate("() => said.ready.some((each) => each.language !== 'en')") is False
    visit.glow("glow.removeAttribute('lang')")


def test_one_that_begins_badly_is_mended_by_its_attributes(visit: Visit) -> None:
    """An address that comes later, a wish that cannot be said, a person who is sent to sign in: nothing is stuck."""
    page = visit.page
    page.evaluate("""() => {
      const late = globalThis.late = document.querySelector("flow-glow").cloneNode();
      late.id = "late";
      late.setAttribute("src", "http://");
      globalThis.outcome = {};
      const note = (name, asked) => asked.then(() => (outcome[name] = "done"), ({ code }) => (outcome[name] = code));
      note("unsayable", late.fill({ n: 10n }));
      note("view", late.show({ view: "timeline" }));
      late.addEventListener("flowglow-ready", () => (outcome.ready = true));
      late.addEventListener("flowglow-token-needed", () => { if (outcome.sent) late.remove(); });
      document.querySelector("main").append(late);
      late.scrollIntoView();
    }""")
    assert page.evaluate("() => late.shadowRoot.querySelector('iframe')") is None
    page.evaluate("(src) => late.setAttribute('src', src)", visit.glow("return glow.getAttribute('src')"))
    said = page.evaluate("() => late.setToken('good for nothing').then(() => 'done', ({ code }) => code)")
    assert said == "schema", "at once, though the page is not there yet"
    page.wait_for_function("() => outcome.ready && outcome.view", timeout=BOOT_MS)
    assert page.evaluate("() => [outcome.unsayable, outcome.view]") == ["schema", "done"]
    expect(page.frame_locator("#late iframe").locator("#timeline-title")).to_have_attribute("aria-selected", "true")
    page.evaluate(
        "() => { outcome.sent = true; late.setToken(null).catch(() => 0); late.setAttribute('protocol', 'portal'); }"
    )
    page.wait_for_function("() => !late.isConnected", timeout=BOOT_MS)
    styled = page.evaluate("""() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      frame.contentDocument.adoptNode(late);
      document.body.append(late);
      const sheets = late.shadowRoot.adoptedStyleSheets.length;
      late.remove();
      frame.remove();
      return sheets;
    }""")
    assert styled == 1


def test_a_portal_hears_that_the_page_could_not_start(browser: Browser, example: Example) -> None:
    """Once; and that it is ready, where it starts after all."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto(example.home)
    line = page.locator("#happened [data-event=error]")
    expect(line).to_contain_text("could not start", timeout=BOOT_MS)
    page.unroute_all()
    inside = page.locator("flow-glow").first.locator("iframe").content_frame
    inside.locator("#boot-retry").click()
    inside.locator("html[data-app=ready]").wait_for(timeout=BOOT_MS)
    page.locator("#happened [data-event=ready]").wait_for(timeout=20_000)
    expect(line).to_have_count(1)
    context.close()


def test_a_portal_hears_that_the_page_cannot_go_on(browser: Browser, example: Example) -> None:
    """Python died more often than it is started again: what is asked from then on waits for the page that is loaded."""

    def mortal(route: Route) -> None:
        text = route.fetch().text()
        assert "const MOST = 3" in text
        route.fulfill(body=text.replace("const MOST = 3", "const MOST = 0"), content_type="text/javascript")

    context = browser.new_context()
    page = context.new_page()
    page.route("**/supervisor.mjs", mortal)
    visit = Visit(page, example)
    page.goto(example.home)
    visit.wait_ready()
    page.frames[1].evaluate(KILL)
    expect(visit.happened("error")).to_contain_text("cannot go on")
    visit.glow("globalThis.stopped = glow.stop('r').then(() => 'done', ({ code }) => code)")
    visit.inside.locator("#runtime button").click()
    assert page.evaluate("() => stopped") == "over", "by the next page, which was asked"
    expect(visit.happened("error")).to_have_count(1)
    context.close()


def test_a_page_that_does_not_know_the_portal_says_nothing_and_has_no_button_that_acts(
    browser: Browser, example: Example
) -> None:
    """The same portal, of which `frames` says nothing: no order has an effect, and nothing can be started there."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    visit = Visit(page, example)
    known, example.frames[:] = list(example.frames), []
    try:
        page.goto(example.home)
        page.locator("#sign-in").click()
        visit.inside.locator("html[data-app=ready]").wait_for(timeout=BOOT_MS)
        expect(visit.happened("error")).to_contain_text("frames", timeout=20_000)
        assert visit.happened("ready").count() == 0
        assert counted(visit) >= 1
        expect(visit.inside.locator("#inspector .quarantine")).to_contain_text("(origin")
        for name in ("#play", "#stop", "[data-run-again]"):
            expect(visit.inside.locator(name)).to_be_hidden()
    finally:
        example.frames[:] = known
        context.close()
