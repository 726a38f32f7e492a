// The same visible work in bare JavaScript: parse, find the node, change its classes, add or change a badge.
globalThis.bare = (frame) => {
  const event = JSON.parse(frame);
  if (event.event !== "start_node" && event.event !== "end_node") return;
  const node = document.querySelector(`#canvas [data-node-id="${CSS.escape(event.node_id)}"]`);
  const place = node.querySelector(":scope > .badges");
  if (event.event === "start_node") {
    node.classList.remove("executed-success", "executed-error", "executed-killed");
    node.classList.add("executing");
    const badge = document.createElement("span");
    badge.className = "execution-order";
    badge.textContent = String(event.order + 1);
    badge.dataset.order = event.order;
    badge.dataset.status = "executing";
    place.append(badge);
  } else {
    node.classList.remove("executing");
    node.classList.add(`executed-${event.status}`);
    place.lastElementChild.dataset.status = event.status;
  }
};
