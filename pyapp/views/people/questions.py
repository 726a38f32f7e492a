"""Questions: the fields of one card, by the kind of requirement, and the answer they amount to."""

from __future__ import annotations

from typing import Any, Final

from ...contract.text import text_of
from ...run.record import Wanted
from ..parts import Parts
from .fields import Fields

DECIDED: Final = ("confirmation", "output_review")
"""What is approved or rejected; all else is filled in and sent."""


class Question(Fields):
    """The fields of one requirement, each bearing the `number` of its card."""

    def __init__(self, parts: Parts, wanted: Wanted, number: str) -> None:
        super().__init__(parts, number)
        self._kind = wanted.requirement.kind
        self._reviewed = text_of(reviewed(wanted))
        self.actions = ("approve", "reject") if self._kind in DECIDED else ("submit",)
        self._build(wanted)

    def answer(self, action: str) -> dict[str, Any] | None:
        """What goes to the server, without the id; None when something is missing, which then is said beside it."""
        if self._kind == "output_review" and action == "reject":
            return {"confirmed": False}
        values = self.values()
        if values is None:
            return None
        if self._kind == "confirmation":
            return {"confirmed": action == "approve", **{name: note for name, note in values.items() if note}}
        if self._kind == "output_review":
            return {"confirmed": True, **(values if values["result"] != self._reviewed else {})}
        return values if self._kind in ("external_execution", "route_selection") else {"values": values}

    def _build(self, wanted: Wanted) -> None:
        requirement, words = wanted.requirement, self._words
        if self._kind == "confirmation":
            if requirement.note is not False:
                self.text("note", words("interaction.note"), required=False)
        elif self._kind == "output_review":
            self.text("result", words("interaction.review"), self._reviewed, required=False, rows=8)
        elif self._kind == "external_execution":
            self.text("result", words("interaction.result"))
        elif self._kind == "route_selection":
            self.choices(requirement.choices or [], bool(requirement.multiple))
        else:
            self.schema(requirement.input_schema or [])
            if requirement.choices:
                self.choices(requirement.choices, bool(requirement.multiple))
            if not self:
                self.text("feedback", words("interaction.feedback"))


def reviewed(wanted: Wanted) -> Any:
    """The output to look at: what came with the requirement, else what the pause said."""
    extra = wanted.requirement.model_extra or {}
    candidates = (extra.get("output"), extra.get("content"), wanted.content, wanted.requirement.raw)
    return next((each for each in candidates if each is not None), "")
