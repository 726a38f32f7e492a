// What a person has begun on the page, over a load of it in the same tab (by hand, or into another language): what was typed
// and not sent, how far lists were scrolled, where the focus was. Kept by the tab alone, and only until it is put back.
const KEY = "flowglow.kept";
const TYPED = "#editor [id], #interactions [id]";
const SCROLLED = "#runs, #log, #chat, #node-output, #details, #interactions, .timeline-scroll";
const PATIENCE_MS = 30_000; // for what comes late: a run's history, a card
const QUIET_MS = 3_000; // nothing more has come for so long: it is all there

const touched = new Set(); // ids of fields that were typed into since this load
let moving = false; // the page loads itself

const scrolled = () => [...document.querySelectorAll(SCROLLED)].filter((list) => list.clientHeight > 0);
const nameOf = (list) => list.id || list.classList[0];
const flowNow = () => document.getElementById("flow-select")?.dataset.canvas ?? ""; // not the one on its way

// The page is about to load itself, from an address that says all of where it stands: that is no visit of its own.
export function expectLoad() {
  moving = true;
  dispatchEvent(new Event("flowglow-leaving"));
}

function keep() {
  const fields = [...document.querySelectorAll(TYPED)].filter(({ id }) => touched.has(id));
  const lists = scrolled().filter((list) => list.scrollTop > 0 && list.scrollTop + list.clientHeight < list.scrollHeight - 8);
  const kept = {
    moving,
    flow: flowNow(),
    fields: fields.map(({ id, value, checked, dataset }) => [id, value, checked ?? null, dataset.holds]),
    lists: lists.map((list) => [nameOf(list), list.scrollTop]),
    focus: document.activeElement?.id ?? "",
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch { /* the browser keeps nothing, or not so much: as before */ }
}

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
    return kept?.moving || again ? kept : null;
  } catch {
    return null;
  }
}

// Put a field back, unless it is not there yet; whether it was dealt with.
function fill([id, value, checked, holds], flow) {
  const field = document.getElementById(id);
  if (touched.has(id)) return true; // a person was quicker
  if (!field?.matches(TYPED) || (field.closest("#editor") && flowNow() !== flow)) return false;
  if (checked !== null && ["checkbox", "radio"].includes(field.type)) field.checked = checked;
  else field.value = value;
  if (holds) field.dataset.holds = holds; // it is no text
  touched.add(id);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function putBack({ flow, fields, lists, focus }) {
  const began = performance.now();
  let [open, held, quiet, asked] = [fields, new Map(lists), 0, 0];
  const touch = ({ target }) => { for (const list of scrolled()) if (list.contains(target)) held.delete(nameOf(list)); };
  const act = () => {
    asked = 0;
    open = open.filter((field) => !fill(field, flow));
    for (const list of scrolled()) if (held.has(nameOf(list))) list.scrollTop = held.get(nameOf(list));
    if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus({ preventScroll: true });
    clearTimeout(quiet);
    quiet = setTimeout(end, open.length ? PATIENCE_MS : QUIET_MS);
    if (performance.now() - began > PATIENCE_MS) end();
  };
  const seen = new MutationObserver(() => { asked ||= requestAnimationFrame(act); });
  const end = () => {
    seen.disconnect();
    clearTimeout(quiet);
    for (const name of ["wheel", "pointerdown", "keydown"]) removeEventListener(name, touch, true);
  };
  for (const name of ["wheel", "pointerdown", "keydown"]) addEventListener(name, touch, { capture: true, passive: true });
  seen.observe(document.getElementById("page"), { childList: true, subtree: true, attributeFilter: ["inert"] });
  act();
}

export function setUpKept() {
  const kept = recall();
  for (const name of ["input", "change"]) {
    document.addEventListener(name, ({ target, isTrusted }) => { if (isTrusted && target.id) touched.add(target.id); }, true);
  }
  addEventListener("pagehide", keep);
  if (kept) putBack(kept);
}
