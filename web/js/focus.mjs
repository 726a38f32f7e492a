// The focus never falls to the body: when what has it is removed, disabled or hidden, it goes to what stands nearest.
// Watches what has the focus and what is round it, and nothing else of the page.
import { firstStop, TYPING } from "./keyboard.mjs";

const HOMES = ["#play", "#stop", "#canvas", "#run-title"]; // where it goes when nothing near takes it
const WIDE = "header, main, body"; // what is round everything is near to nothing

let trail = []; // what has the focus, and what it is in, from the inside out
let places = []; // for each of the trail, which child of the one round it it was

const isLost = (element) => !element.isConnected || element.disabled || element.closest("[hidden]");

const observer = new MutationObserver(() => {
  const had = trail[0];
  if (!had || !isLost(had)) return;
  const now = document.activeElement;
  if (now && now !== had && now !== document.body) return;
  nearest()?.focus({ preventScroll: true });
});

// What took its place, or stands behind it, or before it; round it where nothing is left. No field, in which the next key
// would be typed.
function nearest() {
  const takes = (element) => firstStop(element, (stop) => stop !== trail[0] && !stop.matches(TYPING));
  for (let depth = 1; depth < trail.length; depth++) {
    const round = trail[depth];
    if (round.matches(WIDE)) break;
    if (!round.isConnected || round.closest("[hidden]")) continue;
    const before = trail[depth - 1];
    const children = [...round.children];
    const at = before.parentElement === round ? children.indexOf(before) : Math.min(places[depth - 1], children.length);
    const order = [...children.slice(at), ...children.slice(0, at).reverse()];
    for (const child of order) {
      const stop = takes(child);
      if (stop) return stop;
    }
    if (round.tabIndex >= 0 && takes(round) === round) return round;
  }
  return HOMES.map((home) => document.querySelector(home)).map((home) => home && takes(home)).find(Boolean);
}

document.addEventListener("focusin", ({ target }) => {
  observer.disconnect();
  trail = [];
  for (let each = target; each && each !== document.documentElement; each = each.parentElement) trail.push(each);
  places = trail.map((each) => [...(each.parentElement?.children ?? [])].indexOf(each));
  for (const each of trail) observer.observe(each, { childList: each !== target, attributes: true, attributeFilter: ["disabled", "hidden"] });
});

// Whoever clicks on the ground has left it, and is not called back.
document.addEventListener("pointerdown", () => {
  setTimeout(() => {
    if (document.activeElement !== document.body) return;
    observer.disconnect();
    trail = [];
  });
});
