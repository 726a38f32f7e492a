"""`python -m flowglow <command>`: one module of `flowglow.commands` each."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from .commands import COMMANDS, EXTRAS
from .signals import KILLED, end_at_once, ended_at_once
from .terminal import forgive


def main(words: Sequence[str], commands: Sequence[str] = COMMANDS) -> int:
    """Carry out a command; its exit status, 2 where the words make no command."""
    with ended_at_once():
        options = _parse(words, commands)
        if options is None:
            return 1
    status: int = import_module(f"flowglow.commands.{options.command}").run(options)
    return status


def _parse(words: Sequence[str], commands: Sequence[str]) -> argparse.Namespace | None:
    """What was asked for; None, and a sentence, where a library for it is missing."""
    parser = argparse.ArgumentParser(prog="python -m flowglow", description="A live-run page for flows and agents.")
    choices = parser.add_subparsers(dest="command", metavar="command", required=True)
    given = _with_command(words, commands)
    for name in commands:
        try:
            module = import_module(f"flowglow.commands.{name}")
        except ModuleNotFoundError as error:
            install = _install(name, error)
            if given[:1] == [name]:
                print(f"flowglow: `{name}` needs {error.name}: {install}.", file=sys.stderr)
                return None
            choices.add_parser(name, help=f"({install})")
            continue
        summary = (module.__doc__ or "").splitlines()[0]
        module.describe(choices.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(given)
    name = options.command
    try:
        if (needs := getattr(import_module(f"flowglow.commands.{name}"), "NEEDS", None)) is not None:
            import_module(needs)
    except ModuleNotFoundError as error:
        print(f"flowglow: `{name}` needs {error.name}: {_install(name, error)}.", file=sys.stderr)
        return None
    return options


def _install(name: str, error: ModuleNotFoundError) -> str:
    """How to get the libraries of a command. Raises the error where it is a mistake of our own."""
    if (error.name or "").partition(".")[0] in ("flowglow", "pyapp"):
        raise error
    return f"pip install 'flowglow[{EXTRAS.get(name, name)}]'"


def _with_command(words: Sequence[str], commands: Sequence[str]) -> list[str]:
    """`python -m flowglow --ws … --api …` serves the page: the first command need not be named."""
    named = not words or not words[0].startswith("-") or words[0] in ("-h", "--help")
    return list(words) if named else [commands[0], *words]


def console() -> int:
    """The script `flowglow`: a command in a process of its own, which Ctrl-C ends without a trace at any moment."""
    forgive(sys.stdout)
    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:
        return KILLED + signal.SIGINT
    finally:
        end_at_once()


if __name__ == "__main__":
    sys.exit(console())
