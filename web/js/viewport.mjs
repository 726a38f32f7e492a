// Pan and zoom of the canvas. Drag the ground to pan, wheel with Ctrl (or pinch, or double-click) to zoom, wheel to scroll.
// Shows all of a flow until a person moves the view; from then on nothing jumps by itself. Owns #canvas[data-detail]:
// full, names, blocks; what is smaller than a person can read is not drawn.
import Panzoom from "../vendor/panzoom/panzoom.es.js";
import { dressRest } from "./marks.mjs";

const LARGEST = 2;
const SMALLEST = 0.05;
const WHOLE = 1.2; // a small flow is not blown up beyond this
const OUTER = 0.5; // of the scale at which all is seen: further away one does not get
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const READABLE = 0.75; // what is brought to the middle can be read
const DETAILS = [["full", 0.64], ["names", 0.335], ["blocks", 0]]; // each from this scale on: text of 9 px is the least
const PHONE = matchMedia("(max-width: 45em)"); // there one finger scrolls the page
const SPARE = 1.6; // a flow that unfolds is shown with so much room ahead
const BAR = 52; // the bar below is over the canvas, not over the flow

class Viewport {
  #canvas = document.getElementById("canvas");
  #panzoom = null;
  #size = [1, 1];
  #name = "";
  #moved = false; // by a person, since all of it was shown
  #held = null; // the point that was brought to the middle, as long as nobody moves the view: it stays there
  #seen = [0, 0]; // how large the canvas was when it was last on the screen: behind a tab it has no size
  #touches = null; // the middle of the fingers, and how far they are apart

