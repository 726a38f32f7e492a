"""The commands of `python -m flowglow`, a module each.

`describe(parser)` says what a command takes, `run(options)` does it. `NEEDS`, where there is one, is the module that
`run` imports at last, for whose libraries nobody has to wait who only asks for help.
"""

from __future__ import annotations

COMMANDS: tuple[str, ...] = ("serve", "relay", "check", "watch")
"""Their names, in the order in which help lists them; the first is meant where none is named."""

EXTRAS = {"check": "watch"}
"""Command → the extra that has the libraries it needs, where that is not called as the command is."""
