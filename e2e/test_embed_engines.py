"""The worked example of a portal in Firefox and in WebKit: its clicks count, and it starts and stops a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .engines.engine import Engine
from .portal_example.running import running_example
from .test_engines import ENGINES, START_S

pytestmark = pytest.mark.tree("the example serves the tree, set up for its own origins")
LISTEN = """() => {
  globalThis.ready = null;
  const glow = document.querySelector("flow-glow");
  glow.addEventListener("flowglow-ready", ({ detail }) => (globalThis.ready = detail));
  return true;
}"""


@pytest.fixture(params=ENGINES)
def visit(request: pytest.FixtureRequest, built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine: Engine = request.param(tmp_path_factory)
    try:
        with running_example() as example:
            engine.open(example.home)
            engine.call("() => fetch('sign-in', { method: 'POST' }).then(() => null)")
            engine.open(example.home)
            engine.wait("() => Boolean(document.querySelector('flow-glow')?.start)")
            engine.call(LISTEN)
            yield engine
    finally:
        engine.close()


def test_the_portal_is_known_and_its_wishes_count(visit: Engine) -> None:
    """Also where a browser keeps from the page who frames it: whoever speaks is vouched for."""
    visit.wait("() => ready", within_s=START_S)
    assert visit.call("() => ready.acts") is True
    run = visit.call("() => document.querySelector('flow-glow').start('from the portal')")
    assert isinstance(run, str) and run
    visit.call("() => document.querySelector('flow-glow').stop().then(() => true)")
    visit.seen("#happened [data-event=run-ended]", within_s=60)
    assert visit.call("() => document.querySelector('flow-glow').refused") == 0
