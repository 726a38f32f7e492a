// The icons: each an svg with one path in it. Their shapes are here before Python runs (the set-up makes them from
// web/icons/names.txt), so no status depends on the network. A `<use>` would cost a tree, a clip and a place of its own.
import paths from "../vendor/icons.mjs";
import { make } from "./make.mjs";

// Each icon is made once, and copied from then on.
const icons = new Map();

export function icon(name, className) {
  const key = `${name} ${className}`;
  if (!icons.has(key)) icons.set(key, drawn(make("svg", className, ["aria-hidden", "true", "data-icon", name])));
  return icons.get(key).cloneNode(true);
}

export function button(words, iconName, className, attributes) {
  return make("button", className, attributes, [icon(iconName, "icon"), make("span", "", [], [words])]);
}

function drawn(svg) {
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.append(make("path", "", ["d", paths[svg.dataset.icon] ?? ""]));
  return svg;
}

document.querySelectorAll("svg[data-icon]").forEach(drawn); // those that index.html has itself
