from __future__ import annotations

from pyapp.protocols.agui.rules import RULES

from .support import Json, Run, call, say, step


def test_what_is_sealed_goes_back_with_what_it_belongs_to() -> None:
    def sealed(subtype: str, entity: str) -> Json:
        return {"type": "REASONING_ENCRYPTED_VALUE", "subtype": subtype, "entityId": entity, "encryptedValue": "***"}

    thought = {"type": "REASONING_MESSAGE_CONTENT", "messageId": "t", "delta": "Hm."}
    run = Run(thought, sealed("message", "t"), call("c"), sealed("tool-call", "c"), sealed("message", "ghost"))
    thinking, calling = run.translator.conversation.messages()
    assert thinking == {"id": "t", "role": "reasoning", "content": "Hm.", "encryptedValue": "***"}
    assert calling["toolCalls"][0]["encryptedValue"] == "***"
    run.tell(sealed("message", "t"))
    assert run.asides == [f"REASONING_ENCRYPTED_VALUE ({RULES['REASONING_ENCRYPTED_VALUE'].log})"] * 2


def test_a_missing_name_is_said() -> None:
    run = Run({"type": "TEXT_MESSAGE_CONTENT", "delta": "x"}, say("m", 7), {"type": "STEP_STARTED"})  # type: ignore[arg-type]
    assert [each["reason"] for each in run.aside] == [
        "it has no `messageId` that is text.", "its `delta` is no text.", "it has no `stepName` that is text.",
    ]  # fmt: skip
    assert run.tell(step("a"))[0]["node_id"] == "a"
