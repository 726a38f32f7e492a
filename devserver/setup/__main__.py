"""`python -m devserver.setup page [tests]`: make the page runnable, and testable. `lock`: pin anew."""

from __future__ import annotations

import sys

from .browser_libraries import ensure_libraries
from .chromium import ensure_chromium
from .environment import ensure_environment
from .relock import relock
from .site import write_site
from .step import SetupError


def page() -> None:
    """Everything that the page and its dev server need."""
    ensure_environment()
    ensure_libraries()
    write_site()


STEPS = {"page": page, "tests": ensure_chromium, "lock": relock}


def main(words: list[str]) -> int:
    """Carry out the named steps, in order; 1 and a sentence when one fails."""
    unknown = [word for word in words if word not in STEPS]
    if unknown or not words:
        print(f"usage: python -m devserver.setup {' | '.join(STEPS)} …", file=sys.stderr)
        return 2
    try:
        for word in words:
            STEPS[word]()
    except SetupError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("✗ The set-up was interrupted; run the same command again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
