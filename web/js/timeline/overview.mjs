// The overview: all of the run in one strip, as high as much went on at once, and a window of what is shown below it.
// Drag the window to move it, its edges to change it, the ground to choose another.
const EDGE = 7; // pixels to either side of an edge that take hold of it
const SLOW = 20; // painted anew at most a twentieth of the time while bars keep coming

export class Overview {
  #painted = null;
  #skyline = new OffscreenCanvas(1, 1); // painted once for all frames in which no bar is another
  #cost = 0;
  #next = 0;

  constructor(canvas, model, colours) {
    Object.assign(this, { canvas, model, colours });
  }

  // `axis` is over all of the run, `shown` the places that are seen, null for all; whether it is up to date.
  draw(context, axis, shown, height, now) {
    const { model, colours } = this;
    const wanted = `${model.shape} ${axis.scale.places.length} ${axis.left} ${axis.width} ${colours.executing}`;
    const moment = performance.now();
    const stale = this.#painted?.wanted !== wanted || model.live;
    const { width: wide, height: high } = context.canvas;
    if (!wide || !high) return true; // there is no room for it
    const size = `${wide} ${high} ${axis.width}`;
    if (this.#painted?.size !== size || (stale && moment >= this.#next)) {
      this.#painted = { wanted, size };
      Object.assign(this.#skyline, { width: wide, height: high }); // which wipes it
      const pen = this.#skyline.getContext("2d");
      pen.setTransform(context.getTransform());
      this.#paint(pen, this.#columns(axis, now), axis, height);
      this.#cost = performance.now() - moment;
      this.#next = moment + Math.max(100, this.#cost * SLOW);
    }
    context.save();
    context.resetTransform();
    context.drawImage(this.#skyline, 0, 0);
    context.restore();
    if (shown) this.#window(context, axis, shown, height);
    return this.#painted.wanted === wanted;
  }

  // For each pixel how much went on, failed, and waited.
  #columns(axis, now) {
    const size = Math.ceil(axis.width) + 2;
    const [all, failed, waited] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
    const clamp = (x) => Math.min(size - 2, Math.max(0, Math.floor(x - axis.left)));
    const add = (columns, from, until) => {
      columns[clamp(axis.x(from))] += 1;
      columns[clamp(axis.x(until)) + 1] -= 1;
    };
    for (const bar of this.model.bars.values()) {
      for (const [from, until] of bar.kind === "run" ? [] : bar.waits) add(waited, from, until ?? this.model.endOf(bar, now));
      if (!bar.works || !Number.isFinite(bar.start)) continue;
      add(bar.status === "error" ? failed : all, bar.start, this.model.endOf(bar, now));
    }
    for (const columns of [all, failed, waited]) {
      for (let x = 1; x < size; x++) columns[x] += columns[x - 1];
    }
    return { all, failed, waited };
  }

  #paint(context, { all, failed, waited }, axis, height) {
    const { colours } = this;
    let most = 1;
    for (let x = 0; x < axis.width; x++) most = Math.max(most, all[x] + failed[x]);
    const tall = (count) => (count ? 4 + (height - 8) * Math.sqrt(count / most) : 0);
    for (const [fill, counts] of [
      [colours.unknown, (x) => all[x] + failed[x]], [colours.waiting, (x) => Math.min(waited[x], 1)], [colours.error, (x) => failed[x]],
    ]) {
      context.fillStyle = fill;
      for (let x = 0; x < axis.width; x++) {
        const high = tall(counts(x));
        if (high) context.fillRect(axis.left + x, height - high, 1, high);
      }
    }
  }

  #window(context, axis, [from, until], height) {
    const [x, toX] = edges(axis, [from, until]);
    context.fillStyle = this.colours.ground;
    context.globalAlpha = 0.6;
    context.fillRect(axis.left, 0, x - axis.left, height);
    context.fillRect(toX, 0, axis.left + axis.width - toX, height);
    context.globalAlpha = 1;
    context.strokeStyle = this.colours.chosen;
    context.lineWidth = 1.5;
    context.strokeRect(x + 0.75, 0.75, Math.max(toX - x - 1.5, 2), height - 1.5);
    context.lineWidth = 1;
  }

  // Let a pointer choose what is shown: `look(range)` is called as it moves.
  attend(axisNow, shownNow, look) {
    this.canvas.addEventListener("pointerdown", (down) => {
      const [axis, shown] = [axisNow(), shownNow()];
      if (!axis) return;
      const place = (event) => axis.place(event.clientX - this.canvas.getBoundingClientRect().left);
      const begin = place(down);
      const change = hold(axis, shown, begin);
      const move = (event) => look(change(place(event)));
      this.canvas.setPointerCapture(down.pointerId);
      this.canvas.addEventListener("pointermove", move);
      this.canvas.addEventListener("lostpointercapture", () => this.canvas.removeEventListener("pointermove", move), { once: true });
    });
  }
}

const edges = (axis, places) => places.map((place) => axis.left + (place - axis.from) * axis.unit);

// What a drag that begins here does.
function hold(axis, shown, begin) {
  const [left, right] = shown ? edges(axis, shown) : [-Infinity, Infinity];
  const x = axis.left + (begin - axis.from) * axis.unit;
  if (shown && Math.abs(x - left) < EDGE) return (place) => [Math.min(place, shown[1]), shown[1]];
  if (shown && Math.abs(x - right) < EDGE) return (place) => [shown[0], Math.max(place, shown[0])];
  if (shown && x > left && x < right) return (place) => [shown[0] + place - begin, shown[1] + place - begin];
  return (place) => [Math.min(begin, place), Math.max(begin, place)];
}
