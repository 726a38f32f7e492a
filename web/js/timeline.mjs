// The timeline of the run in front, in #timeline: bars of what ran on a common axis. Python tells what changed of them
// (`take`, one call a frame); everything else is here: which scale, which part of it, which rows are folded.
// Draws when something changed, and ten times a second while a bar grows; hidden, not at all.
import { Colours } from "./timeline/colours.mjs";
import { attend } from "./timeline/gestures.mjs";
import { Keyboard } from "./timeline/keyboard.mjs";
import { Model } from "./timeline/model.mjs";
import { Overview } from "./timeline/overview.mjs";
import { Axis, Painter, ROW, ticks } from "./timeline/paint.mjs";
import { parts, sharpen } from "./timeline/parts.mjs";
import { Rows } from "./timeline/rows.mjs";
import { labels } from "./timeline/ruler.mjs";
import { Scales } from "./timeline/scales.mjs";
import { Tip } from "./timeline/tip.mjs";
import { duration, learn, say } from "./timeline/words.mjs";

const LIVE_MS = 100;
const BEYOND = 8; // rows that are painted above and below what is seen, so that scrolling shows no gaps
const BEHIND = 52; // pixels behind the last moment, for the length of the last bar
const MARGIN = 12;
const ZOOM_MOST = 1e7; // times
const NARROW = 560; // pixels of a timeline whose names get less room
const LABEL = { wide: 250, narrow: 140 };
const REST_MS = 250; // behind a person's last move, before it is told
const NOTHING = '{"anew":true,"run":"","bars":[],"gone":[],"live":false,"now":0,"chosen":null}';

class Timeline {
  #model = new Model();
  #range = null; // the places that are seen, null for all of them
  #wanted = null; // {run, span}: the seconds of that run that are to be seen, whatever else becomes known of it, until a person moves
  #resting = 0;
  #told = { now: 0, at: 0 }; // the server's clock: what it was, and when
  #asked = 0;
  #timer = 0;
  #whole = null; // the axis of all of the run, and the one of what is seen
  #axis = null;
  #zero = 0;

  // Begin with nothing, in the words of the page; again for each life of Python.
  open(words) {
    learn(JSON.parse(words));
    if (this.parts) this.#watch.unobserve(this.parts.scroll);
    else this.#build(document.getElementById("timeline"));
    this.parts.view.dataset.shown = "false";
    this.#watch.observe(this.parts.scroll);
    this.take(NOTHING);
  }

  take(text) {
    const news = JSON.parse(text);
    const { run, chosen } = this.#model;
    this.keyboard.hold();
    this.#model.take(news);
    this.#told = { now: news.now, at: performance.now() };
    if (news.run !== run) {
      this.#range = null;
      this.keyboard.forget();
    }
    if (news.chosen !== chosen && news.chosen !== null) this.#reveal(news.chosen);
    this.#ask();
  }

