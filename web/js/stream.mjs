// A text that grows: Markdown appended, never parsed again, and painted once a frame however often it grows.
import { Guarded } from "./guarded.mjs";

const HIDDEN_MS = 100; // frames stop in a hidden tab
const PLAIN = /^[\p{L}\p{N}\p{M}\p{Extended_Pictographic}., ]+$/u;

class Stream {
  #parser;
  #tail = document.createTextNode("");
  #waiting = "";
  #ended = false;
  #frame = 0;
  #timer = 0;

  constructor(element) {
    this.#parser = new Guarded(element);
  }

  write(text) {
    if (this.#ended) return;
    this.#waiting += text;
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => this.#paint());
    this.#timer = setTimeout(() => this.#paint(), HIDDEN_MS);
  }

  end() {
    if (this.#ended) return;
    this.#paint();
    this.#ended = true;
    this.#tail.remove();
    this.#parser.end();
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    const text = this.#waiting;
    this.#waiting = "";
    if (!text) return;
    this.#tail.remove();
    this.#parser.write(text);
    if (this.#parser.reads) this.#showTail();
  }

  // The parser holds back what the next chunk may turn into markup. A reader waits for no letter of it.
  #showTail() {
    const { pending, renderer } = this.#parser.parser;
    if (!PLAIN.test(pending)) return;
    this.#tail.data = pending;
    renderer.data.nodes[renderer.data.index].append(this.#tail);
  }
}

export const stream = (element) => new Stream(element);

// Keeps the end of a growing region in sight, unless the reader scrolled up; then a button leads there.
// Another `data-front` on the region is another text: that begins at its end again.
export function stick(region, button) {
  let stuck = true;
  let last = 0;
  let front = "";
  const atEnd = () => region.scrollTop + region.clientHeight >= region.scrollHeight - 40;
  const offer = (is) => { if (button.hidden === is) button.hidden = !is; }; // to hide what is hidden costs a style, too
  const toEnd = () => {
    region.scrollTop = region.scrollHeight;
    last = region.scrollTop;
    offer(false);
  };
  region.addEventListener("scroll", () => {
    if (atEnd()) stuck = true;
    else if (region.scrollTop < last - 1) stuck = false; // growth alone is no scrolling up
    last = region.scrollTop;
    if (stuck) offer(false);
  }, { passive: true });
  button.addEventListener("click", () => {
    stuck = true;
    toEnd();
  });
  // A part that was out of sight has its real size a frame after it came into it, without any mutation.
  const sizes = new ResizeObserver(() => stuck && toEnd());
  let newest = null;
  new MutationObserver(() => {
    if (region.lastElementChild !== newest) {
      sizes.disconnect();
      newest = region.lastElementChild;
      if (newest) sizes.observe(newest);
    }
    if (region.dataset.front !== front) {
      front = region.dataset.front;
      stuck = true;
    }
    if (stuck) toEnd();
    else if (!atEnd()) offer(true);
  }).observe(region, { childList: true, subtree: true, characterData: true });
}
