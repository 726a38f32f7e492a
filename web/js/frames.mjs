import { parentOrigin } from "./host.mjs";

// The origins that show this page in a frame, each round the one before; "null" for one that is kept from us. For the
// one right around us, if it has spoken, the browser vouches all the same.
export function framedBy() {
  const known = (origin, at) => (at === 0 && origin === "null" && parentOrigin()) || origin;
  return ancestors().map(known);
}

function ancestors() {
  if (location.ancestorOrigins) return [...location.ancestorOrigins];
  const origins = [];
  for (let frame = window; frame !== frame.parent; ) {
    frame = frame.parent;
    try {
      origins.push(frame.location.origin);
    } catch {
      origins.push("null");
    }
  }
  return origins;
}
