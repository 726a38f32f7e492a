// Order badges inside nodes: one for each time a node ran, in the order in which it did, whichever came first.
import { make } from "./make.mjs";
import { nodeOf } from "./nodes.mjs";

function placeIn(node) {
  const place = [...node.children].find((each) => each.classList.contains("badges"));
  return place ?? node.appendChild(make("div", "badges", [])); // somebody else drew it
}

// `told`: names and values of attributes in turn; without any the badge goes. What it is told once more it is not told.
export function putBadge(nodeId, order, told) {
  const node = nodeOf(nodeId);
  if (!node) return; // it is drawn when its node appears
  const place = placeIn(node);
  let before = place.lastElementChild;
  while (before && Number(before.dataset.order) > order) before = before.previousElementSibling;
  const known = before && Number(before.dataset.order) === order ? before : null;
  if (!told.length) known?.remove();
  else if (!known) {
    const badge = make("span", "execution-order", told, [String(order + 1)]);
    if (before) before.after(badge);
    else place.prepend(badge);
  } else {
    for (let each = 0; each < told.length; each += 2) {
      if (known.getAttribute(told[each]) !== told[each + 1]) known.setAttribute(told[each], told[each + 1]);
    }
  }
  sayTimes(place);
}

// How often a node ran, where it ran more than once: only its newest badge is in sight.
function sayTimes(place) {
  const times = place.childElementCount > 1 ? String(place.childElementCount) : undefined;
  if (times === place.dataset.times) return;
  if (times) place.dataset.times = times;
  else delete place.dataset.times;
}
