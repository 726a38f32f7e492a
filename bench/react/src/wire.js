// What every peer has of the outside: the flow, a socket, and where a node stands.
const settings = new URLSearchParams(location.search);

export async function loadFlow() {
  return (await fetch(`${settings.get("api")}/flows/${settings.get("flow")}`)).json();
}

export function listen(receive) {
  const socket = new WebSocket(settings.get("ws"));
  socket.addEventListener("message", (event) => receive(event.data));
  socket.addEventListener("open", () => (document.documentElement.dataset.app = "ready"));
}

export function fit(flow) {
  const edge = (axis, size) => Math.max(...flow.nodes.map((node) => node.position[axis])) + size;
  const canvas = document.getElementById("canvas");
  const scale = Math.min(1, canvas.clientWidth / edge("x", 220), canvas.clientHeight / edge("y", 120));
  document.querySelector(".world").style.transform = `translate(20px, 20px) scale(${scale})`;
}

export const ENDED = ["executed-success", "executed-error", "executed-killed"];
export const SHOWN_MS = 500; // a glow is shown at least so long
