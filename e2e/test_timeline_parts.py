"""The pure parts of the timeline's JavaScript in a real browser: rows, scales, critical path; hypothesis draws bars."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

Json = dict[str, Any]
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MOMENTS = st.integers(0, 40).map(float)
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted), min_size=1, max_size=12)
pytestmark = pytest.mark.tree("loads modules by their names in the tree")
PLAY = """async ([part, given]) => {
  const at = (name) => import(`/web/js/timeline/${name}.mjs`);
  const [{ Model }, scale, { criticalPath }] = await Promise.all(["model", "scale", "path"].map(at));
  const news = (bars, more) => ({ anew: false, run: "r", bars, gone: [], live: false, now: 0, chosen: null, ...more });
  const shown = (model) => model.rows.map(
    (row) => [row.key, row.depth, row.bars?.length ?? 0, row.errors ?? 0, row.status]);
  const parts = {
    rows({ steps, open }) {
      const model = new Model();
      for (const step of steps) model.take(news(step.bars, step));
      for (const row of open ? [...model.rows] : []) if (model.isFold(row)) model.turn(row);
      return shown(model);
    },
    path({ bars }) {
      const model = new Model();
      model.take(news(bars));
      const pieces = criticalPath(model.bars.get("run"), (bar) => model.endOf(bar, 0));
      return pieces.map(([bar, from, until]) => [bar.key, from, until]);
    },
    async paint({ bars, live, now, width }) {
      const { Axis, Painter } = await at("paint");
      const model = new Model();
      model.take(news(bars, { live, now }));
      const { from, until } = model.extent(now);
      const painted = [];
      const note = (pen, ...numbers) => painted.push([pen.fillStyle, ...numbers.map(Math.round)]);
      const pen = { roundRect(x, y, wide) { note(this, x, wide); }, measureText: () => ({ width: 0 }) };
      const context = new Proxy(pen, { get: (own, name) => own[name] ?? (() => {}) });
      const axis = new Axis(scale.byTime(from), [0, until - from], 0, width);
      const painter = new Painter(context, { fill: (_, status) => status }, axis, model, now);
      for (const row of model.rows) painter.row(row, 0, null);
      return painted;
    },
    async ticks({ moments, until, width }) {
      const [{ Axis, ticks }, { learn }] = await Promise.all(["paint", "words"].map(at));
      learn(new Proxy({}, { get: (_, name) => `${String(name)} {count}` }));
      const axis = new Axis(scale.bySequence(moments), [0, until], 0, width);
      return ticks(axis, moments[0]).map(({ x }) => axis.moment(x));
    },
    async since({ places }) {
      const { learn, sinceStart } = await at("words");
      learn({ "duration.minutes": "{minutes} min {seconds} s", "duration.hours": "{hours} h {minutes} min",
        "duration.days": "{days} d {hours} h" });
      return places.map(([seconds, step]) => sinceStart(seconds, step));
    },
    async labels({ ticks, cuts, right }) {
      const { labels } = await at("ruler");
      const placed = labels(ticks, cuts, right, (text) => text.length * 7);
      return placed.map(({ text, from, wide }) => [text, from, from + wide]);
    },
    gaps: ({ spans, from, until }) => scale.gaps(spans.map(([a]) => a), spans.map(([, b]) => b), from, until),
    scale({ kind, spans, moments }) {
      const [starts, ends] = [spans.map(([a]) => a), spans.map(([, b]) => b)];
      const [from, until] = [Math.min(...starts), Math.max(...ends)];
      const made = { time: () => scale.byTime(from), cut: () => scale.withCuts(starts, ends, from, until),
        sequence: () => scale.bySequence([...starts, ...ends]) }[kind]();
      const places = moments.map((each) => made.toPlace(each));
      const back = places.map((each) => made.toMoment(each));
      return { places, back, cuts: made.cuts, all: made.toPlace(until) - made.toPlace(from) };
    },
  };
  return parts[part](given);
}"""


@pytest.fixture(scope="module")
def ground(browser: Browser, site: str) -> Iterator[Page]:
    """A page of the site that runs nothing of ours."""
    page = browser.new_page()
    page.goto(f"{site}/web/css/tokens.css")
    yield page
    page.close()


def played(ground: Page, part: str, **given: Any) -> Any:
    return ground.evaluate(PLAY, [part, given])


def bar(
    key: str, parent: str | None, start: float | None, end: float | None, *, name: str = "", status: str = "success"
) -> list[Any]:
    kind = "run" if key == "run" else "tool" if key.startswith("t") else "node"
    return [key, parent, kind, key, name or key, status, start, end, 0, None, None, []]


@st.composite
def trees(draw: st.DrawFn) -> list[list[Any]]:
    """A run with bars in it, in one another; some outlive what they stand in."""
    bars = [bar("run", None, 0.0, 50.0)]
    for number in range(draw(st.integers(0, 14))):
        parent = draw(st.sampled_from([each[0] for each in bars]))
        start, end = sorted((draw(MOMENTS), draw(MOMENTS)))
        name = draw(st.sampled_from(["look", "look", "Read 1", "Read 2.3", "Write"]))
        bars.append(
            bar(f"b{number}", parent, start, end, name=name, status=draw(st.sampled_from(["success", "error"])))
        )
    return bars


@SLOW
@given(trees(), st.randoms(use_true_random=False), st.integers(1, 5), st.booleans())
def test_rows_do_not_depend_on_how_bars_came(
    ground: Page, bars: list[Any], random: Any, size: int, open_: bool
) -> None:
    """In any order, a few at a time, some told before with other moments or parents, some that leave again."""
    shuffled = list(bars)
    random.shuffle(shuffled)
    early = [[*each[:1], "run", *each[2:5], "executing", 1.0, None, *each[8:]] for each in shuffled if each[0] != "run"]
    guests = [bar(f"g{number}", random.choice(bars)[0], 2.0, 3.0, name="look") for number in range(3)]
    told = [*early, *guests, *shuffled]
    steps: list[Json] = [{"bars": told[at : at + size]} for at in range(0, len(told), size)]
    steps.append({"bars": [], "gone": [each[0] for each in guests]})
    expected = played(ground, "rows", steps=[{"bars": bars}], open=open_)
    assert played(ground, "rows", steps=steps, open=open_) == expected


def test_more_than_five_equal_siblings_are_one_row(ground: Page) -> None:
    """With their number and how many failed, a number in their names aside; unfolded, each has its row below."""
    reads = [bar(f"n{each}", "run", float(each), each + 1.0, name=f"Read 1.{each}") for each in range(6)]
    reads[2][5] = "error"
    other = [bar(f"w{each}", "run", float(each), each + 1.0, name="Write") for each in range(5)]
    bars = [bar("run", None, 0.0, 9.0), *reads, *other]
    rows = played(ground, "rows", steps=[{"bars": bars}])
    assert [(row[1], row[2], row[3]) for row in rows] == [(0, 0, 0), (1, 6, 1), *[(1, 0, 0)] * 5]
    assert rows[1][4] == "error"
    assert len(played(ground, "rows", steps=[{"bars": bars}], open=True)) == 1 + 1 + 6 + 5


def test_told_anew_all_else_is_void(ground: Page) -> None:
    bars = [bar("run", None, 0.0, 9.0), bar("a", "run", 1.0, 2.0)]
    steps = [{"bars": bars}, {"bars": bars[:1], "anew": True}]
    assert [row[0] for row in played(ground, "rows", steps=steps)] == ["run"]


@SLOW
@given(trees())
def test_the_critical_path_is_all_of_the_run(ground: Page, bars: list[Any]) -> None:
    """Its pieces follow one another without a gap, from the run's end to its start, each in its own bar."""
    pieces = played(ground, "path", bars=bars)
    known = {each[0]: each for each in bars}
    at = 50.0
    for key, start, end in pieces:
        assert end == at and start < end
        assert known[key][6] <= start and end <= known[key][7]
        at = start
    assert at == 0.0


