// Makes an element with all it bears and contains.
// `rest` begins with so many names and values of attributes, the text and elements in it come behind.
const SVG = new Set(["svg", "use", "path", "rect"]);

export function make(tag, className, attributes, ...rest) {
  const element = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  if (className) element.setAttribute("class", className);
  for (let each = 0; each < attributes; each += 2) element.setAttribute(rest[each], rest[each + 1]);
  element.append(...rest.slice(attributes));
  return element;
}

export function button(words, iconName, className, attributes, ...rest) {
  return make("button", className, attributes, ...rest, icon(iconName, "icon"), make("span", "", 0, words));
}

// Each icon is made once, and copied from then on.
const icons = new Map();

export function icon(name, className) {
  const key = `${name} ${className}`;
  if (!icons.has(key)) icons.set(key, make("svg", className, 2, "aria-hidden", "true", make("use", "", 2, "href", `#icon-${name}`)));
  return icons.get(key).cloneNode(true);
}
