// Which scale the timeline has, and what is critical: made of all bars, so anew only when they changed, and the less
// often the longer that takes.
import { criticalPath } from "./path.mjs";
import { bySequence, byTime, withCuts } from "./scale.mjs";

const REST = 12; // times as long as it took is waited before it is made again

export class Scales {
  #on = { cut: false, sequence: false, critical: false };
  #kept = {}; // name → { made, wanted, next }

  constructor(model) { this.model = model; }

  get kind() { return this.#on.cut ? "cut" : this.#on.sequence ? "sequence" : "time"; }

  get names() { return Object.keys(this.#on); }

  is(name) { return this.#on[name]; }

  turn(name) {
    const on = this.#on[name] = !this.#on[name];
    if (on && name !== "critical") this.#on[name === "cut" ? "sequence" : "cut"] = false;
    this.#kept = {};
  }

  // The scale of this kind, and whether the critical path is marked.
  set(kind, critical) {
    this.#on = { cut: kind === "cut", sequence: kind === "sequence", critical };
    this.#kept = {};
  }

  // The scale for what is known now; `again` is called when it is to be made anew later.
  of(extent, now, again) {
    const { cut, sequence } = this.#on;
    if (!cut && !sequence) return this.#make("time", `${extent.from}`, again, () => byTime(extent.from));
    const kind = cut ? "cut" : "sequence";
    const wanted = `${kind} ${this.model.shape} ${this.model.live ? Math.floor(now * 4) : ""}`;
    return this.#make(kind, wanted, again, () => (cut ? this.#cut(extent, now) : this.#sequence(now)));
  }

  // Bar and row → its pieces of the critical path; null while it is not marked.
  path(now) {
    const run = this.model.bars.get("run");
    if (!this.#on.critical || !run) return null;
    const wanted = `${this.model.shape} ${this.model.live ? Math.floor(now * 2) : ""}`;
    return this.#make("path", wanted, () => {}, () => {
      const pieces = new Map();
      const add = (item, piece) => (pieces.has(item) ? pieces.get(item).push(piece) : pieces.set(item, [piece]));
      for (const piece of criticalPath(run, (bar) => this.model.endOf(bar, now))) {
        add(piece[0], piece);
        add(piece[0].fold, piece);
      }
      return pieces;
    });
  }

  #make(name, wanted, again, work) {
    const [kept, moment] = [this.#kept[name], performance.now()];
    if (kept?.wanted === wanted) return kept.made;
    if (kept && moment < kept.next) {
      again();
      return kept.made;
    }
    const made = work();
    const took = performance.now() - moment;
    this.#kept[name] = { made, wanted, next: performance.now() + (took > 2 ? took * REST : 0) };
    return made;
  }

  #cut({ from, until }, now) {
    const [starts, ends] = [[], []];
    const runs = (start, end) => { if (end >= start) { starts.push(start); ends.push(end); } };
    for (const bar of this.model.bars.values()) {
      if (!bar.works || !Number.isFinite(bar.start)) continue;
      let at = bar.start;
      for (const [since, over] of bar.waits) {
        runs(at, since);
        at = over ?? Infinity;
      }
      runs(at, this.model.endOf(bar, now));
    }
    return withCuts(starts, ends, from, until);
  }

  #sequence(now) {
    const moments = [];
    for (const bar of this.model.bars.values()) {
      if (!Number.isFinite(bar.start)) continue;
      moments.push(bar.start);
      if (!bar.open) moments.push(this.model.endOf(bar, now));
    }
    return bySequence(moments);
  }
}
