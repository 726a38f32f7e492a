"""What `flowglow check` says, and its exit status: over the real dev server, in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flowglow.__main__ import main
from flowglow.check.checks import CHECKS
from flowglow.check.findings import Outcome
from flowglow.check.report import as_json, line, status, summary
from flowglow.check.rules import LEVELS, RULES

ROOT = Path(__file__).parents[3]


def outcome(*codes: str) -> Outcome:
    made = Outcome("hello", "The first frame.", done=True)
    for code in codes:
        made.find(code, f"what was seen of {code}")
    return made


def test_a_finding_says_what_was_expected_what_was_seen_and_what_to_do() -> None:
    said = line(outcome("hello.missing", "frame.too_large"))
    assert said.splitlines()[0].startswith("✗ hello")
    assert said.index("must frame.too_large") < said.index("should hello.missing")
    for rule in (RULES["hello.missing"], RULES["frame.too_large"]):
        assert rule.expected in said and rule.section in said and rule.advice[:40] in said
    assert "seen:     what was seen of hello.missing" in said


def test_what_a_backend_says_steers_no_terminal() -> None:
    made = Outcome("hello", "The first frame.", done=True)
    made.find("hello.missing", "\x1b[31mred\x07 and \u202eback")
    assert "�[31mred� and �back" in line(made)


def test_of_several_times_the_first_counts_and_long_words_are_clipped() -> None:
    made = outcome("hello.missing")
    made.find("hello.missing", "again")
    made.find("frame.binary", "x" * 1000)
    assert [each.seen[:4] for each in made.findings] == ["what", "xxxx"]
    assert len(made.findings[1].seen) < 500


def test_the_summary_counts() -> None:
    assert summary([outcome()]).startswith("This backend does all that was tried")
    assert "falls short of the contract in one thing" in summary([outcome("frame.binary", "hello.missing")])
    told = json.loads(as_json([outcome("frame.binary", "hello.no_instance")]))
    assert (told["ok"], told["must"], told["should"], told["note"]) == (False, 1, 0, 1)
    assert told["checks"][0]["findings"][0]["code"] == "frame.binary"


def test_what_no_page_can_do_without_and_was_not_tried_is_no_pass() -> None:
    untried = Outcome("start", "A start.", untried=["No flow."])
    assert (status([outcome()]), status([outcome(), untried]), status([untried])) == (0, 2, 2)
    assert status([outcome("frame.binary"), untried]) == 1
    assert "a start could not be tried" in summary([outcome(), untried])
    assert json.loads(as_json([outcome(), untried]))["ok"] is False
    assert status([outcome(), Outcome("policy", "CSP.", untried=["No page."])]) == 0


def test_every_rule_is_whole() -> None:
    for code, rule in RULES.items():
        assert rule.level in LEVELS and rule.expected and rule.advice.endswith((".", ".)")), code
        assert rule.section.startswith(("§", "docs/")), code


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--ws", "http://x/ws", "--api", "http://x"], "ws:// or wss://"),
        (["--ws", "ws://x/ws", "--api", "x"], "http:// or https://"),
        (["--ws", "ws://[::1", "--api", "http://x"], "name a host"),
        (["--ws", "ws://x/ws", "--api", "http://"], "name a host"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--page", "/page"], "--page must begin with"),
        (["--ws", "ws://x/ws", "--api", "http://name:secret@x:99999/"], "'http://…@x:99999/' does not"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--header", "nothing"], "NAME:VALUE"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--patience", "0"], "at least 0.1"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--patience", "0.001"], "at least 0.1"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--patience", "nan"], "at least 0.1"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--patience", "inf"], "at least 0.1"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--input", "NaN"], "NaN"),
        (["--ws", "ws://x/ws", "--api", "http://x", "--input", '{"n": 1e999}'], "NaN"),
    ],
)
def test_what_cannot_be_checked_is_said(words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *words]) == 2
    assert complaint in capsys.readouterr().err


def test_nobody_there_is_no_fault_of_theirs_and_ends_soon(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = ["--ws", "ws://127.0.0.1:9/ws", "--api", "http://127.0.0.1:9"]
    assert main(["check", *nowhere, "--patience", "1"]) == 2
    assert "Nothing could be asked" in capsys.readouterr().out


def test_a_black_hole_is_given_up_soon(capsys: pytest.CaptureFixture[str]) -> None:
    """Connections are taken and nothing is ever said: two waits for each address, not two for each check."""
    listener = socket.create_server(("127.0.0.1", 0))
    where = f"127.0.0.1:{listener.getsockname()[1]}"
    assert main(["check", "--ws", f"ws://{where}/ws", "--api", f"http://{where}/api", "--patience", "0.3"]) == 2
    assert f"Nobody answers at http://{where}/api." in capsys.readouterr().out
    listener.close()


def test_the_dev_server_passes_in_processes_of_their_own() -> None:
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "devserver", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        where = next(each for each in server.stdout if "http://" in each).split("http://")[1].strip("/\n ")
        words = ["--ws", f"ws://{where}/ws", "--api", f"http://{where}/api", "--flow", "approvals", "--json"]
        # a heartbeat of 10 s takes 15 s to be heard; test_check hears a shorter one
        only = [word for name in CHECKS if name != "heartbeat" for word in ("--only", name)]
        command = [sys.executable, "-m", "flowglow", "check", *words, *only]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout is not None:
            server.stdout.close()
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    findings = {each["code"] for check in told["checks"] for each in check["findings"]}
    assert (told["ok"], findings) == (True, {"tickets.needless"}), "a ticket is not needed on one's own machine"
    untried = [why for check in told["checks"] for why in check["untried"]]
    assert not any("requirement" in why or "not done" in why for why in untried), untried


def test_the_docs_list_every_rule() -> None:
    text = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    rows = [f"| `{code}` | {rule.level} | {rule.expected} | {rule.section} |" for code, rule in RULES.items()]
    assert text.split("<!-- rules -->\n")[1].split("<!-- end -->")[0].splitlines() == rows
