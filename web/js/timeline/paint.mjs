// Paints rows of bars, and the ruler over them. Knows where things stand (`Axis`), not why.
// Of a row with many bars never more are painted than it has pixels: what falls on the pixel before is left out,
// unless it is worse.
import { duration, running, sinceStart } from "./words.mjs";

export const ROW = 24;
const THICK = 14; // of a bar; tools are thinner, failures fill more of the row
const THIN = 8;
const LEAST = 2; // pixels of the shortest bar
const STEPS = [1, 2, 5];
const SIXTIES = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
const TICK_PX = 84;
const WORSE = { error: 3, waiting: 2, executing: 2, killed: 1 };

const widths = new Map(); // of words, in pixels: measuring costs more than painting them

function wide(context, words) {
  const known = widths.get(words);
  if (known !== undefined) return known;
  if (widths.size > 2_000) widths.clear();
  const { width } = context.measureText(words);
  widths.set(words, width);
  return width;
}

// Where a place on the scale is, in pixels of the plot.
export class Axis {
  constructor(scale, [from, until], left, width) {
    Object.assign(this, { scale, from, until, left, width });
    this.unit = width / (until - from);
  }

  x(moment) { return this.left + (this.scale.toPlace(moment) - this.from) * this.unit; }
  place(x) { return this.from + (x - this.left) / this.unit; }
  moment(x) { return this.scale.toMoment(this.place(x)); }
}

export class Painter {
  constructor(context, colours, axis, model, now) {
    Object.assign(this, { context, colours, axis, model, now });
    this.right = axis.left + axis.width;
    this.run = model.bars.get("run");
    this.doubt = this.run?.status === "unverified" ? model.extent(now).known : Infinity;
  }

  // One row at height `y`; `faint` but for what is on the critical path.
  row(item, y, path) {
    if (this.model.isFold(item)) return this.#many(item, y, path);
    const { axis, right } = this;
    const end = this.model.endOf(item, this.now);
    const x = axis.x(item.start);
    const toX = Math.max(axis.x(end), x + LEAST);
    if (toX >= axis.left && x <= right) this.#bar(item, x, toX, end, y, path && !path.has(item));
    this.#length(item, x, toX, end, y);
  }

