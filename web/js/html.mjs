// Foreign HTML, as a report and nothing more: text, tables, lists, links that say where they lead, and images that
// are in the text itself. By the browser's own sanitizer where there is one, else by DOMPurify.
import DOMPurify from "../vendor/dompurify/purify.es.mjs";
import { dress, isInlineImage } from "./links.mjs";

const ELEMENTS = (
  "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 " +
  "h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th " +
  "thead time tr u ul var"
).split(" ");
const ATTRIBUTES = ["href", "src", "alt", "title", "colspan", "rowspan", "scope", "start", "lang", "dir", "datetime"];

// In a document that loads nothing, so that no image is asked for before it was looked at.
function sanitized(text) {
  const inert = document.implementation.createHTMLDocument("");
  const root = inert.createElement("div");
  if (root.setHTML && globalThis.Sanitizer) {
    root.setHTML(text, { sanitizer: new Sanitizer({ elements: ELEMENTS, attributes: ATTRIBUTES, dataAttributes: false, comments: false }) });
    return root;
  }
  const clean = DOMPurify.sanitize(text, {
    ALLOWED_TAGS: ELEMENTS, ALLOWED_ATTR: ATTRIBUTES, ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  if (clean) root.append(inert.adoptNode(clean)); // it gives null for what leaves a document without a body
  return root;
}

export function html(element, text) {
  const root = sanitized(text);
  for (const image of root.querySelectorAll("img")) {
    if (isInlineImage(image.getAttribute("src") || "")) image.alt ||= "";
    else image.replaceWith(image.alt || "");
  }
  for (const link of root.querySelectorAll("a")) {
    const address = link.getAttribute("href");
    link.removeAttribute("href");
    if (address) dress(link, address);
  }
  element.replaceChildren(...document.adoptNode(root).childNodes);
}
