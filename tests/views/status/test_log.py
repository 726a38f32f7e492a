from __future__ import annotations

from pyapp.stores.rows import MAX_LINES, LogLine, RunLog
from pyapp.views.status.log import LogView
from tests.views.support import Gallery


class Logged(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.show(LogView)
        self.stores.front.set("r")

    def add(self, *lines: LogLine, run_id: str = "r") -> None:
        log = self.stores.logs.get(run_id) or RunLog()
        self.stores.logs.set(run_id, log.extended(list(lines)))
        self.paint()


def test_lines_are_appended_with_level_node_and_text() -> None:
    """Only new ones are drawn; an unknown level is information; an impossible time is left out."""
    gallery = Logged()
    region = gallery.region("log")
    assert not region.find(".empty").hidden
    gallery.add(LogLine(1.0, "ERROR", "bad", "n0"))
    first = region.find(".log-line")
    gallery.add(LogLine(None, "odd", "fine"), LogLine(1e300, "info", "when?"))
    lines = region.find_all(".log-line")
    assert lines[0] is first
    assert [line.attributes["data-level"] for line in lines] == ["error", "info", "info"]
    assert "bad" in first.textContent and "n0" in first.textContent
    assert region.find(".empty").hidden
    gallery.add(LogLine(1.0, "info", "elsewhere"), run_id="back")
    assert len(region.find_all(".log-line")) == 3
    assert gallery.zones.suggested == ["log"]
    gallery.stores.front.set("back")
    gallery.paint()
    assert [line.find(".log-text").textContent for line in region.find_all(".log-line")] == ["elsewhere"]


def test_lines_name_nodes_as_the_canvas_does() -> None:
    """Also those that came before their flow."""
    gallery = Logged()
    gallery.add(LogLine(1.0, "info", "early", "n0"))
    node = gallery.region("log").find(".log-node")
    assert node.textContent == "n0"
    gallery.flow()
    gallery.paint()
    node = gallery.region("log").find(".log-node")
    title = gallery.context.title("n0", "r")
    assert title != "n0" and (node.textContent, node.attributes["title"]) == (title, "n0")
    assert title in gallery.region("log-bar").find("[data-filter=node]").textContent


def test_lines_can_be_filtered_by_level_and_node() -> None:
    """What is hidden comes back; new lines follow the choice; another run starts with all nodes."""
    gallery = Logged()
    bar, region = gallery.region("log-bar"), gallery.region("log")
    level, node = bar.find("[data-filter=level]"), bar.find("[data-filter=node]")
    gallery.add(LogLine(None, "info", "a", "n0"), LogLine(None, "warning", "b", "n1"), LogLine(None, "error", "c"))

    def seen() -> list[str]:
        return [line.find(".log-text").textContent for line in region.find_all(".log-line") if not line.hidden]

    assert seen() == ["a", "b", "c"]
    gallery.document.fire("change", level, value="warning")
    gallery.paint()
    assert seen() == ["b", "c"]
    gallery.add(LogLine(None, "info", "d", "n0"), LogLine(None, "error", "e", "n0"))
    assert seen() == ["b", "c", "e"]
    assert [option.textContent for option in node.children] == ["All nodes", "n0", "n1"]
    gallery.document.fire("change", node, value="n0")
    gallery.paint()
    assert seen() == ["e"]
    gallery.document.fire("change", level, value="nonsense")
    gallery.document.fire("change", level, value="info")
    gallery.paint()
    assert seen() == ["a", "d", "e"]
    assert region.find_all(".empty")[1].hidden
    gallery.document.fire("change", node, value="n1")
    gallery.document.fire("change", level, value="error")
    gallery.paint()
    assert seen() == [] and "No line is of this level" in region.find_all(".empty")[1].textContent
    assert region.find_all(".empty")[0].hidden and not region.find_all(".empty")[1].hidden
    gallery.document.fire("change", level, value="warning")
    gallery.paint()
    gallery.add(LogLine(None, "info", "other", "x"), LogLine(None, "error", "bad", "x"), run_id="back")
    gallery.stores.front.set("back")
    gallery.paint()
    assert seen() == ["bad"] and len(node.children) == 2, "all nodes, at the same level"


def test_it_sticks_to_the_end_unless_scrolled_up() -> None:
    """A reader who looks further up is left where they are."""
    gallery = Logged()
    region = gallery.region("log")
    region.clientHeight, region.scrollHeight = 100.0, 500.0
    region.scrollTop = 400.0
    gallery.add(LogLine(1.0, "info", "a"))
    assert region.scrollTop == 500.0
    region.scrollTop = 10.0
    gallery.add(LogLine(1.0, "info", "b"))
    assert region.scrollTop == 10.0


def test_dropped_lines_leave_the_page() -> None:
    """At most as many lines as the store keeps."""
    gallery = Logged()
    gallery.add(*[LogLine(None, "info", str(number)) for number in range(MAX_LINES)])
    gallery.add(LogLine(None, "info", "last"))
    lines = gallery.region("log").find_all(".log-line")
    assert len(lines) == MAX_LINES
    assert lines[0].find(".log-text").textContent == "1"
    assert gallery.errors == []


def test_a_log_told_anew_replaces_the_old_one() -> None:
    """A shorter log of the same run: its lines, and no other."""
    gallery = Logged()
    gallery.add(*[LogLine(None, "info", text) for text in "abc"])
    gallery.stores.logs.set("r", RunLog().extended([LogLine(None, "info", "x")]))
    assert [line.find(".log-text").textContent for line in gallery.region("log").find_all(".log-line")] == ["x"]


def test_a_trace_in_one_line_is_folded_to_what_it_says() -> None:
    """As in the details; a line that only ends with a break is a line."""
    gallery = Logged()
    gallery.add(LogLine(1.0, "error", "Traceback:\n  File x\nKeyError: 1", "n0"), LogLine(1.0, "info", "plain\n"))
    trace, plain = gallery.region("log").find_all(".log-text")
    assert trace.find("summary").textContent == "KeyError: 1" and "open" not in trace.find("details").attributes
    assert "File x" in trace.find("pre").textContent
    assert not plain.find_all("details") and plain.textContent.strip() == "plain"
