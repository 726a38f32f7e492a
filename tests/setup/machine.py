"""A machine for the tests of the set-up: it has some programs, and runs nothing."""

from __future__ import annotations

from setup.machine import Machine


class Bare(Machine):
    """A machine with these programs, and root unless said; what is said is noted. Whoever derives from it says what
    a command does.
    """

    def __init__(self, *programs: str, root: bool = True) -> None:
        super().__init__()
        self.programs = set(programs)
        self.root = root
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def find(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def is_root(self) -> bool:
        return self.root
