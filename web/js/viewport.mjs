// Pan and zoom of the canvas. Drag the ground to pan, wheel with Ctrl (or pinch) to zoom, wheel to scroll.
// Shows all of a new flow once; after that only a person moves the view, so that nothing jumps during a run.
import Panzoom from "../vendor/panzoom/panzoom.es.js";

const LARGEST = 2;
const SMALLEST = 0.05;
const WHOLE = 1.2; // a small flow is not blown up beyond this
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const FAR = 0.55; // below this scale only names can be read, and only when they are written larger
const PINCH = 0.8;
const BAR = 52; // the bar below is over the canvas, not over the flow

class Viewport {
  #canvas = document.getElementById("canvas");
  #panzoom = null;
  #size = [1, 1];
  #name = "";
  #moved = false; // by a person, since all of it was shown
  #held = null; // the point that was brought to the middle, as long as nobody moves the view: it stays there

  constructor() {
    this.#canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#canvas.addEventListener("scroll", () => this.#scrolled());
    // Two fingers: Panzoom adds `step` for every 80 px they part, so it must grow with the scale.
    this.#canvas.addEventListener("pointerdown", () => this.#panzoom?.setOptions({ step: this.#panzoom.getScale() * PINCH }));
    new ResizeObserver(() => this.#resized()).observe(this.#canvas);
    const map = document.getElementById("minimap");
    const go = (event) => { if (event.buttons) this.#goTo(event); };
    map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); go(event); });
    map.addEventListener("pointermove", go);
  }

  #resized() {
    if (this.#held) this.center(...this.#held);
    else if (!this.#moved) this.fit();
  }

  #wasMoved() {
    this.#moved = true;
    this.#held = null;
  }

  show(width, height, name) {
    const same = this.#panzoom && name === this.#name;
    const before = same && [this.#panzoom.getScale(), ...this.#place()];
    this.#panzoom?.destroy();
    this.#name = name;
    this.#size = [width, height];
    const world = this.#canvas.querySelector(".world");
    const [startScale, x, y] = before || this.#whole();
    const [startX, startY] = this.#fromMiddle(startScale, x, y);
    this.#panzoom = Panzoom(world, {
      canvas: true, maxScale: LARGEST, minScale: SMALLEST, excludeClass: "node",
      cursor: "grab", animate: false, startScale, startX, startY,
    });
    world.addEventListener("panzoompan", (event) => { if (event.detail.originalEvent) this.#wasMoved(); });
    world.addEventListener("panzoomchange", () => this.#tell());
    this.#moved = Boolean(same && this.#moved);
    if (!same) this.#held = null;
  }

  fit() {
    if (!this.#panzoom) return;
    const [scale, x, y] = this.#whole();
    this.#panzoom.zoom(scale, { force: true });
    this.#put(x, y);
    this.#moved = false;
    this.#held = null;
  }

  // The scale and place at which all of the world is seen, in the middle of the canvas.
  #whole() {
    const { clientWidth, clientHeight } = this.#canvas;
    const [width, height] = this.#size;
    const room = Math.max(clientHeight / 2, clientHeight - BAR);
    const scale = Math.max(SMALLEST, Math.min(WHOLE, clientWidth / width, room / height));
    return [scale, (clientWidth / scale - width) / 2, (room / scale - height) / 2];
  }

  zoom(factor) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    this.#zoomAt(factor, left + width / 2, top + height / 2);
  }

  center(x, y) {
    const scale = this.#panzoom.getScale();
    const { clientWidth, clientHeight } = this.#canvas;
    this.#put(clientWidth / scale / 2 - x, clientHeight / scale / 2 - y, { animate: !STILL.matches });
    this.#moved = true;
    this.#held = [x, y];
  }

  // Where the world stands, from its top left, in its own pixels. Panzoom counts from the world's middle,
  // and only so does it keep in place what is under two fingers or the pointer.
  #place() {
    const { x, y } = this.#panzoom.getPan();
    const [aside, down] = this.#fromMiddle(this.#panzoom.getScale(), 0, 0);
    return [x - aside, y - down];
  }

  #put(x, y, options = {}) {
    const [toX, toY] = this.#fromMiddle(this.#panzoom.getScale(), x, y);
    this.#panzoom.pan(toX, toY, { force: true, ...options });
  }

  #fromMiddle(scale, x, y) {
    const [width, height] = this.#size;
    return [x + (width / 2) * (1 - 1 / scale), y + (height / 2) * (1 - 1 / scale)];
  }

  // The focus went to a node outside: the browser scrolled to it. The same way is gone by panning.
  #scrolled() {
    const { scrollLeft, scrollTop } = this.#canvas;
    if (!this.#panzoom || !(scrollLeft || scrollTop)) return;
    this.#canvas.scrollTo(0, 0);
    const scale = this.#panzoom.getScale();
    this.#panzoom.pan(-scrollLeft / scale, -scrollTop / scale, { relative: true, force: true });
    this.#wasMoved();
  }

  // A place on the small map comes to the middle.
  #goTo(event) {
    const place = document.querySelector("#minimap svg")?.getScreenCTM()?.inverse();
    if (!place || !this.#panzoom) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(place);
    const scale = this.#panzoom.getScale();
    const { clientWidth, clientHeight } = this.#canvas;
    this.#put(clientWidth / scale / 2 - x, clientHeight / scale / 2 - y);
    this.#wasMoved();
  }

  #wheel(event) {
    if (!this.#panzoom) return;
    event.preventDefault();
    this.#wasMoved();
    if (event.ctrlKey || event.metaKey) {
      this.#zoomAt(event.deltaY < 0 ? 1.12 : 1 / 1.12, event.clientX, event.clientY);
    } else {
      const scale = this.#panzoom.getScale();
      const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      this.#panzoom.pan(-dx / scale, -dy / scale, { relative: true, force: true });
    }
  }

  #zoomAt(factor, clientX, clientY) {
    this.#panzoom.zoomToPoint(this.#panzoom.getScale() * factor, { clientX, clientY });
    this.#wasMoved();
  }

  // The minimap's frame, which part of the world is seen; and whether all of it is far away.
  #tell() {
    const scale = this.#panzoom.getScale();
    this.#canvas.querySelector(".world")?.classList.toggle("far", scale < FAR);
    const frame = document.getElementById("minimap-frame");
    if (!frame) return;
    const [x, y] = this.#place();
    frame.setAttribute("x", -x);
    frame.setAttribute("y", -y);
    frame.setAttribute("width", this.#canvas.clientWidth / scale);
    frame.setAttribute("height", this.#canvas.clientHeight / scale);
  }
}

export const viewport = new Viewport();
