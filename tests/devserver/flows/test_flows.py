"""The flows that come with the server, run over a small tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devserver.engine.backend import Backend
from devserver.engine.flow import Flow
from devserver.flows import MODULES, all_flows, branches, failing, linear, loop, nested, wide
from devserver.flows.corpus import Source, list_folder, list_libraries
from tests.devserver.support import Heard


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with a document, a module, and two libraries."""
    files = {
        "README.md": "# Canvas\nThe canvas shows nodes; the canvas glows.\n",
        "pyapp/main.py": '"""Lanes."""\n\nlane = "router router"  # lane\n',
        "pyapp/vendor/huge.py": "vendored = True\n",
        ".hidden/x.py": "secret = 1\n",
        "lib/alpha/core.py": "import router\nalpha = alphabet = router\n",
        "lib/beta.py": "beta = 'canvas'\n",
        "lib/beta.txt": "no module\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


async def execute(flow: Flow, input: Any = None) -> list[dict[str, Any]]:
    backend = Backend({flow.id: flow})
    heard = Heard(backend)
    run = backend.start(flow.id, input)
    await heard.end(run)
    return heard.of(run)


def contents(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["node_id"]: event.get("content") for event in events if event["event"] == "end_node"}


async def test_linear_counts_what_is_there(tree: Path) -> None:
    """Every figure of the run comes from the files: change them, and it changes."""
    events = await execute(linear.flow(tree, tree / "lib"), "My report")
    assert events[-1]["event"] == "run_end" and events[-1]["status"] == "success"
    shown = contents(events)
    assert list(shown) == ["find", "read", "count", "rank", "report"]
    assert shown["find"]["files"] == 4
    assert shown["read"]["own lines"] == {"docstring": 1, "blank": 1, "code": 1}
    assert shown["count"]["words"] == 18
    assert shown["rank"]["pyapp"]["themes"][:1] == ["lane"]
    assert shown["report"].startswith("# My report")
    said = "".join(event["content"] for event in events if event["event"] == "RunContent")
    assert said.strip() == shown["report"].strip()
    tools = [event["tool_name"] for event in events if event["event"] == "end_tool"]
    assert {"list_folder", "list_libraries", "classify_lines", "weigh_words"} == set(tools)


async def test_linear_fails_where_there_is_nothing_to_read(tmp_path: Path) -> None:
    """An empty tree is an error in words, not an empty report."""
    events = await execute(linear.flow(tmp_path, tmp_path))
    assert events[-1]["error"] == "Find files failed: FileNotFoundError: The project has no files to read."


async def test_failing_stumbles_over_the_unfinished_module(tree: Path) -> None:
    """The parser's own error, in its tool, its node and the run; the nodes behind never start."""
    events = await execute(failing.flow(tree, tree / "lib"))
    assert contents(events).keys() == {"collect", "compare", "parse"}
    tool, node, end = events[-3:]
    assert (tool["event"], tool["status"], tool["tool_name"]) == ("end_tool", "error", "parse_folder")
    assert (node["event"], node["node_id"], node["status"]) == ("end_node", "parse", "error")
    assert (end["event"], end["status"]) == ("run_end", "error")
    for event in (tool, node, end):
        assert "SyntaxError" in event["error"] and "unfinished.py.txt" in event["error"]


async def test_failing_succeeds_without_the_unfinished_module(tree: Path, tmp_path: Path) -> None:
    """The failure is the file's: over a sound set of modules the same flow runs to its end."""
    sound = tmp_path / "sound"
    sound.mkdir()
    (sound / "ok.py.txt").write_text("def long():\n    a = 1\n    return a\n")
    events = await execute(failing.flow(tree, tree / "lib", samples=sound))
    assert events[-1]["status"] == "success"
    assert contents(events)["advise"] == "- samples/ok.py.txt: long has 3 lines"


def test_every_flow_says_what_it_is_for(tree: Path) -> None:
    """In a sentence or more, on one paragraph's worth of lines."""
    for flow in all_flows(tree).values():
        assert flow.json()["description"][-1] in ".?", flow.id
        assert "\n\n" not in flow.description


def test_the_team_is_listed_first() -> None:
    """The page shows the first flow of the list to a newcomer; the first ones say where their nodes stand."""
    root = Path(__file__).resolve().parents[3]
    flows = all_flows(root)
    assert list(flows)[:2] == ["team", "linear"]
    assert len(flows) <= len(MODULES)
    for flow in list(flows.values())[:2]:
        assert all(node.position is not None for node in flow.nodes)


def test_every_flow_says_what_goes_in_and_how_long_it_takes(tree: Path) -> None:
    """In one or two sentences."""
    for flow in all_flows(tree).values():
        assert "input" in flow.description, flow.id
        assert "about" in flow.description or "as long as" in flow.description, flow.id


def test_the_loop_takes_what_a_form_gives(tree: Path) -> None:
    """What is wrong, or not there, is as usual."""
    assert [field["name"] for field in loop.flow(tree, tree).json()["input_schema"]] == ["damping", "rounds"]
    usual = loop.DAMPING, loop.MAX_ROUNDS
    assert loop.wanted({"damping": 0.5, "rounds": 3}) == (0.5, 3)
    for wrong in (None, "fast", {"damping": 2, "rounds": 0}, {"damping": True, "rounds": True}):
        assert loop.wanted(wrong) == usual


def test_a_flow_without_its_library_is_left_out(caplog: pytest.LogCaptureFixture, tree: Path) -> None:
    """With a line that names the library; a module that is not there at all is a mistake, and raises."""
    with caplog.at_level("INFO"):
        assert all_flows(tree, ["optional"], "tests.devserver") == {}
    assert "the library a_library_that_nobody_has is not installed" in caplog.text
    with pytest.raises(ModuleNotFoundError):
        all_flows(tree, ["missing"], "tests.devserver")


def test_folders_are_listed_without_what_is_not_theirs(tree: Path) -> None:
    """No hidden folder, nothing vendored; the README counts as a document."""
    checks: list[int] = []
    listed = list_folder(tree, "pyapp", lambda: checks.append(1))
    assert [source.name for source in listed] == ["main.py"] and checks
    assert [source.name for source in list_folder(tree, "docs", lambda: None)] == ["README.md"]


def test_libraries_are_thinned_out_evenly(tmp_path: Path) -> None:
    """A bound takes some of each library, instead of the first ones by name; large files are left out."""
    for name in ("a", "b"):
        for number in range(10):
            path = tmp_path / name / f"{number}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text("x" * (number + 1))
    found: list[Source] = list_libraries(tmp_path, 10, lambda: None)
    assert len(found) == 10
    assert sum(source.folder == "a" for source in found) == 5
    assert all(source.size <= 5 for source in list_libraries(tmp_path, 100, lambda: None, 5))


async def test_nested_weighs_the_project_in_groups(tree: Path) -> None:
    """Branches side by side, a group in a group; what is shown comes from the files."""
    flow = nested.flow(tree, tree / "lib")
    events = await execute(flow)
    assert events[-1]["status"] == "success"
    shown = contents(events)
    assert shown["headings"] == ["README.md: Canvas"]
    assert shown["lines"]["pyapp"] == 3
    assert {node.id: node.parent for node in flow.nodes}["names"] == "python"
    assert {node.id: node.parent for node in flow.nodes}["python"] == "sources"


async def test_loop_goes_round_until_the_ranks_stand_still(tree: Path) -> None:
    """Each round starts both nodes again, with its number; the group's own end says how many there were."""
    (tree / "pyapp" / "other.py").write_text("import main\nfrom lib import beta\n")
    (tree / "pyapp" / "third.py").write_text("import other\nimport main\n")
    events = await execute(loop.flow(tree, tree / "lib"))
    assert events[-1]["status"] == "success"
    rounds = [event["iteration"] for event in events if event["event"] == "start_node" and event["node_id"] == "spread"]
    assert rounds == list(range(1, len(rounds) + 1)) and len(rounds) >= 2
    assert contents(events)["rounds"].startswith(f"{len(rounds)} rounds")
    assert contents(events)["read"] == {"modules": 5, "imports": 3}
    given = [event for event in events if event["event"] == "start_node" and event["node_id"] in ("spread", "measure")]
    assert all(event["input"] for event in given), "what goes into each round is told"


async def test_one_branch_fails_and_the_other_goes_on(tree: Path) -> None:
    """The failure stops what is behind it alone; the run fails when all the rest has ended."""
    events = await execute(branches.flow(tree, tree / "lib"))
    ends = {event["node_id"]: event["status"] for event in events if event["event"] == "end_node"}
    assert ends == {"collect": "success", "links": "success", "words": "success", "parse": "error"}
    assert (events[-1]["event"], events[-1]["status"]) == ("run_end", "error")
    assert "SyntaxError" in events[-1]["error"]


async def test_wide_has_two_hundred_nodes_that_all_run(tree: Path) -> None:
    """Every node runs once, and the sum is that of the files."""
    flow = wide.flow(tree, tree / "lib")
    events = await execute(flow)
    assert len(flow.nodes) == 200
    assert sum(event["event"] == "end_node" for event in events) == 200
    assert contents(events)["sum"] == "3 lines in all rows together"