  constructor() {
    this.#canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#canvas.addEventListener("scroll", () => this.#scrolled());
    this.#canvas.addEventListener("dblclick", (event) => event.target.closest("[data-node-id]") || this.#zoomAt(1.5, event.clientX, event.clientY));
    // Fingers are ours, the mouse is Panzoom's.
    this.#canvas.addEventListener("pointerdown", (event) => event.pointerType === "touch" && event.stopPropagation(), true);
    for (const kind of ["touchstart", "touchmove", "touchend", "touchcancel"]) {
      this.#canvas.addEventListener(kind, (event) => this.#touch(event), { passive: false });
    }
    new ResizeObserver(() => this.#resized()).observe(this.#canvas);
    const map = document.getElementById("minimap");
    const go = (event) => { if (event.buttons) this.#lookAt(event); };
    map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); go(event); });
    map.addEventListener("pointermove", go);
  }

  #wasMoved() {
    this.#moved = true;
    this.#held = null;
  }

  // `right` and `down`: how far what a person looks at has moved in the world of the same name.
  show(width, height, name, right = 0, down = 0) {
    const same = this.#panzoom && name === this.#name && this.#moved;
    const before = same && [this.#panzoom.getScale(), this.#place()[0] - right, this.#place()[1] - down];
    this.#panzoom?.destroy();
    this.#name = name;
    this.#size = [width, height];
    const world = this.#canvas.querySelector(".world");
    const [startScale, x, y] = before || this.#whole();
    this.#detail(startScale); // before anything is styled
    const [startX, startY] = this.#fromMiddle(startScale, x, y);
    this.#panzoom = Panzoom(world, {
      canvas: true, maxScale: LARGEST, minScale: Math.min(startScale, this.#whole()[0] * OUTER), excludeClass: "node",
      cursor: "grab", animate: false, startScale, startX, startY, touchAction: PHONE.matches ? "pan-y" : "none",
    });
    world.addEventListener("panzoompan", (event) => { if (event.detail.originalEvent) this.#wasMoved(); });
    world.addEventListener("panzoomchange", () => this.#tell());
    this.#moved = Boolean(same);
    if (!same) this.#held = null;
    // Panzoom writes in the next frame, and pans later still: whoever gets the focus before would be scrolled to.
    this.#pan(startX, startY);
    world.style.transform = `scale(${startScale}) translate(${startX}px, ${startY}px)`;
    this.#tell();
  }

  // The world is larger than it was, and what stood in it stands. Panzoom counts from the middle, which is another one now.
  grow(width, height) {
    if (!this.#panzoom) return;
    const [x, y] = this.#place();
    this.#size = [width, height];
    this.#put(x, y);
    const scale = this.#panzoom.getScale();
    this.#canvas.querySelector(".world").style.transform = `scale(${scale}) translate(${this.#fromMiddle(scale, x, y).map((each) => `${each}px`).join()})`;
    if (!this.#moved && !this.#holds(scale, x, y)) this.#goTo(...this.#withRoom(scale), !STILL.matches);
    else this.#tell();
  }

  // Where all of the world is seen, and more of it can come before anything has to move again: from the left, or from
  // the top where the canvas is taller than wide.
  #withRoom(atMost) {
    const [width, height] = this.#size;
    const [wide, high] = this.#window();
    const down = high > wide;
    const [ahead, aside] = down ? [1, SPARE] : [SPARE, 1];
    const [scale] = this.#whole(width * ahead, height * aside);
    const [, readable] = DETAILS.find(([, least]) => this.#whole()[0] >= least); // room costs nothing that can be read
    const nearer = Math.min(Math.max(scale, readable), atMost);
    const [x, y] = [(wide / nearer - width) / 2, (this.#room(high) / nearer - height) / 2];
    return [nearer, down ? x : 0, down ? 0 : y];
  }

  // Whether all of the world is seen.
  #holds(scale, x, y) {
    const [seenWidth, seenHeight] = this.#window();
    const [width, height] = this.#size;
    return x >= -1 && y >= -1 && (x + width) * scale <= seenWidth + 1 && (y + height) * scale <= this.#room(seenHeight) + 1;
  }

  #resized() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!clientWidth || !clientHeight) return; // behind a tab, or folded
    this.#seen = [clientWidth, clientHeight];
    if (this.#held) this.center(...this.#held);
    else if (!this.#moved) this.fit();
  }

  fit() {
    if (!this.#panzoom) return;
    this.#goTo(...this.#whole());
    this.#moved = false;
    this.#held = null;
  }

  // How large the world is, and what of the canvas is not for it, below.
  get world() {
    return this.#size;
  }

  get below() {
    return BAR;
  }

  #goTo(scale, x, y, animate = false) {
    this.#panzoom.setOptions({ minScale: this.#whole()[0] * OUTER });
    this.#panzoom.zoom(scale, { force: true, animate });
    this.#put(x, y, { animate });
  }

  // How much of the height is above the bar.
  #room(height) {
    return Math.max(height / 2, height - BAR);
  }

  // The scale and place at which all of the world is seen, in the middle of the canvas; or of another one so large.
  #whole(width = this.#size[0], height = this.#size[1]) {
    const [seenWidth, seenHeight] = this.#window();
    const room = this.#room(seenHeight);
    const scale = Math.max(SMALLEST, Math.min(WHOLE, seenWidth / width, room / height));
    return [scale, (seenWidth / scale - width) / 2, (room / scale - height) / 2];
  }

  // How large the canvas is, or was when it was last seen. Asking the browser would lay out all that has just come.
  #window() {
    if (this.#seen[0]) return this.#seen;
    const { clientWidth, clientHeight } = this.#canvas;
    return clientWidth && clientHeight ? [clientWidth, clientHeight] : [innerWidth / 2, innerHeight / 2];
  }

  zoom(factor) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    this.#zoomAt(factor, left + width / 2, top + height / 2);
  }

  center(x, y) {
    if (this.#panzoom.getScale() < READABLE) this.#panzoom.zoom(READABLE, { force: true });
    const scale = this.#panzoom.getScale();
    const [width, height] = this.#window();
    this.#put(width / scale / 2 - x, height / scale / 2 - y, { animate: !STILL.matches });
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
    this.#pan(toX, toY, options);
  }

  // What was begun last counts: Panzoom goes to its start a moment after it was made, wherever it is by then.
  #pan(x, y, options = {}) {
    this.#panzoom.pan(x, y, { force: true, ...options });
    const { x: startX, y: startY } = this.#panzoom.getPan();
    this.#panzoom.setOptions({ startX, startY });
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
  #lookAt(event) {
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

  // One finger pans where the page itself does not scroll; two pan and zoom, what is between them stays there.
  #touch(event) {
    const count = event.touches.length;
    if (!this.#panzoom || !count || (count === 1 && PHONE.matches)) {
      this.#touches = null;
      return;
    }
    const [one, two] = [event.touches[0], event.touches[1] ?? event.touches[0]];
    const now = { count, x: (one.clientX + two.clientX) / 2, y: (one.clientY + two.clientY) / 2, apart: Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY) };
    const before = this.#touches;
    this.#touches = now;
    if (count > 1) event.preventDefault();
    if (before?.count !== count || event.type !== "touchmove") return;
    event.preventDefault();
    if (before.apart) this.#zoomAt(now.apart / before.apart, now.x, now.y);
    const scale = this.#panzoom.getScale();
    this.#panzoom.pan((now.x - before.x) / scale, (now.y - before.y) / scale, { relative: true, force: true });
    this.#wasMoved();
  }

  #zoomAt(factor, clientX, clientY) {
    this.#panzoom.zoomToPoint(this.#panzoom.getScale() * factor, { clientX, clientY });
    this.#wasMoved();
  }

  // The minimap's frame, which part of the world is seen; how much of a node can be read, and the scale as a number.
  #tell() {
    const scale = this.#panzoom.getScale();
    this.#detail(scale);
    const level = document.querySelector("#canvas-bar .zoom-level");
    if (level) level.textContent = `${Math.round(scale * 100)} %`;
    const frame = document.getElementById("minimap-frame");
    if (!frame) return;
    const [x, y] = this.#place();
    frame.setAttribute("x", -x);
    frame.setAttribute("y", -y);
    const [width, height] = this.#window();
    frame.setAttribute("width", width / scale);
    frame.setAttribute("height", height / scale);
  }

  #detail(scale) {
    const [detail] = DETAILS.find(([, least]) => scale >= least);
    if (this.#canvas.dataset.detail === detail) return;
    this.#canvas.dataset.detail = detail;
    dressRest();
  }
}

export const viewport = new Viewport();
