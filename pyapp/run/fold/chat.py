"""The fold of the chat: what agents and teams say, think and do, as messages, one source never mixed with another.

A tool call stands where it happened; text of the same source behind it is a new message. A snapshot is all that its
source has said.
"""

from __future__ import annotations

from typing import get_args

from ...contract.events import BaseEvent, ChatHTML, Content, NodeRef, Reasoning, StartTool, Text
from ..record import ChatKind, Message, ToolCall
from . import usage, wording
from .step import MAX_MESSAGES, Step, evict

TEXTS: tuple[ChatKind, ...] = ("text", "reasoning")
OURS = tuple(f"{kind}/" for kind in get_args(ChatKind))
"""How every key of a message begins. An id of a server's that begins so is not shown: its message goes by its key."""


def source_of(event: BaseEvent) -> str:
    """Who speaks: source_run_id, else agent_id or team_id, else the run."""
    return event.source_run_id or _named(event) or event.run_id


def _named(event: BaseEvent) -> str | None:
    """The agent or team that an event names; of an event without such a field, whatever stands there."""
    names = getattr(event, "agent_id", None), getattr(event, "team_id", None)
    return next((each for each in names if each and isinstance(each, str)), None)


def said(step: Step, event: Text) -> None:
    """More of a message, or all of it; `last`: its source goes on with another one.

    All of it, and `last`: what holds nothing of it is taken back.
    """
    kind: ChatKind = "text" if isinstance(event, Content) else "reasoning"
    _said(step, event, kind)
    if not event.last:
        return
    source = source_of(event)
    _seal(step, source)
    latest = _latest(step, source, kind)
    if latest is not None:
        latest.whole = True
    if event.mode == "snapshot":
        _take_back(step, source, kind)


def _said(step: Step, event: Text, kind: ChatKind) -> None:
    thought = event.step if isinstance(event, Reasoning) else None
    text = event.content if isinstance(event.content, str) else wording.as_code(event.content)
    source = source_of(event)
    message = _latest(step, source, kind)
    if event.mode == "snapshot":
        message = _snapshot(step, event, source, kind, text)
    elif text or thought:
        message = _filling(step, event, source, kind)
        wording.say(message, text)
    if message is None:
        return
    if thought:
        message.steps.append(thought)
    if event.usage is not None:
        usage.heard(step, message.node_id or event.node_id, message.usage, event.usage)
        message.usage = event.usage
    if event.mode == "snapshot" or text or thought:
        message.node_id = message.node_id or event.node_id
        message.within = event.node_id or message.within
        if step.record.speaking.get(source) == message.key and not step.record.over:
            message.busy, message.ended_at = True, None
            node = step.record.nodes.get(message.within or "")
            if node is not None and node.executions and not node.executing:
                _rest(step, message)
        else:
            _complete(step, message)
    step.touched.messages[message.key] = None


def html(step: Step, event: ChatHTML) -> None:
    """The same `message_id` replaces; without one each event is a message of its own."""
    record = step.record
    _turn(step, source_of(event))
    key = f"html/={event.message_id}" if event.message_id is not None else f"html/#{record.message_serial}"
    message = record.messages.get(key)
    if message is None:
        message = _add(step, event, key, "html", shown=event.message_id)
    wording.replace(message, event.html)
    _complete(step, message)
    message.busy, message.ended_at = False, step.at
    step.touched.messages[key] = None


def tool(step: Step, event: NodeRef, call: ToolCall) -> None:
    """A call began or ended: what its source said before is complete."""
    if f"tool/{call.key}" not in step.record.messages:
        _turn(step, source_of(event))
        message = _add(step, event, f"tool/{call.key}", "tool")
        message.started_at = call.started_at if isinstance(event, StartTool) else call.ended_at
    show_tool(step, call)


def show_tool(step: Step, call: ToolCall) -> None:
    """Bring the message of a call in line with it."""
    message = step.record.messages.get(f"tool/{call.key}")
    if message is None:
        return
    message.name, message.status, message.busy = call.name, call.status, call.open
    message.args, message.result, message.error, message.usage = call.args, call.result, call.error, call.usage
    message.ended_at, message.told_duration_s = call.ended_at, call.duration_s
    step.touched.messages[message.key] = None


def drop(step: Step, key: str) -> None:
    """A message is taken back, if it is there."""
    if step.record.messages.pop(key, None) is not None:
        step.touched.messages[key] = None


def quiet(step: Step, node_id: str) -> None:
    """A node has ended: nobody in it is speaking now."""
    for key in step.record.speaking.values():
        message = step.record.messages.get(key)
        if message is not None and message.within == node_id:
            _rest(step, message)


