// A text that grows: Markdown appended, never parsed again, and painted once a frame however often it grows.
import * as smd from "../vendor/streaming-markdown/smd.js";
import { safeRenderer } from "./markdown.mjs";

const HIDDEN_MS = 100; // frames stop in a hidden tab

class Stream {
  #parser;
  #waiting = "";
  #ended = false;
  #frame = 0;
  #timer = 0;

  constructor(element) {
    this.#parser = smd.parser(safeRenderer(element));
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
    smd.parser_end(this.#parser);
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    const text = this.#waiting;
    this.#waiting = "";
    if (text) smd.parser_write(this.#parser, text);
  }
}

export const stream = (element) => new Stream(element);

// Keeps the end of a growing region in sight, unless the reader scrolled up; then a button leads there.
export function stick(region, button) {
  let stuck = true;
  const atEnd = () => region.scrollTop + region.clientHeight >= region.scrollHeight - 40;
  const toEnd = () => { region.scrollTop = region.scrollHeight; };
  region.addEventListener("scroll", () => {
    stuck = atEnd();
    if (stuck) button.hidden = true;
  }, { passive: true });
  button.addEventListener("click", () => { stuck = true; toEnd(); button.hidden = true; });
  new MutationObserver(() => (stuck ? toEnd() : (button.hidden = false)))
    .observe(region, { childList: true, subtree: true, characterData: true });
}
