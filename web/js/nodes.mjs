// The elements of the nodes on the canvas, looked for once, until others come or go: Python tells when (watch.mjs).
let found = null;
let byId = null;

export function forgetNodes() {
  found = byId = null;
}

export function allNodes() {
  return (found ??= [...document.querySelectorAll("#canvas [data-node-id]")]);
}

// Of two with one name the first one counts.
export function nodeOf(id) {
  if (!byId) {
    byId = new Map();
    for (const node of allNodes()) if (!byId.has(node.dataset.nodeId)) byId.set(node.dataset.nodeId, node);
  }
  return byId.get(id);
}
