"""pyapp.protocols.registry: which protocol a backend speaks is seen in what it says first."""

from __future__ import annotations

import pytest

from pyapp.protocols.protocol import Heard
from pyapp.protocols.registry import DIALECTS, PROTOCOLS, recognised
from pyapp.settings import PROTOCOL

CASES = [
    ("portal", '{"type":"hello","heartbeat_s":10}'),
    ("portal", '{"type":"ping"}'),
    ("portal", '{"event":"run_start","run_id":"r","seq":0}'),
    ("portal", '[{"event":"RunContent","run_id":"r","content":"x"},{"type":"ping"}]'),
    ("portal", '{"event":"RunContent","run_id":"r","seq":3,"agent_id":"ada","content":"x"}'),
    ("portal", '{"event":"RunContent","run_id":"r","agent_id":"ada","content":"x"}'),
    ("portal", '{"event":"run_start","run_id":"r","flow_id":"demo","created_at":1700000000}'),
    ("portal", '{"event":"start_node","run_id":"r","node_id":"n","order":0,"workflow_id":"w"}'),
    ("portal", '{"event":"ReasoningContent","run_id":"r","content":"x","event_index":4}'),
    ("agno", '{"event":"TeamToolCallCompleted","run_id":"r","created_at":1700000000}'),
    ("agno", '{"event":"RunContent","run_id":"r","agent_id":"ada","content":"x","created_at":1700000000}'),
    ("agno", '{"event":"RunStarted","run_id":"r","agent_id":"ada"}'),
    ("agno", '{"event": "connected", "message": "Connected to AgentOS.", "requires_auth": false}'),
    ("agno", 'event: WorkflowStarted\ndata: {"event":"WorkflowStarted","workflow_id":"w","run_id":"r"}\n\n'),
    ("agno", '{"event":"RunContent","agent_id":"ada","run_id":"r","content":"x","event_index":4}'),
    ("ag-ui", '{"type":"RUN_STARTED","threadId":"t","runId":"r"}'),
    ("ag-ui", 'data: {"type":"STATE_SNAPSHOT","snapshot":{}}\n\n'),
    (None, "<html>"),
    (None, "[]"),
    (None, '{"type":"SOMETHING"}'),
    (None, '{"event":"what","run_id":"r"}'),
    (None, '{"event":3}'),
    (None, "3"),
]


@pytest.mark.parametrize(("name", "text"), CASES)
def test_a_first_message_gives_its_protocol_away(name: str | None, text: str) -> None:
    assert recognised(Heard(text)) == name


def test_a_named_message_of_a_stream_is_not_taken_for_the_contract() -> None:
    """The contract is never spoken over server-sent events."""
    assert recognised(Heard('{"event":"RunContent","run_id":"r","content":"x"}', name="RunContent")) is None


def test_the_setting_takes_what_is_known() -> None:
    for name in PROTOCOLS:
        assert PROTOCOL.validate_python(name) == name
    assert set(DIALECTS) <= set(PROTOCOLS)
