// Markdown into an element, by streaming-markdown: text is only ever appended, nothing in it can run or load.
import * as smd from "../vendor/streaming-markdown/smd.js";
import { finishCode } from "./code.mjs";
import { dress, isInlineImage } from "./links.mjs";

function swap(data, element) {
  data.nodes[data.index].replaceWith(element);
  data.nodes[data.index] = element;
  return element;
}

export function safeRenderer(element) {
  const renderer = smd.default_renderer(element);
  const { add_token, end_token, set_attr } = renderer;
  let address = ""; // of the link that ends next: the parser may say it before the text
  renderer.add_token = (data, type) => {
    if (type !== smd.CHECKBOX) return add_token(data, type);
    add_token(data, smd.CODE_INLINE); // a box to look at, not to tick
    swap(data, document.createElement("span")).textContent = "☐ ";
  };
  renderer.set_attr = (data, type, value) => {
    const node = data.nodes[data.index];
    if (type === smd.HREF) address = value;
    else if (type === smd.SRC && isInlineImage(value)) set_attr(data, type, value);
    else if (type === smd.SRC) swap(data, document.createElement("span")); // nothing is loaded: its words stand there
    else if (type === smd.LANG) node.dataset.language = value;
    else if (type === smd.CHECKED) node.textContent = "☑ ";
    else if (type === smd.START) set_attr(data, type, value);
  };
  renderer.end_token = (data) => {
    const node = data.nodes[data.index];
    end_token(data);
    if (node.tagName === "A" && address) {
      dress(node, address);
      address = "";
    }
    if (node.tagName === "CODE" && node.parentElement?.tagName === "PRE") finishCode(node);
  };
  return renderer;
}
