// The bars of one run as a tree, and the rows it is shown in. Pure: no page, no clock.
// A row is a bar, or a Fold: equal siblings, more than FEW of them, in one row. What a person folds and unfolds is kept
// by name, so that it outlasts what is told anew.
export const FEW = 5;
const OPEN = new Set(["executing", "queued", "paused", "unverified"]);
const NUMBER = /[\s#._:-]*\d+([._:-]\d+)*$/; // "Worker 3", "Read 1.12": what tells equal ones apart

const byStart = (one, other) =>
  one.start < other.start ? -1 : one.start > other.start ? 1
  : one.order - other.order || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);

// Equal siblings: those of one kind and name in one bar.
class Fold {
  bars = []; // by start
  errors = 0;
  live = 0;
  names = new Map(); // name → how many have it; nodes likewise
  nodes = new Map();

  constructor(holder, kind, stem) {
    [this.holder, this.kind, this.stem] = [holder, kind, stem];
    this.key = `${holder.key}\n${kind}\n${stem}`;
  }

  get start() { return this.bars[0].start; }
  get order() { return this.bars[0].order; }
  get name() { return this.names.size === 1 ? this.bars[0].name : this.stem; }
  get status() { return this.errors ? "error" : this.live ? "executing" : this.bars.at(-1).status; }

  count(bar, by) {
    this.errors += by * (bar.status === "error");
    this.live += by * OPEN.has(bar.status);
    tally(this.names, bar.name, by);
    tally(this.nodes, bar.node, by);
  }
}

class Bar {
  folds = new Map();
  work = 0; // children that are no tools: who has any is a frame round others, and no work itself
  #sorted = null;

  constructor(key, kind = "", order = -1, start = 0) {
    Object.assign(this, { key, kind, order, start, end: null, status: "", name: "", node: "", waits: [] });
  }

  // Its rows: what stands in it, equal ones folded.
  get entries() {
    this.#sorted ??= [...this.folds.values()].flatMap((fold) => (fold.bars.length > FEW ? [fold] : fold.bars)).sort(byStart);
    return this.#sorted;
  }