  // Look at it in this way, once that run is there.
  lookAt(text) {
    const { run, scale, span, critical } = JSON.parse(text);
    this.scales.set(scale, critical);
    this.#showSwitches();
    this.#range = null;
    this.#wanted = span && { run, span };
    clearTimeout(this.#resting);
  }

  // Seconds since the epoch at the server.
  #now() { return this.#told.now + (this.#model.stands ? 0 : (performance.now() - this.#told.at) / 1000); }

  #build(region) {
    this.parts = parts(region);
    const { view, scroll, rows, overview, buttons, tip } = this.parts;
    const model = this.#model;
    this.colours = new Colours(view, () => this.#ask());
    this.rows = new Rows(rows, model);
    this.tip = new Tip(tip, model);
    this.overview = new Overview(overview, model, this.colours);
    this.scales = new Scales(model);
    this.keyboard = new Keyboard(scroll, model, { turn: (...row) => this.#turn(...row), choose: (bar) => this.#choose(bar) });
    this.keyboard.onMove = (item) => {
      this.tip.follow(item && !model.isFold(item) ? item : null, () => this.#below(item));
      this.#ask();
    };
    this.overview.attend(() => this.#whole, () => this.#range, (range) => this.#look(range));
    scroll.addEventListener("scroll", () => this.#ask(), { passive: true });
    scroll.addEventListener("pointermove", (event) => this.#hover(event));
    scroll.addEventListener("pointerleave", () => this.tip.hide());
    scroll.addEventListener("dblclick", (event) => this.#fitTo(this.#at(event)?.bar));
    attend(scroll, {
      zoom: (factor, x) => this.#zoom(factor, x), pan: (pixels) => this.#pan(pixels), fit: () => this.#look(null),
      click: (event) => this.#click(event), key: (event) => this.keyboard.press(event.key), width: () => this.#axis.width,
    });
    for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", () => this.#press(name));
  }

  #watch = new ResizeObserver(() => {
    const { view, scroll } = this.parts;
    const shown = String(scroll.clientWidth > 0 && scroll.clientHeight > 0);
    if (view.dataset.shown !== shown) {
      view.dataset.shown = shown;
      view.dispatchEvent(new CustomEvent("shown"));
    }
    this.#ask();
  });

  get #shown() { return this.parts.view.dataset.shown === "true"; }

  #ask = () => {
    if (!this.#asked && this.#shown) this.#asked = requestAnimationFrame(() => { this.#asked = 0; this.#draw(); });
  };

  #askSoon = () => { this.#timer ||= setTimeout(() => { this.#timer = 0; this.#ask(); }, LIVE_MS); };

  // -- drawing ----------------------------------------------------------------------------------------
  #draw() {
    if (!this.#shown || !this.parts.scroll.clientHeight) return; // hidden just now: what has no size is not measured
    const model = this.#model;
    const now = this.#now();
    const { view, scroll, rows, empty, count } = this.parts;
    this.#measure(now);
    const lines = model.rows;
    const path = this.scales.path(now);
    this.keyboard.find();
    empty.hidden = lines.length > 0;
    if (view.dataset.bars !== String(model.bars.size)) {
      this.#note({ bars: String(model.bars.size) });
      count.textContent = say("bars", { count: model.bars.size });
    }
    if (rows.dataset.count !== String(lines.length)) {
      rows.dataset.count = lines.length;
      rows.style.setProperty("height", `${lines.length * ROW}px`);
    }
    const first = Math.max(0, Math.floor(scroll.scrollTop / ROW) - BEYOND);
    const last = Math.min(lines.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / ROW) + BEYOND);
    this.#paint(lines, first, last, now, path);
    this.rows.show(first, last, this.keyboard.active, this.#zero, path);
    this.keyboard.mark((item) => this.rows.element(item));
    this.#head(now);
    this.tip.again(now, this.#zero);
    if (model.live && !model.stands) this.#askSoon();
  }

  #measure(now) {
    const extent = this.#model.extent(now);
    const { view, scroll } = this.parts;
    const width = scroll.clientWidth;
    const left = width < NARROW ? LABEL.narrow : LABEL.wide;
    if (this.#axis?.left !== left) view.style.setProperty("--timeline-label", `${left}px`);
    const scale = this.scales.of(extent, now, this.#askSoon);
    const from = scale.toPlace(extent.from);
    const until = Math.max(scale.toPlace(extent.until), from + 1e-3);
    const room = Math.max(width - left - BEHIND - MARGIN, 40);
    this.#zero = extent.from;
    this.#whole = new Axis(scale, [from, until], left, room);
    if (this.#wanted?.run === this.#model.run && this.#model.rows.length) {
      const [begin, end] = this.#wanted.span.map((second) => scale.toPlace(extent.from + second));
      this.#range = begin < end ? [begin, end] : null;
    }
    this.#axis = this.#seen();
    const seen = [left, left + room + BEHIND].map((x) => (this.#axis.moment(x) - extent.from).toFixed(3));
    this.#note({ from: seen[0], until: seen[1], scale: this.scales.kind, cuts: String(scale.cuts.length) });
  }

  // The axis of what is seen; of all, with room behind its end.
  #seen() {
    const { scale, from, until, left, width } = this.#whole;
    return new Axis(scale, this.#range ?? [from, until + ((until - from) * BEHIND) / width], left, width + BEHIND);
  }

  // What outside code may read of how it is looked at.
  #note(facts) {
    const { dataset } = this.parts.view;
    for (const [name, value] of Object.entries(facts)) if (dataset[name] !== value) dataset[name] = value;
  }

  // Of a canvas that begins `aside` pixels from the left of the rows; drawn on it is as if it began there.
  #pen(canvas, height, aside = 0) {
    const context = sharpen(canvas, this.parts.scroll.clientWidth - aside, height);
    context.translate(-aside, 0);
    context.font = `11px ${this.colours.font}`;
    context.textBaseline = "middle";
    return context;
  }

  #paint(lines, first, last, now, path) {
    const { canvas } = this.parts;
    const tall = Math.max(1, Math.ceil((last - first) / BEYOND)) * BEYOND; // it changes its size seldom
    const context = this.#pen(canvas, tall * ROW, this.#axis.left);
    const high = `${tall * ROW}px`;
    if (canvas.style.height !== high) canvas.style.setProperty("height", high);
    const painter = new Painter(context, this.colours, this.#axis, this.#model, now);
    const place = `translateY(${first * ROW}px)`;
    if (canvas.style.transform !== place) canvas.style.setProperty("transform", place);
    painter.grid(ticks(this.#axis, this.#zero), (last - first) * ROW);
    painter.cuts((last - first) * ROW);
    for (let row = first; row < last; row++) {
      const y = (row - first) * ROW;
      painter.row(lines[row], y, path);
      if (path?.has(lines[row])) painter.critical(path.get(lines[row]), y);
    }
  }

  #head(now) {
    const { overview, ruler } = this.parts;
    const [tall, high] = [overview.clientHeight, ruler.clientHeight];
    if (!this.overview.draw(this.#pen(overview, tall), this.#whole, this.#range, tall, now)) this.#askSoon();
    const context = this.#pen(ruler, high);
    const [marks, cuts] = [ticks(this.#axis, this.#zero), []];
    context.fillStyle = this.colours.soft;
    for (const { x } of marks) context.fillRect(Math.round(x), high - 5, 1, 5);
    new Painter(context, this.colours, this.#axis, this.#model, now).cuts(high, (x, seconds) => {
      cuts.push({ x, seconds, text: say("cut_out", { time: duration(seconds) }) });
    });
    for (const { text, from, wide, cut } of labels(marks, cuts, this.parts.scroll.clientWidth, (each) => context.measureText(each).width)) {
      context.fillStyle = this.colours.ground;
      if (cut) context.fillRect(from - 3, 1, wide + 6, high - 2);
      context.fillStyle = cut ? this.colours.ink : this.colours.soft;
      context.fillText(text, from, high / 2);
    }
  }

  // -- which part of it is seen -----------------------------------------------------------------------
  #look(range) {
    this.#wanted = null;
    this.#tellSoon();
    if (range) {
      const { from, until } = this.#whole;
      const all = until - from;
      const span = Math.max(range[1] - range[0], all / ZOOM_MOST, 1e-6);
      const begin = Math.min(Math.max(range[0], from - span / 2), until - span / 2);
      range = span >= all * 1.1 ? null : [begin, begin + span];
    }
    this.#range = range;
    this.#axis = this.#seen(); // more may be done to it before the next frame
    this.#ask();
  }

  #zoom(factor, x = this.#axis.left + this.#axis.width / 2) {
    const { from, until, left } = this.#axis;
    const place = this.#axis.place(Math.max(x, left));
    this.#look([place - (place - from) / factor, place + (until - place) / factor]);
  }

  #pan(pixels) {
    if (!this.#range) return;
    const by = pixels / this.#axis.unit;
    this.#look([this.#range[0] + by, this.#range[1] + by]);
  }

  // A bar, with some room beside it.
  #fitTo(bar) {
    if (!bar) return;
    const [from, until] = [bar.start, this.#model.endOf(bar, this.#now())].map((moment) => this.#axis.scale.toPlace(moment));
    const beside = Math.max((until - from) * 0.1, 1e-4);
    this.#look([from - beside, until + beside]);
  }

  #press(name) {
    if (name === "fit") this.#look(null);
    else if (name === "in" || name === "out") this.#zoom(name === "in" ? 1.5 : 1 / 1.5);
    else {
      // the same moments, which have other places now
      if (name !== "critical" && this.#range) this.#wanted = { run: this.#model.run, span: this.#seconds() };
      this.scales.turn(name);
      this.#tellSoon();
      this.#showSwitches();
    }
  }

  #showSwitches() {
    for (const name of this.scales.names) this.parts.buttons[name].setAttribute("aria-pressed", String(this.scales.is(name)));
    this.#ask();
  }

  // What is seen, in seconds after the start of the run.
  #seconds() {
    return this.#range.map((place) => Number((this.#axis.scale.toMoment(place) - this.#zero).toFixed(6)));
  }

  // A person has moved, or another run is here: once that rests, Python hears how it is looked at.
  #tellSoon() {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      const { view } = this.parts;
      const span = this.#wanted?.span ?? (this.#range && this.#seconds());
      view.dataset.look = JSON.stringify({ run: this.#model.run, scale: this.scales.kind, span, critical: this.scales.is("critical") });
      view.dispatchEvent(new CustomEvent("look"));
    }, REST_MS);
  }

  // -- what a person points at ------------------------------------------------------------------------
  // The row at a pointer, and the bar: of a folded row the one at the pointer, if there is one.
  #at(event) {
    const { scroll } = this.parts;
    const box = scroll.getBoundingClientRect();
    const item = this.#model.rows[Math.floor((event.clientY - box.top + scroll.scrollTop) / ROW)];
    if (!item || !this.#axis) return null;
    const x = event.clientX - box.left;
    const aside = x < this.#axis.left;
    if (!this.#model.isFold(item)) return { item, bar: item, aside };
    const [moment, now, reach] = [this.#axis.moment(x), this.#now(), 4];
    const away = (bar) => Math.max(bar.start - moment, moment - this.#model.endOf(bar, now), 0);
    const bar = item.bars.reduce((best, each) => (away(each) < away(best) ? each : best));
    const [from, until] = [this.#axis.x(bar.start) - reach, this.#axis.x(this.#model.endOf(bar, now)) + reach];
    return { item, bar: !aside && from <= x && x <= until ? bar : null, aside };
  }

  #hover(event) {
    const found = event.buttons ? null : this.#at(event);
    if (found?.bar && !found.aside) this.tip.show(found.bar, event.clientX, event.clientY, this.#now(), this.#zero);
    else this.tip.hide();
  }

  #click(event) {
    const found = this.#at(event);
    if (!found) return;
    const { item, bar } = found;
    this.keyboard.move(item);
    this.tip.follow(null);
    if (this.#model.canOpen(item) && (event.target.closest("[data-turn]") || (!bar && found.aside))) this.#turn(item);
    else if (bar) this.#choose(bar);
  }

  // The run's own bar chooses no node: the choice that was goes.
  #choose(bar) {
    const { view } = this.parts;
    view.dataset.chosen = bar.node;
    view.dispatchEvent(new CustomEvent("choose"));
  }

  #turn(item, open) {
    this.#model.turn(item, open);
    this.#ask();
  }

  // Where the keyboard's bar ends below, on the screen.
  #below(item) {
    const { scroll } = this.parts;
    const box = scroll.getBoundingClientRect();
    const { left, width } = this.#axis;
    const x = Math.min(Math.max(this.#axis.x(item.start), left), left + width - 40);
    return [box.left + x, box.top + (item.row + 1) * ROW - scroll.scrollTop];
  }

  // A node was chosen elsewhere: its first bar comes into view.
  #reveal(node) {
    const row = this.#model.ofNode(node).map((bar) => this.#model.rowOf(bar)).find(Boolean);
    const { scroll } = this.parts;
    if (!row || (row.row * ROW >= scroll.scrollTop && (row.row + 1) * ROW <= scroll.scrollTop + scroll.clientHeight)) return;
    scroll.scrollTop = row.row * ROW - scroll.clientHeight / 3;
  }
}

export const timeline = new Timeline();
