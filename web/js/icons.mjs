// The icons, put into the page once, before Python runs: `<use href="#icon-play">` draws one, and no status
// depends on the network. The shapes are made by the set-up from web/icons/names.txt.
import icons from "../vendor/icons.mjs";

function make(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const symbols = Object.entries(icons).map(([name, shapes]) =>
  make("symbol", { id: `icon-${name}`, viewBox: "0 0 24 24" }, ...shapes.map((shape) => make(...shape))));
document.body.append(make("svg", { class: "icon-shapes", "aria-hidden": "true" }, ...symbols));
