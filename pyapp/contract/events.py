"""The 17 execution events (docs/contract.md §1).

Strict types, so that `true` is no integer and NaN no number; unknown fields are kept. Shapes only, never a meaning.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, OnErrorOmit, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator

from .lenient import Lenient
from .usage import Usage

NodeEnd = Literal["success", "error", "killed"]
RequirementKind = Literal[
    "confirmation", "user_input", "user_feedback", "external_execution", "route_selection", "output_review"
]

Id = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""A JSON integer that every JavaScript peer can also hold exactly."""


class Wire(BaseModel):
    """Base of everything that comes over the wire."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)


class BaseEvent(Wire):
    """Fields common to every event."""

    event: str
    run_id: Id
    event_id: Id | None = None
    seq: Count | None = None
    ts: float | None = None
    """Server time in seconds since the epoch: for display, never for order."""
    source_run_id: str | None = None
    parent_run_id: str | None = None
    session_id: str | None = None
    source_event: str | None = None


class NodeRef(BaseEvent):
    """An event that may name a node of the canvas."""

    node_id: Id | None = None
    node_name: str | None = None
    parent_node_id: Id | None = None
    iteration: int | None = None


class NodeEvent(NodeRef):
    """An event that always names a node."""

    node_id: Id


class RunStart(BaseEvent):
    event: Literal["run_start"]
    flow_id: str | None = None
    entity_kind: str | None = None
    entity_name: str | None = None


class RunEnd(BaseEvent):
    event: Literal["run_end"]
    status: NodeEnd | None = None
    error: Any = None
    content: Any = None


class ResumeStart(BaseEvent):
    event: Literal["resume_start"]
    resolved: list[str] | None = None
    answers: Lenient[list[Any]] = None
    """What people answered, each with the `id` of its requirement, as `continue` took it; `at` and `by` where known."""


class ResumeEnd(BaseEvent):
    event: Literal["resume_end"]
    status: NodeEnd | Literal["paused"] | None = None
    error: Any = None


class StartNode(NodeEvent):
    event: Literal["start_node"]
    order: Count | None = None
    child_count: Count | None = None
    node_type: str | None = None
    input: Any = None


class EndNode(NodeEvent):
    event: Literal["end_node"]
    status: NodeEnd
    order: Count | None = None
    content: Any = None
    error: Any = None
    variables: dict[str, Any] | None = None
    implied: bool | None = None
    usage: Lenient[Usage] = None


class StartTool(NodeEvent):
    event: Literal["start_tool"]
    tool_call_id: Id | None = None
    tool_name: str | None = None
    tool_args: dict[str, Any] | None = None


class EndTool(NodeEvent):
    event: Literal["end_tool", "TeamToolCallCompleted"]
    tool_call_id: Id | None = None
    tool_name: str | None = None
    status: str | None = None
    result: Any = None
    error: Any = None
    duration: float | None = None
    """Seconds."""
    usage: Lenient[Usage] = None
    withdrawn: Lenient[bool] = None
    """Nobody has done it or will: it goes, as if it had not been made."""


class Text(NodeRef):
    """What text events share: `content` is added to its source's text, or replaces it (`mode: snapshot`)."""

    content: Any
    mode: Literal["delta", "snapshot"] | None = None
    agent_id: str | None = None
    team_id: str | None = None
    name: str | None = None
    last: Lenient[bool] = None
    """Nothing will be added: what its source says next is another message."""
    usage: Lenient[Usage] = None


class Content(Text):
    event: Literal["RunContent", "TeamRunContent"]


class Reasoning(Text):
    event: Literal["ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent"]
    step: dict[str, Any] | None = None


class SchemaField(Wire):
    """One field of a form that a person is asked to fill in."""

    name: Id
    type: str
    description: str | None = None
    value: Any = None
    required: bool | None = None


class Requirement(Wire):
    """One thing a paused run waits for. `note`: false where there is no place for one beside the decision."""

    id: Id
    kind: RequirementKind
    prompt: str | None = None
    tool_name: str | None = None
    tool_args: dict[str, Any] | None = None
    input_schema: list[SchemaField] | None = None
    choices: list[Any] | None = None
    multiple: bool | None = None
    expires_at: float | str | None = None
    note: Lenient[bool] = None
    raw: Any = None


QUESTIONS: TypeAdapter[list[Requirement]] = TypeAdapter(list[Requirement])


def _readable(given: Any, read: ValidatorFunctionWrapHandler) -> list[Requirement]:
    return read(given) or QUESTIONS.validate_python(given)


class AgentPaused(NodeRef):
    event: Literal["AgentPaused"]
    requirements: Annotated[list[OnErrorOmit[Requirement]], WrapValidator(_readable)]
    """Those that can be read: what else is asked, they are asked. A pause of which none can be read is none."""
    pause_scope: str | None = None
    continue_run_id: str | None = None
    content: Any = None


class ChatHTML(NodeRef):
    event: Literal["ChatHTML"]
    html: str
    message_id: Id | None = None


class InteractionEvent(NodeRef):
    event: Literal["interaction_event"]
    interaction: Literal["oauth"]
    interaction_id: Id
    auth_url: str
    provider: str | None = None
    scopes: list[str] | str | None = None
    expires_at: float | str | None = None
    requirement_id: str | None = None
    status: Literal["pending", "completed", "failed", "expired"] | None = None


Event = (
    RunStart | RunEnd | ResumeStart | ResumeEnd | StartNode | EndNode | StartTool | EndTool | Content
    | Reasoning | AgentPaused | ChatHTML | InteractionEvent
)  # fmt: skip
EVENT_ADAPTER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def names(messages: Any, field: str) -> frozenset[str]:
    """What the messages of a union are called: the words that their discriminating field may be."""
    return frozenset(name for model in get_args(messages) for name in get_args(model.model_fields[field].annotation))


EVENTS = names(Event, "event")
"""The names of the 17 events."""
TEXTS = names(Content | Reasoning, "event")
