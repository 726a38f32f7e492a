// Tells when node elements come onto the canvas or go, and whether somebody else put them there: the flow that the page
// draws itself is in a .world, and what it adds to that bears data-grown. Filters here, as badges come and go with every event.
export function watchNodes(canvas, told) {
  const isNode = (each) => each.nodeType === 1 && (each.dataset.nodeId !== undefined || Boolean(each.querySelector("[data-node-id]")));
  const observer = new MutationObserver((records) => {
    const came = records.flatMap((record) => [...record.addedNodes]).filter(isNode);
    const foreign = came.some((each) => !each.classList.contains("world") && each.dataset.grown === undefined);
    if (came.length || records.some((record) => [...record.removedNodes].some(isNode))) told(foreign);
  });
  observer.observe(canvas, { childList: true, subtree: true });
  flowglow.life.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return observer;
}

// Takes classes off everything on the canvas that has one. Thousands at the end of a large run: no work for Python.
export function stripClasses(canvas, ...names) {
  for (const element of canvas.querySelectorAll(names.map((name) => `.${name}`).join())) element.classList.remove(...names);
}

// Of the owned classes, leaves each node the one it is wanted to have: [owned, [[id, class]…], but] as JSON. Those that
// have one are found by it, however many nodes there are.
export function setClasses(canvas, text) {
  const [owned, wanted, but] = JSON.parse(text);
  const [want, skip] = [new Map(wanted), but && new Set(but)];
  for (const node of canvas.querySelectorAll(`[data-node-id]:is(${owned.map((name) => `.${name}`).join()})`)) {
    const wish = want.get(node.dataset.nodeId);
    if (wish !== undefined || (skip && !skip.has(node.dataset.nodeId))) node.classList.remove(...owned.filter((name) => name !== wish));
  }
  if (!want.size) return;
  for (const node of canvas.querySelectorAll("[data-node-id]")) {
    const wish = want.get(node.dataset.nodeId);
    if (wish) node.classList.add(wish);
  }
}

// Gives these nodes the value of an attribute that is wanted, [[id, value]…] as JSON; null takes it away. One pass.
export function markNodes(canvas, attribute, wanted) {
  const want = new Map(JSON.parse(wanted));
  for (const node of canvas.querySelectorAll("[data-node-id]")) {
    const value = want.get(node.dataset.nodeId);
    if (value === null) node.removeAttribute(attribute);
    else if (value !== undefined && node.getAttribute(attribute) !== value) node.setAttribute(attribute, value);
  }
}

export function unmarkNodes(canvas, attribute) {
  for (const node of canvas.querySelectorAll(`[data-node-id][${attribute}]`)) node.removeAttribute(attribute);
}
