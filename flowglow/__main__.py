"""`python -m flowglow <command>`: one module of `flowglow.commands` each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from .commands import COMMANDS


def main(words: Sequence[str], commands: Sequence[str] = COMMANDS) -> int:
    """Carry out a command; its exit status, 2 where the words make no command."""
    parser = argparse.ArgumentParser(prog="python -m flowglow", description="A live-run page for flows and agents.")
    choices = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name in commands:
        module = import_module(f"flowglow.commands.{name}")
        summary = (module.__doc__ or "").splitlines()[0]
        module.describe(choices.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(_with_command(words, commands))
    status: int = import_module(f"flowglow.commands.{options.command}").run(options)
    return status


def _with_command(words: Sequence[str], commands: Sequence[str]) -> list[str]:
    """`python -m flowglow --ws … --api …` serves the page: the first command need not be named."""
    named = not words or not words[0].startswith("-") or words[0] in ("-h", "--help")
    return list(words) if named else [commands[0], *words]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
