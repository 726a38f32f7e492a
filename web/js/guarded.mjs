// A Markdown parser for text of strangers. Marks without end in one line or paragraph, which nobody writes, cost the
// parser time that grows with their square: from the first of too many on, the text stands as it is.
import * as smd from "../vendor/streaming-markdown/smd.js";
import { safeRenderer } from "./markdown.mjs";

const MARKS = new Set("`*_~>[!#|");
const IN_LINE = 300;
const IN_PARAGRAPH = 3_000;

export class Guarded {
  #element;
  #plain = null;
  #inLine = 0;
  #inParagraph = 0;
  #emptyLine = true;

  constructor(element) {
    this.#element = element;
    this.parser = smd.parser(safeRenderer(element));
  }

  // Whether Markdown is read still.
  get reads() {
    return this.#plain === null;
  }

  write(text) {
    const end = this.reads ? this.#tooMany(text) : 0;
    if (end > 0) smd.parser_write(this.parser, text.slice(0, end));
    if (end === text.length) return;
    if (this.reads) {
      smd.parser_end(this.parser);
      const place = document.createElement("span");
      place.className = "plain";
      this.#plain = place.appendChild(document.createTextNode(""));
      this.#element.append(place);
    }
    this.#plain.appendData(text.slice(end));
  }

  end() {
    if (this.reads) smd.parser_end(this.parser);
  }

  // Where there are too many marks in the text; its length where there are not.
  #tooMany(text) {
    for (let place = 0; place < text.length; place++) {
      const character = text[place];
      if (character === "\n") {
        if (this.#emptyLine) this.#inParagraph = 0;
        this.#emptyLine = true;
        this.#inLine = 0;
      } else {
        if (character !== " ") this.#emptyLine = false;
        if (MARKS.has(character) && (++this.#inLine > IN_LINE || ++this.#inParagraph > IN_PARAGRAPH)) return place;
      }
    }
    return text.length;
  }
}

export function markdown(element, text) {
  const guarded = new Guarded(element);
  guarded.write(text);
  guarded.end();
}
