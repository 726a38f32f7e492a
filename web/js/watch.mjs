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
