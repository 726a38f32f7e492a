// Peer C, bare JavaScript: what the browser itself costs when nothing stands between a message and the page.
import { ENDED, SHOWN_MS, fit, listen, loadFlow } from "./wire.js";

const nodes = new Map(); // id → {element, badges, timer}
const outputs = new Map();
const rows = new Map();
let badges = new Map(); // "node order" → element

function make(tag, className, data, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  Object.assign(element.dataset, data);
  element.textContent = text;
  return element;
}

function clear() {
  for (const node of nodes.values()) {
    clearTimeout(node.timer);
    node.element.classList.remove("executing", ...ENDED);
  }
}

const show = {
  run_start({ run_id }) {
    clear();
    for (const badge of badges.values()) badge.remove();
    for (const entry of outputs.values()) entry.element.remove();
    badges = new Map();
    outputs.clear();
    document.querySelector("#runs [aria-current]")?.removeAttribute("aria-current");
    const row = make("li", "run", { runId: run_id, status: "executing" }, `${run_id} executing`);
    row.setAttribute("aria-current", "true");
    rows.set(run_id, row);
    document.getElementById("runs").prepend(row);
  },
  start_node({ node_id, run_id, order = 0 }) {
    const node = nodes.get(node_id);
    clearTimeout(node.timer);
    node.element.classList.remove(...ENDED);
    node.element.classList.add("executing");
    const badge = make("span", "execution-order", { order, status: "executing", runId: run_id }, order + 1);
    badges.set(`${node_id} ${order}`, badge);
    node.badges.append(badge);
  },
  end_node({ node_id, order = 0, status, content = "" }) {
    const node = nodes.get(node_id);
    node.timer = setTimeout(() => {
      node.element.classList.remove("executing");
      node.element.classList.add(`executed-${status}`);
    }, SHOWN_MS);
    badges.get(`${node_id} ${order}`).dataset.status = status;
    let entry = outputs.get(node_id);
    if (!entry) {
      entry = { element: make("div", "entry", { nodeId: node_id }), status: make("span"), text: make("span") };
      entry.element.append(make("b", "", {}, node_id), entry.status, entry.text);
      outputs.set(node_id, entry);
      document.getElementById("node-output").append(entry.element);
    }
    entry.element.dataset.status = entry.status.textContent = status;
    entry.text.textContent = content;
  },
  run_end({ run_id, status = "success" }) {
    clear();
    rows.get(run_id).dataset.status = status;
    rows.get(run_id).textContent = `${run_id} ${status}`;
  },
};

const flow = await loadFlow();
fit(flow);
for (const node of flow.nodes) {
  const element = make("div", "node", { nodeId: node.id }, node.handle);
  Object.assign(element.style, { left: `${node.position.x}px`, top: `${node.position.y}px` });
  const place = make("div", "badges");
  element.append(place);
  nodes.set(node.id, { element, badges: place, timer: 0 });
  document.querySelector(".world").append(element);
}
listen((text) => {
  const message = JSON.parse(text);
  show[message.event](message);
});