  changed() { this.#sorted = null; }

  // One more: mostly it comes behind all others, and is no reason to sort them anew.
  grew(bar) {
    const alone = bar.fold.bars.length <= FEW;
    if (this.#sorted && alone && (!this.#sorted.length || byStart(this.#sorted.at(-1), bar) < 0)) this.#sorted.push(bar);
    else if (alone || bar.fold.bars.length === FEW + 1) this.#sorted = null;
  }

  get open() { return OPEN.has(this.status); }
  get waiting() { return this.open && this.waits.length > 0 && this.waits.at(-1)[1] === null; }
  get works() { return this.kind === "tool" || (this.kind !== "run" && this.kind !== "group" && !this.work); }
}

export class Model {
  bars = new Map();
  top = new Bar("");
  shape = 0; // rises whenever rows or times are other ones
  now = 0;
  live = false;
  stands = false; // nothing is heard of it: its time stands
  chosen = null;
  run = "";
  #orphans = new Map(); // key of a bar that is not there → those that stand in it
  #turned = new Map(); // key of a row → whether a person opened it
  #rows = null;
  #extent = null;

  take({ anew, run, bars, gone, live, now, stands, chosen }) {
    if (run !== this.run) this.#turned.clear();
    if (anew) this.#clear();
    [this.run, this.live, this.now, this.stands, this.chosen] = [run, live, now, Boolean(stands), chosen];
    for (const wire of bars) this.#put(wire);
    for (const key of gone) this.#drop(key);
  }

  // From the first moment known to the last one; what is live goes on until `now`.
  extent(now) {
    if (!this.#extent) {
      let [from, known] = [Infinity, -Infinity];
      for (const { start, end } of this.bars.values()) {
        if (start < from) from = start;
        if (Number.isFinite(start) && start > known) known = start;
        if (end > known && end !== null) known = end;
      }
      this.#extent = [from, known];
    }
    const [from, known] = Number.isFinite(this.#extent[0]) ? this.#extent : [0, 0];
    return { from, known, until: this.live ? Math.max(known, now) : known };
  }

  endOf(bar, now) {
    if (bar.end !== null) return Math.max(bar.end, bar.start);
    if (!bar.open) return bar.start;
    return this.live ? Math.max(now, bar.start) : Math.max(bar.start, this.extent(now).known);
  }

  // Every row in order; each knows its `row` and `depth`.
  get rows() {
    if (this.#rows) return this.#rows;
    const rows = this.#rows = [];
    const add = (item, depth) => {
      item.row = rows.length;
      item.depth = depth;
      rows.push(item);
    };
    const walk = (holder, depth) => {
      for (const item of holder.entries) {
        add(item, depth);
        if (item instanceof Fold) {
          if (this.isOpen(item)) for (const bar of item.bars) inside(bar, depth + 1);
        } else if (this.isOpen(item)) walk(item, depth + 1);
      }
    };
    const inside = (bar, depth) => {
      add(bar, depth);
      if (this.isOpen(bar)) walk(bar, depth + 1);
    };
    walk(this.top, 0);
    return rows;
  }

  canOpen(item) { return item instanceof Fold || item.folds.size > 0; }
  isFold(item) { return item instanceof Fold; }
  isOpen(item) { return this.#turned.get(item.key) ?? !(item instanceof Fold); }

  turn(item, open = !this.isOpen(item)) {
    this.#turned.set(item.key, open);
    this.#rows = null;
    this.shape += 1;
  }

  // The row in which a bar is seen: its own, or that of what hides it.
  rowOf(bar) {
    const rows = this.rows;
    for (let item = bar; item && item !== this.top; item = item.fold.holder) {
      if (rows[item.row] === item) return item;
      if (rows[item.fold.row] === item.fold) return item.fold;
    }
    return null;
  }

  ofNode(node) { return [...this.bars.values()].filter((bar) => bar.node === node && bar.kind !== "tool"); }
  parent(item) { return item instanceof Fold ? item.holder : item.fold.bars.length > FEW ? item.fold : item.fold.holder; }

  #put([key, parent, kind, node, name, status, start, end, order, iteration, began, waits]) {
    const known = this.bars.get(key);
    const at = start ?? end ?? Infinity;
    const same = known && known.parent === parent && known.name === name && known.start === at && known.order === order;
    if (known && !(known.start === at && known.end === null)) this.#extent = null; // it may shrink
    if (same) known.fold.count(known, -1);
    else if (known) this.#leave(known);
    const bar = known ?? new Bar(key, kind);
    Object.assign(bar, { parent, node, name, status, start: at, end, order, iteration, began, waits });
    if (same) known.fold.count(known, 1);
    else this.#join(bar);
    this.#reach(bar);
    this.#rows = null;
    this.shape += 1;
  }

  // What is known of the whole grows with a bar.
  #reach({ start, end }) {
    if (!this.#extent || !Number.isFinite(start)) return;
    this.#extent = [Math.min(this.#extent[0], start), Math.max(this.#extent[1], start, end ?? start)];
  }

  #join(bar) {
    this.bars.set(bar.key, bar);
    const holder = this.bars.get(bar.parent) ?? this.top;
    if (holder === this.top && bar.parent !== null) {
      if (!this.#orphans.has(bar.parent)) this.#orphans.set(bar.parent, new Set());
      this.#orphans.get(bar.parent).add(bar);
    }
    this.#stand(bar, holder);
    const waiting = this.#orphans.get(bar.key);
    this.#orphans.delete(bar.key);
    for (const child of waiting ?? []) this.#move(child, bar);
  }

  #stand(bar, holder) {
    const stem = bar.kind === "tool" ? bar.name : bar.name.replace(NUMBER, "") || bar.name;
    const id = `${bar.kind}\n${stem}`;
    let fold = holder.folds.get(id);
    if (!fold) holder.folds.set(id, (fold = new Fold(holder, bar.kind, stem)));
    bar.fold = fold;
    fold.bars.splice(place(fold.bars, bar), 0, bar);
    fold.count(bar, 1);
    holder.work += bar.kind !== "tool";
    holder.grew(bar);
  }

  #move(bar, holder) {
    const { fold } = bar;
    fold.bars.splice(place(fold.bars, bar), 1);
    fold.count(bar, -1);
    if (!fold.bars.length) fold.holder.folds.delete(`${fold.kind}\n${fold.stem}`);
    fold.holder.work -= bar.kind !== "tool";
    fold.holder.changed();
    if (holder) this.#stand(bar, holder);
  }

  // The bar goes; what stands in it waits for it, at the top.
  #leave(bar) {
    const inside = [...bar.folds.values()].flatMap((fold) => fold.bars);
    for (const child of inside) this.#move(child, this.top);
    if (inside.length) this.#orphans.set(bar.key, new Set(inside));
    this.#move(bar, null);
    this.#orphans.get(bar.parent)?.delete(bar);
    this.bars.delete(bar.key);
  }

  #drop(key) {
    const bar = this.bars.get(key);
    if (bar) this.#leave(bar);
    this.#touch();
  }

  #touch() {
    this.#rows = this.#extent = null;
    this.shape += 1;
  }

  #clear() {
    this.bars.clear();
    this.#orphans.clear();
    this.top = new Bar("");
    this.#touch();
  }
}

function tally(counts, name, by) {
  const count = (counts.get(name) ?? 0) + by;
  if (count) counts.set(name, count);
  else counts.delete(name);
}

// Where a bar stands, or would, among those sorted by start; most come last.
function place(bars, bar) {
  let [low, high] = [0, bars.length];
  if (high && byStart(bars[high - 1], bar) < 0) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byStart(bars[middle], bar) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
