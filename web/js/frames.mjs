import { parentOrigin } from "./host.mjs";

// The origins that show this page in a frame, each round the one before; "null" for one that is kept from us. A browser
// that keeps them all from us vouches for one that has spoken.
export function framedBy() {
  if (location.ancestorOrigins) return [...location.ancestorOrigins];
  const origins = [];
  for (let frame = window; frame !== frame.parent; ) {
    frame = frame.parent;
    try {
      origins.push(frame.location.origin);
    } catch {
      origins.push((frame === parent && parentOrigin()) || "null");
    }
  }
  return origins;
}
