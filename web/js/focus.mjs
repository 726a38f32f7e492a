// The focus never falls to the body: when what has it is removed, disabled or hidden, it goes to what stands nearest and
// does nothing that cannot be undone: a finger may be on its way to what went. What is moved keeps it. Watches what has the
// focus and what is round it, and nothing else of the page.
import { firstStop, isSeen, spareTyped, TYPING } from "./keyboard.mjs";

const HOMES = ["#canvas", "#view-tabs", "#phone-tabs", "#tools"]; // where it goes when nothing near takes it
const STILL = "#interactions"; // is scrolled, and pressed by nothing: for whoever was typing in it
const TURNS = "#play, #stop"; // each stands in the other's place; pressed, neither can be for a moment
const ACTS = "#play, #stop, [data-run-again], [data-row-action], [data-action]"; // on a run, or as an answer
const WIDE = "header, main, body"; // what is round everything is near to nothing
const FOLDING = ".zone, .pane-log, .pane-interactions"; // a class hides what is in them
const HIDING = ["disabled", "hidden", "open", "data-maximised", "data-phone"];
const RESTORE = '[data-zone-action="maximise"][aria-pressed="true"]'; // of the zone that stands alone

let trail = []; // what has the focus, and what it is in, from the inside out
let places = []; // for each of the trail, which child of the one round it it was
let pressed = null; // Play or Stop, until whoever pressed it does anything else

const isLost = (element) => element.disabled || !isSeen(element); // what was removed is not seen either

const observer = new MutationObserver((records) => {
  const had = trail[0];
  const now = document.activeElement;
  if (!had || (now && now !== had && now !== document.body)) return;
  if (!isLost(had)) {
    if (now !== had && records.some((each) => [...each.addedNodes].some((node) => node.contains(had)))) had.focus({ preventScroll: true });
    return; // moved in its list, it was out of the page for a moment: whoever types in it goes on, and presses no key of the page
  }
  const still = trail.find((each) => each.matches(STILL));
  const typed = still && !had.isConnected && had.matches(TYPING); // with its card; what was sent is there, disabled
  const place = typed && isSeen(still) ? still : nearest();
  place?.focus({ preventScroll: true });
  if (typed) spareTyped();
  if (place && had === pressed) goOnFrom(place);
});

// Play or Stop was pressed, and went: the focus is at this place until one of them can be pressed. Whoever did anything by
// then, even there, has gone on: Play under the next key would begin another run.
function goOnFrom(place) {
  const turns = [...document.querySelectorAll(TURNS)];
  const seen = () => {
    const stays = pressed && document.activeElement === place;
    const button = turns.find((each) => !isLost(each));
    if (stays && !button) return;
    back.disconnect();
    if (stays) button.focus({ preventScroll: true });
  };
  const back = new MutationObserver(seen);
  for (const each of turns) back.observe(each, { attributes: true, attributeFilter: HIDING });
  seen();
}

// What took its place, or stands behind it, or before it; round it where nothing is left. No field, in which the next key
// would be typed, and nothing that acts.
function nearest() {
  const takes = (element) => firstStop(element, (stop) => stop !== trail[0] && !stop.matches(`${TYPING}, ${ACTS}`));
  const tab = tabInFront();
  if (tab && takes(tab)) return tab;
  for (let depth = 1; depth < trail.length; depth++) {
    const round = trail[depth];
    if (round.matches(WIDE)) break;
    if (!isSeen(round)) continue;
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
  return [RESTORE, ...HOMES].map((home) => document.querySelector(home)).map((home) => home && takes(home)).find(Boolean);
}

// What it was in stands behind a tab now: the one that came to the front in its place.
function tabInFront() {
  const panel = trail.find((each) => each.hidden && each.getAttribute("role") === "tabpanel");
  const tab = panel && document.getElementById(panel.getAttribute("aria-labelledby"));
  return tab?.closest("[role=tablist]")?.querySelector('[role=tab][aria-selected="true"]');
}

document.addEventListener("focusin", ({ target }) => {
  observer.disconnect();
  trail = [];
  for (let each = target; each && each !== document.documentElement; each = each.parentElement) trail.push(each);
  places = trail.map((each) => [...(each.parentElement?.children ?? [])].indexOf(each));
  for (const each of trail) {
    const attributeFilter = each.matches(FOLDING) ? [...HIDING, "class"] : HIDING;
    observer.observe(each, { childList: each !== target, attributes: true, attributeFilter });
  }
});

document.addEventListener("click", ({ target }) => (pressed = target.closest(TURNS)), true);
const doesElse = ({ repeat }) => (pressed = repeat ? pressed : null);
for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, doesElse, true);

// Whoever clicks on the ground has left it, and is not called back.
document.addEventListener("pointerdown", () => {
  setTimeout(() => {
    if (document.activeElement !== document.body) return;
    observer.disconnect();
    trail = [];
  });
});