def test_the_critical_path_goes_through_what_ended_last(ground: Page) -> None:
    """Of two side by side the longer one, then what was over before both; what is between is the run's own."""
    bars = [
        bar("run", None, 0.0, 10.0), bar("a", "run", 0.0, 3.0), bar("b", "run", 4.0, 6.0), bar("c", "run", 4.0, 9.0),
        bar("d", "run", 1.0, 8.0),
        bar("t1", "c", 5.0, 7.0),
    ]  # fmt: skip
    assert played(ground, "path", bars=bars) == [
        ["run", 9, 10], ["c", 7, 9], ["t1", 5, 7], ["c", 4, 5], ["run", 3, 4], ["a", 0, 3],
    ]  # fmt: skip


@SLOW
@given(SPANS)
def test_gaps_are_where_nothing_runs(ground: Page, spans: list[list[float]]) -> None:
    found = played(ground, "gaps", spans=spans, until=40, **{"from": 0})
    for half in range(80):
        moment = half / 2 + 0.25
        running = any(start < moment < end for start, end in spans)
        assert running != any(start < moment < end for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@SLOW
@given(SPANS, st.sampled_from(["time", "cut", "sequence"]), st.lists(st.integers(-5, 90), max_size=12))
def test_every_scale_keeps_the_order(ground: Page, spans: list[list[float]], kind: str, halves: list[int]) -> None:
    """What is later stands further on, or at the same place; a place leads back to its moment; cuts take room away."""
    moments = sorted(each / 2 for each in halves)
    made = played(ground, "scale", kind=kind, spans=spans, moments=moments)
    assert made["places"] == sorted(made["places"])
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    for moment, back in zip(moments, made["back"], strict=True):
        if first <= moment <= last:
            assert back == pytest.approx(moment, abs=1e-6)
    length = last - first
    if kind == "sequence":
        assert made["all"] == len({each for span in spans for each in span}) - 1
    elif kind == "cut" and made["cuts"]:
        assert made["all"] < length
    else:
        assert made["all"] == pytest.approx(length)


def test_a_long_idle_stretch_is_cut_and_a_short_one_is_not(ground: Page) -> None:
    made = played(ground, "scale", kind="cut", spans=[[0.0, 10.0], [10.1, 11.0], [1000.0, 1001.0]], moments=[])
    assert made["cuts"] == [[11, 1000]] and made["all"] < 13


def test_by_sequence_there_is_no_time_behind_the_end(ground: Page) -> None:
    """The room behind the last moment has no tick: it would name one that never was."""
    moments = [0.0, 0.1, 5.0, 6.0]
    seen = played(ground, "ticks", moments=moments, until=5, width=1000)
    assert seen and max(seen) <= 6.0


def test_each_stretch_of_a_bar_is_painted_as_what_it_was(ground: Page) -> None:
    """In the queue, at work, waiting for a person; and what is not known since the run was last heard of."""
    run = bar("run", None, 0.0, None, status="unverified")
    run[10], run[11] = 10.0, []
    node = bar("a", "run", 10.0, None, status="executing")
    node[11] = [[20.0, 40.0], [50.0, None]]
    done = bar("b", "run", 30.0, 60.0, status="killed")
    painted = played(ground, "paint", bars=[run, node, done], live=True, now=100.0, width=100)
    assert painted == [
        ["queued", 0, 10], ["executing", 10, 50], ["unverified", 60, 40],
        ["executing", 10, 50], ["unverified", 60, 40], ["waiting", 20, 20], ["waiting", 50, 50],
        ["killed", 30, 30],
    ]  # fmt: skip


def test_a_run_in_the_queue_and_a_step_nobody_reported(ground: Page) -> None:
    run = bar("run", None, 0.0, None, status="queued")
    assert played(ground, "paint", bars=[run], live=True, now=10.0, width=100) == [["queued", 0, 100]]
    run = bar("run", None, 0.0, 10.0)
    lost = bar("a", "run", 5.0, 10.0, status="unknown")
    assert played(ground, "paint", bars=[run, lost], live=False, now=0, width=100)[-1] == ["unknown", 50, 50]


def test_of_many_bars_in_a_row_no_more_are_painted_than_it_has_pixels(ground: Page) -> None:
    """And none that failed is left out for one that did not."""
    count = 20_000
    bars = [bar("run", None, 0.0, float(count))]
    bars += [
        bar(f"n{each}", "run", float(each), each + 0.5, name="Step", status="error" if each == 7_001 else "success")
        for each in range(count)
    ]
    painted = played(ground, "paint", bars=bars, live=False, now=0, width=400)
    assert len(painted) < 400 + 2 and [each[0] for each in painted].count("error") == 1


@given(
    st.lists(st.tuples(st.integers(-20, 700), st.integers(1, 5000)), max_size=12),
    st.lists(st.integers(0, 700), max_size=12),
)
@SLOW
def test_no_label_of_the_ruler_stands_in_another(ground: Page, cuts: list[tuple[int, int]], marks: list[int]) -> None:
    """Nor beyond its end; the longest cut has its label if any has."""
    told: list[Json] = [{"x": x, "seconds": seconds, "text": f"{seconds} s cut"} for x, seconds in cuts]
    ticks = [{"x": x, "text": f"{x} s"} for x in sorted(marks)]
    placed = played(ground, "labels", ticks=ticks, cuts=told, right=700)
    assert all(until < begin for (_, _, until), (_, begin, _) in pairwise(placed))
    assert all(until <= 700 for _, _, until in placed)
    inside = [each for each in told if each["x"] + len(each["text"]) * 3.5 <= 700]
    if inside:
        longest = max(each["seconds"] for each in inside)
        assert any(text == f"{longest} s cut" for text, _, _ in placed)


def test_the_ruler_leaves_out_what_has_no_room(ground: Page) -> None:
    ticks = [{"x": 10, "text": "0 s"}, {"x": 100, "text": "1 h 00 min"}]
    cuts = [{"x": 180, "seconds": 2, "text": "2.0 s cut"}, {"x": 200, "seconds": 60, "text": "1 min 00 s cut"}]
    placed = played(ground, "labels", ticks=ticks, cuts=cuts, right=700)
    assert [text for text, _, _ in placed] == ["0 s", "1 min 00 s cut"]


def test_of_a_run_that_goes_on_for_days_no_two_marks_of_the_ruler_say_the_same(ground: Page) -> None:
    """Days and hours where the marks are hours apart, minutes where they are minutes apart; hours before minutes."""
    day, hour = 86_400, 3600
    places = [(3 * day + 2 * hour, hour), (day, 600), (day + 600, 600), (30 * hour + 61.5, 0.5), (59.9999, 1)]
    said = played(ground, "since", places=places)
    assert said == ["3 d 2 h", "24 h 00 min", "24 h 10 min", "30:01:01.5", "1:00"]
