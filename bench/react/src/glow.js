// The glow of both React peers, past React, as the origin has it: classes at once, and for at least SHOWN_MS.
import { ENDED, SHOWN_MS } from "./wire.js";

const pending = new Map();
const find = (id) => document.querySelector(`#canvas [data-node-id="${CSS.escape(id)}"]`);

export function started(id) {
  clearTimeout(pending.get(id));
  const element = find(id);
  element?.classList.remove(...ENDED);
  element?.classList.add("executing");
}

export function ended(id, status) {
  pending.set(id, setTimeout(() => {
    pending.delete(id);
    const element = find(id);
    element?.classList.remove("executing");
    element?.classList.add(`executed-${status}`);
  }, SHOWN_MS));
}

export function cleared() {
  for (const timer of pending.values()) clearTimeout(timer);
  pending.clear();
  for (const element of document.querySelectorAll("#canvas [data-node-id]")) {
    element.classList.remove("executing", ...ENDED);
  }
}
