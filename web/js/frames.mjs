// The origins that show this page in a frame, each round the one before; "null" for one that is kept from us.
export function framedBy() {
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
