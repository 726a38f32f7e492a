// Tells when node elements come onto the canvas. Filters here, as badges come and go with every event.
export function watchNodes(canvas, told) {
  const observer = new MutationObserver((records) => {
    const isNode = (added) => added.nodeType === 1 && (added.dataset.nodeId || added.querySelector("[data-node-id]"));
    if (records.some((record) => [...record.addedNodes].some(isNode))) told();
  });
  observer.observe(canvas, { childList: true, subtree: true });
  flowglow.life.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return observer;
}

// Takes classes off everything on the canvas that has one. Thousands at the end of a large run: no work for Python.
export function stripClasses(canvas, ...names) {
  for (const element of canvas.querySelectorAll(names.map((name) => `.${name}`).join())) element.classList.remove(...names);
}
