"""docs/embedding.md is true: its worked example is the one that runs, word for word; its tables name all there is."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from pyapp.contract.embed import ORDERS, PARTS

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "embedding.md"
EXAMPLE = ROOT / "e2e" / "portal_example"
FILES = {"html": "index.html", "python": "portal.py", "js": "portal.js", "css": "portal.css"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)

pytestmark = pytest.mark.skipif(not EXAMPLE.exists(), reason="the example is not beside the tests")


def section(name: str) -> str:
    return DOC.read_text().partition(f"### {name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]


def plain(text: str) -> str:
    """Its lines without what stands before each."""
    return "\n".join(line.strip() for line in text.splitlines())


def test_each_block_of_the_example_is_a_part_of_the_file_that_runs() -> None:
    blocks = BLOCK.findall(section("A worked example"))
    assert {language for language, _ in blocks} == set(FILES) and len(blocks) >= 10
    for language, block in blocks:
        text = (EXAMPLE / FILES[language]).read_text()
        assert plain(textwrap.dedent(block)) in plain(text), f"{FILES[language]} has not:\n{block}"


def test_a_block_that_says_another_thing_is_found() -> None:
    """The control: one word changed, and it is no part of the file."""
    language, block = BLOCK.findall(section("A worked example"))[0]
    assert plain(block.replace("module", "text")) not in plain((EXAMPLE / FILES[language]).read_text())


def test_the_tables_name_all_that_the_element_has() -> None:
    script = (ROOT / "web" / "embed.js").read_text()
    types = (ROOT / "web" / "embed.d.ts").read_text()
    news = re.search(r"const NEWS = \{(.*?)^\};", script, re.S | re.M)
    assert news is not None
    events = {name for name in re.findall(r'^  "?([a-z-]+)"?: \{', news[1], re.M) if name != "answer"}
    told = section("Events")
    assert len(events) == 10
    for name in events:
        assert f"`flowglow-{name}`" in told and f'"flowglow-{name}"' in types
    attributes = section("Attributes")
    for name in (*re.findall(r'"(\w+)"', " ".join(re.findall(r"^const (?:PLACE|LOOK|FIXED) = .*$", script, re.M))),):
        assert f"`{name}`" in attributes, name
    for part in PARTS:
        assert f"`{part}`" in attributes and f'"{part}"' in types
    for method in re.findall(r"^  async (\w+)\(", script, re.M):
        assert f"`{method}(" in section("Methods") and f"  {method}(" in types


def test_the_contract_names_all_that_may_be_said() -> None:
    contract = (ROOT / "docs" / "contract.md").read_text().partition("## 8. Embedding")[2]
    for name in (*ORDERS, *PARTS, "ready", "run-started", "selection", "height", "token-needed"):
        assert re.search(rf"[`\s]{re.escape(name)}[`,;\s]", contract), name