  #many(fold, y, path) {
    const { axis, right } = this;
    const { begins, ends, bad } = this.#placed(fold);
    const live = axis.x(this.model.extent(this.now).until);
    let [edge, worst] = [-Infinity, 0];
    for (let index = 0; index < begins.length; index++) {
      const x = axis.left + (begins[index] - axis.from) * axis.unit;
      if (x > right) break; // they are by start
      const over = Number.isNaN(ends[index]) ? live : axis.left + (ends[index] - axis.from) * axis.unit;
      const toX = Math.max(over, x + LEAST);
      if (toX < axis.left || (toX <= edge + 1 && bad[index] <= worst)) continue;
      worst = x > edge ? bad[index] : Math.max(bad[index], worst);
      edge = Math.max(edge, toX);
      const bar = fold.bars[index];
      this.#bar(bar, x, toX, this.model.endOf(bar, this.now), y, path && !path.has(bar));
    }
  }

  // Where the bars of a fold stand on the scale; kept until they, or it, are other ones.
  #placed(fold) {
    const { scale } = this.axis;
    if (fold.placed?.shape === this.model.shape && fold.placed.scale === scale) return fold.placed;
    const count = fold.bars.length;
    const [begins, ends, bad] = [new Float64Array(count), new Float64Array(count), new Uint8Array(count)];
    fold.bars.forEach((bar, index) => {
      begins[index] = scale.toPlace(bar.start);
      ends[index] = bar.end === null && bar.open ? NaN : scale.toPlace(this.model.endOf(bar, this.now));
      bad[index] = WORSE[bar.status] ?? 0;
    });
    fold.placed = { begins, ends, bad, scale, shape: this.model.shape };
    return fold.placed;
  }

  #bar(bar, x, toX, end, y, faint) {
    const { context, colours } = this;
    const high = bar.kind === "tool" ? THIN : bar.kind === "run" ? THIN - 2 : bar.status === "error" ? THICK + 4 : THICK;
    const top = y + (ROW - high) / 2;
    context.globalAlpha = faint ? 0.35 : 1;
    const part = (status, since, until) => {
      const [left, right] = [Math.max(since, this.axis.left), Math.min(until, this.right)];
      if (right <= left) return;
      const width = Math.max(right - left, LEAST);
      context.fillStyle = colours.fill(context, status);
      context.beginPath();
      context.roundRect(left, top, width, high, Math.min(3, width / 2));
      context.fill();
      if (typeof context.fillStyle !== "string" && width > 4) {
        context.strokeStyle = colours[status];
        context.strokeRect(left + 0.5, top + 0.5, width - 1, high - 1);
      }
    };
    const began = bar.began === null ? x : Math.max(x, this.axis.x(bar.began));
    if (bar.status === "queued") part("queued", x, toX);
    else {
      if (began > x) part("queued", x, began);
      const sure = end > this.doubt && bar.open ? Math.max(began, this.axis.x(Math.max(this.doubt, bar.start))) : toX;
      part(bar.status === "paused" || bar.status === "unverified" ? "executing" : bar.status, began, sure);
      if (sure < toX) part("unverified", sure, toX);
    }
    for (const [since, until] of bar.waits) {
      const over = until ?? (bar.open ? end : since);
      if (over > since) part("waiting", this.axis.x(since), Math.max(this.axis.x(over), this.axis.x(since) + LEAST));
    }
    if (bar.status === "error" && bar.kind !== "run" && toX - x >= 14) this.#cross(Math.max(x, this.axis.left) + 7, y + ROW / 2);
    if (bar.node && bar.node === this.model.chosen && bar.kind !== "tool") {
      context.strokeStyle = colours.chosen;
      context.lineWidth = 2;
      context.strokeRect(Math.max(x, this.axis.left) - 2, y + 2, Math.min(toX, this.right) - Math.max(x, this.axis.left) + 4, ROW - 4);
      context.lineWidth = 1;
    }
    context.globalAlpha = 1;
  }

  #cross(x, y) {
    const { context } = this;
    context.strokeStyle = this.colours.ground;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - 3, y - 3);
    context.lineTo(x + 3, y + 3);
    context.moveTo(x + 3, y - 3);
    context.lineTo(x - 3, y + 3);
    context.stroke();
    context.lineWidth = 1;
  }

  // How long it took, beside it where there is room.
  #length(bar, x, toX, end, y) {
    if (!Number.isFinite(bar.start)) return;
    const words = bar.open ? running(end - bar.start) : bar.end === null ? "" : duration(end - bar.start);
    const { context } = this;
    const width = wide(context, words);
    const behind = toX + 7;
    if (behind < this.axis.left || x > this.right) return;
    context.fillStyle = this.colours.soft;
    if (behind + width <= this.right) context.fillText(words, behind, y + ROW / 2 + 1);
    else if (x - width - 7 >= this.axis.left) context.fillText(words, x - width - 7, y + ROW / 2 + 1);
  }

  // The critical path in a row: a line under what counts of its bars.
  critical(pieces, y) {
    this.context.fillStyle = this.colours.critical;
    for (const [, from, until] of pieces) {
      const [x, toX] = [Math.max(this.axis.x(from), this.axis.left), Math.min(this.axis.x(until), this.right)];
      if (toX > x) this.context.fillRect(x, y + ROW - 4, Math.max(toX - x, 1), 3);
    }
  }

  // What was cut out, over all rows.
  cuts(height, words) {
    const { context, axis } = this;
    for (const [from, until] of axis.scale.cuts) {
      const x = (axis.x(from) + axis.x(until)) / 2;
      if (x < axis.left || x > this.right) continue;
      context.strokeStyle = this.colours.line;
      context.setLineDash([4, 3]);
      for (const side of [axis.x(from), axis.x(until)]) {
        context.beginPath();
        context.moveTo(side, 0);
        context.lineTo(side, height);
        context.stroke();
      }
      context.setLineDash([]);
      words?.(x, until - from);
    }
  }

  grid(ticks, height) {
    this.context.fillStyle = this.colours.line;
    for (const { x } of ticks) this.context.fillRect(Math.round(x), 0, 1, height);
  }
}

// Places for the ruler: round moments after `zero`, or as many as there is room for where steps are no time.
export function ticks(axis, zero) {
  const found = [];
  const add = (moment, step) => {
    const x = axis.x(moment);
    const clear = !found.length || x - found.at(-1).x >= TICK_PX * 0.6;
    if (clear && x >= axis.left - 1 && x <= axis.left + axis.width + 1) found.push({ x, text: sinceStart(moment - zero, step) });
  };
  if (axis.scale.bounded) {
    const step = Math.max(1, niceStep(TICK_PX / axis.unit));
    const last = Math.min(axis.until, axis.scale.places.at(-1)); // behind it is room, and no time
    for (let at = Math.ceil(axis.from / step) * step; at <= last; at += step) add(axis.scale.toMoment(at), 0.01);
    return found;
  }
  const [from, until] = [axis.moment(axis.left), axis.moment(axis.left + axis.width)];
  const step = niceStep(TICK_PX / axis.unit);
  let begin = from; // what is cut out has no room for ticks
  for (const [cutFrom, cutUntil] of [...axis.scale.cuts, [until, until]]) {
    for (let at = Math.ceil((begin - zero) / step - 1e-9); zero + at * step <= Math.min(cutFrom, until) + 1e-9; at++) {
      add(zero + at * step, step);
    }
    begin = Math.max(begin, cutUntil);
  }
  return found;
}

function niceStep(least) {
  if (least > 30) return SIXTIES.find((each) => each >= least) ?? Math.ceil(least / 604800) * 604800;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = (STEPS.find((each) => each * power >= least * 0.999) ?? 10) * power;
  return step > 20 ? 30 : step;
}