def settle(step: Step) -> None:
    """The run is over: nobody speaks."""
    for key in step.record.speaking.values():
        message = step.record.messages.get(key)
        if message is not None:
            _complete(step, message)


# -- text ---------------------------------------------------------------------------------------------
def _snapshot(step: Step, event: Text, source: str, kind: ChatKind, text: str) -> Message:
    """What earlier messages hold stays where the snapshot begins with it; the last one gets the rest."""
    known = _messages(step, source, kind)
    said = "".join(each.text for each in known)
    corrects = bool(known) and known[-1].whole and event.last
    in_place = corrects or (bool(known) and step.record.speaking.get(source) == known[-1].key)
    if not known or (not in_place and text != said):  # behind a tool call: the rest stands there
        known.append(_filling(step, event, source, kind))
    *earlier, last = known
    before = "".join(each.text for each in earlier)
    if not text.startswith(before):
        for each in earlier:
            wording.replace(each, "")
            step.touched.messages[each.key] = None
        before = ""
    wording.replace(last, text[len(before) :])
    return last


def _take_back(step: Step, source: str, kind: ChatKind) -> None:
    """Messages of which nothing is left go; thoughts in steps stay."""
    for each in [each for each in _messages(step, source, kind) if not each.text and not each.steps]:
        drop(step, each.key)


def _messages(step: Step, source: str, kind: ChatKind) -> list[Message]:
    """What a source has said so far, in order."""
    keys = step.record.texts.get((source, kind), [])
    return [step.record.messages[key] for key in keys if key in step.record.messages]


def _latest(step: Step, source: str, kind: ChatKind) -> Message | None:
    keys = step.record.texts.get((source, kind))
    return step.record.messages.get(keys[-1]) if keys else None


def _filling(step: Step, event: Text, source: str, kind: ChatKind) -> Message:
    """The message that its source is filling; a new one where the source has gone on with something else."""
    record = step.record
    key = record.speaking.get(source)
    message = record.messages.get(key) if key is not None else None
    if message is not None and message.kind == kind:
        return message
    _seal(step, source)
    keys = record.texts.setdefault((source, kind), [])
    message = _add(step, event, f"{kind}/{len(keys)}/{source}", kind)
    message.name = event.name or event.agent_id or event.team_id
    keys.append(message.key)
    record.speaking[source] = message.key
    return message


# -- messages -----------------------------------------------------------------------------------------
def _add(step: Step, event: NodeRef, key: str, kind: ChatKind, *, shown: str | None = None) -> Message:
    record, source = step.record, source_of(event)
    message = record.messages[key] = Message(
        key,
        key if shown is None or shown.startswith(OURS) else shown,
        record.run_id,
        source,
        kind,
        serial=record.message_serial,
        voice=_voice(step, event, source),
        node_id=event.node_id,
        started_at=step.at,
    )
    record.message_serial += 1
    gone = evict(record.messages, MAX_MESSAGES, lambda each: not each.busy and each is not message)
    step.touched.messages.update(dict.fromkeys(gone))
    return message


def _voice(step: Step, event: NodeRef, source: str) -> int:
    """Whose colour a message has: the agent's or team's; its source's own until that says whose it is."""
    record, named = step.record, _named(event)
    if named is not None and named != source and source not in record.speakers:
        record.speakers[source] = named
        own = record.voices.pop(("", source), None)
        if own is not None and record.voices.setdefault((named, ""), own) != own:
            record.free_voices.append(own)
            for each in [each for each in record.messages.values() if each.source == source]:
                each.voice = record.voices[named, ""]
                step.touched.messages[each.key] = None
    name = named or record.speakers.get(source)
    speaker = ("", source) if name is None else (name, "")
    if speaker not in record.voices:
        record.voices[speaker] = record.free_voices.pop() if record.free_voices else len(record.voices)
    return record.voices[speaker]


def _seal(step: Step, source: str) -> None:
    """This source goes on with something else: its next text is another message."""
    key = step.record.speaking.pop(source, None)
    message = step.record.messages.get(key) if key is not None else None
    if message is not None:
        _complete(step, message)


def _turn(step: Step, source: str) -> None:
    """This source did something else: whatever it says next, also all of it, stands behind that."""
    _seal(step, source)
    for latest in filter(None, (_latest(step, source, kind) for kind in TEXTS)):
        latest.whole = False


def _complete(step: Step, message: Message) -> None:
    """Nothing will be added: half a character that still waits has no other half."""
    if wording.complete(message):
        step.touched.messages[message.key] = None
    _rest(step, message)


def _rest(step: Step, message: Message) -> None:
    """Nobody is speaking for now; more may come."""
    if message.busy:
        message.busy, message.ended_at = False, step.at
        step.touched.messages[message.key] = None
