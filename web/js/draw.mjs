// Draws what Python wrote: many strokes in one call, as each crossing from Python costs, however little it does.
// A stroke is [what, number, …]. Python knows an element by a number of its own, until it lets go of it.
import { putBadge } from "./badges.mjs";
import { markdown } from "./guarded.mjs";
import { html } from "./html.mjs";
import { button, icon } from "./icons.mjs";
import { make } from "./make.mjs";
import { emptyParts, nameNode, unnameNodes } from "./marks.mjs";
import { nodeOf } from "./nodes.mjs";
import { stream } from "./stream.mjs";

// Into sight within its own list: the page around it stays where it is, whatever a person looks at.
function scrollInList(element) {
  let list = element.parentElement;
  while (list && !/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement;
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const [inner, outer] = [element.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

function written(className, text) {
  const element = make("div", className, []);
  markdown(element, text);
  return element;
}

class Drawer {
  #known = new Map();

  know(number, node) {
    this.#known.set(number, node);
  }

  get(number) {
    return this.#known.get(number);
  }

  // The element of a node on the canvas, or the part of it with this class.
  find(nodeId, className) {
    const node = nodeOf(nodeId);
    if (!node) return null;
    return className ? [...node.children].find((each) => each.classList.contains(className)) ?? null : node;
  }

  // Strokes as JSON. What one of them cannot do costs only itself; the answer tells of it: [[its place, why]…], as JSON.
  draw(text) {
    const wrong = [];
    JSON.parse(text).forEach((stroke, place) => {
      try {
        this.#stroke(stroke);
      } catch (error) {
        wrong.push([place, `${stroke[0]}: ${error}`]);
      }
    });
    return wrong.length ? JSON.stringify(wrong) : "";
  }

  // A number stands for what it is the number of; text is text; a list is a stroke that makes something, without a number.
  #content(parts) {
    return parts.map((part) => {
      if (typeof part === "number") return this.#known.get(part);
      return typeof part === "string" ? part : this.#made(part);
    });
  }

  #made([what, ...given]) {
    switch (what) {
      case "make": return make(given[0], given[1], given[2], this.#content(given[3]));
      case "icon": return icon(...given);
      case "button": return button(...given);
      case "markdown": return written(...given);
      default: throw new TypeError(`nothing is made like this: ${what}`);
    }
  }

  #stroke([what, number, ...given]) {
    const known = this.#known;
    switch (what) {
      case "make":
      case "icon":
      case "button": return known.set(number, this.#made([what, ...given]));
      case "stream": return known.set(number, stream(known.get(given[0])));
      case "free": return given.forEach((each) => known.delete(each));
      case "text": return void (known.get(number).textContent = given[0]);
      case "set": return void (known.get(number)[given[0]] = given[1]);
      case "attribute": return known.get(number).setAttribute(given[0], given[1]);
      case "no attribute": return known.get(number).removeAttribute(given[0]);
      case "add": return known.get(number).classList.add(...given);
      case "drop": return known.get(number).classList.remove(...given);
      case "style": return known.get(number).style.setProperty(given[0], given[1]);
      case "put": return known.get(number)[given[0]](...this.#content(given[1]));
      case "name": return nameNode(...given);
      case "unname": return unnameNodes();
      case "empty": return emptyParts(given[0]);
      case "badge": return putBadge(...given);
      case "scroll to": return scrollInList(known.get(number));
      case "markdown": return markdown(known.get(number), given[0]);
      case "html": return html(known.get(number), given[0]);
      case "write": return known.get(number).write(given[0]);
      case "end": return known.get(number).end();
      default: throw new TypeError(`there is no stroke of this name`);
    }
  }
}

export const drawer = () => new Drawer();
