// Makes an element with all it bears and contains: names and values of attributes in turn, then text and elements.
// What is named style-… is a style.
const SVG = new Set(["svg", "path", "rect", "g"]);

export function make(tag, className, attributes, content = []) {
  const element = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  if (className) element.setAttribute("class", className);
  for (let each = 0; each < attributes.length; each += 2) {
    const name = attributes[each];
    if (name.startsWith("style-")) element.style.setProperty(name.slice(6), attributes[each + 1]);
    else element.setAttribute(name, attributes[each + 1]);
  }
  element.append(...content);
  return element;
}
