"""`python -m setup page [tests | engines | dist]`: make the page runnable; testable, in other browsers too; deployed.

`lock`: pin anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from .browser_libraries import ensure_libraries
from .built import ensure_built
from .chromium import ensure_chromium
from .dist import make_dist
from .engines import ensure_engines, ensure_firefox
from .environment import ensure_environment
from .machine import Machine, SetupError
from .place import HERE, Place
from .redis import ensure_redis
from .relock import relock
from .site import write_site
from .vectors import ensure_vectors


def page(place: Place, machine: Machine) -> None:
    """Everything that the page and its dev server need."""
    ensure_environment(place, machine)
    ensure_libraries(place, machine)
    for name in write_site(place.root):
        machine.say(f"{name} is brought in line with the tree")
    ensure_built(place, machine)


def tests(place: Place, machine: Machine) -> None:
    """What the tests need beside that: browsers, a Redis, and what they send to the page."""
    ensure_chromium(place, machine)
    ensure_firefox(place, machine)
    ensure_redis(place, machine)
    ensure_vectors(place, machine)


STEPS: dict[str, Callable[[Place, Machine], None]] = {
    "page": page,
    "tests": tests,
    "engines": ensure_engines,
    "dist": make_dist,
    "lock": relock,
}


def main(
    words: list[str],
    place: Place = HERE,
    machine: Machine | None = None,
    steps: dict[str, Callable[[Place, Machine], None]] = STEPS,
) -> int:
    """Carry out the named steps, in order; 1 and a sentence when one fails."""
    if not words or any(word not in steps for word in words):
        print(f"usage: python -m setup {' | '.join(steps)} …", file=sys.stderr)
        return 2
    try:
        for word in words:
            steps[word](place, machine or Machine())
    except SetupError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("✗ The set-up was interrupted; run the same command again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
