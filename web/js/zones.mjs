// The zones: folded, resized, maximised by a person; on a phone one of four is shown. Sizes never follow content.
// Nothing here knows of runs. Python asks for what it has to show: `reveal`, `suggest`.
import { chosen, remember } from "./chosen.mjs";
import { isShown, showTab, tabOf } from "./tabs.mjs";

const ZONES = { runs: "zone-runs", run: "zone-run", side: "zone-side", log: "drawer" };
const FOLDABLE = ["runs", "side", "log"];
const SIDE = ["chat", "output", "details", "waiting"];
const LIMITS = { runs: [180, 560], side: [280, 900], log: [90, 700] };
// The size that a pointer at this place asks for.
const MEASURES = {
  runs: (event) => event.clientX - document.getElementById("zone-runs").getBoundingClientRect().left,
  side: (event) => document.getElementById("zone-side").getBoundingClientRect().right - event.clientX,
  log: (event) => document.getElementById("drawer").getBoundingClientRect().bottom - event.clientY,
};
const GROWS = { runs: { ArrowRight: 24, ArrowLeft: -24 }, side: { ArrowLeft: 24, ArrowRight: -24 }, log: { ArrowUp: 24, ArrowDown: -24 } };
const NARROW = matchMedia("(max-width: 68.75em)"); // there the list of runs is a rail unless a person unfolds it
const PHONE = matchMedia("(max-width: 45em)"); // there the log has a tab of its own, and folds no more
const work = document.querySelector("main.work");

const zone = (name) => document.getElementById(ZONES[name]);
const shownUnasked = new Set();
const isFolded = (name) => chosen.folds[name] ?? (!shownUnasked.has(name) && (name === "log" || (name === "runs" && NARROW.matches)));

function drawFolds() {
  const most = work.dataset.maximised;
  for (const name of FOLDABLE) {
    const folded = isFolded(name) && most !== name;
    zone(name).classList.toggle("zone-folded", folded);
    const button = zone(name).querySelector('[data-zone-action="fold"]');
    if (button) describe(button, flowglow.words[folded ? `unfold_${name}` : `fold_${name}`]);
    button?.setAttribute("aria-expanded", String(!folded));
  }
  const title = document.getElementById("log-title");
  title.disabled = PHONE.matches;
  title.setAttribute("aria-expanded", String(PHONE.matches || !isFolded("log") || most === "log"));
  for (const button of document.querySelectorAll('[data-zone-action="maximise"]')) {
    const on = button.parentElement.dataset.of === most;
    button.setAttribute("aria-pressed", String(on));
    describe(button, flowglow.words[on ? "restore" : `maximise_${button.parentElement.dataset.of}`]);
  }
}

export function describe(button, words) {
  button.title = words;
  button.setAttribute("aria-label", words);
}

function setFold(name, folded) {
  chosen.folds[name] = folded;
  remember();
  drawFolds();
}

function fold(name, folded) {
  setMost();
  setFold(name, folded);
}

export function maximise(name) {
  setMost(work.dataset.maximised === name ? undefined : name);
  drawFolds();
}

// The zone that has the whole page; none without a name.
function setMost(name) {
  if (name in ZONES) work.dataset.maximised = name;
  else delete work.dataset.maximised;
  chosen.maximised = work.dataset.maximised;
  remember();
}

function resize(name, value) {
  const [least, most] = LIMITS[name];
  chosen.sizes[name] = Math.round(Math.min(most, Math.max(least, value)));
  document.documentElement.style.setProperty(`--${name}-size`, `${chosen.sizes[name]}px`);
  document.getElementById(`resize-${name}`).setAttribute("aria-valuenow", chosen.sizes[name]);
}

function sizeOf(name) {
  const { width, height } = zone(name).getBoundingClientRect();
  return Math.round(name === "log" ? height : width);
}

function setUpHandle(name) {
  const handle = document.getElementById(`resize-${name}`);
  const [least, most] = LIMITS[name];
  handle.setAttribute("aria-valuemin", least);
  handle.setAttribute("aria-valuemax", most);
  handle.setAttribute("aria-valuenow", Math.max(least, chosen.sizes[name] ?? sizeOf(name)));
  handle.addEventListener("pointerdown", (down) => {
    handle.setPointerCapture(down.pointerId);
    const move = (event) => resize(name, MEASURES[name](event));
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => {
      handle.removeEventListener("pointermove", move);
      remember();
    }, { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const step = GROWS[name][event.key];
    if (!step) return;
    event.preventDefault();
    resize(name, sizeOf(name) + step);
    remember();
  });
}

function toolButton(action, symbol) {
  const button = flowglow.button("", symbol, "quiet zone-tool", ["type", "button", "data-zone-action", action]);
  button.querySelector("span")?.remove();
  return button;
}

// How many ask for something, where their cards are out of sight: on the tab of a phone, and on the folded zone. A card may
// be there and ask for nothing more: then that is 0, and the zone is not without any.
function countWaiting({ dataset, childElementCount }) {
  const count = Number(dataset.asking ?? 0);
  const told = document.querySelector(".phone-count");
  told.textContent = count ? ` (${count})` : "";
  told.closest("button").classList.toggle("some-wait", count > 0);
  zone("side").dataset.waiting = childElementCount ? count : "";
}

// Where the page scrolls as a whole it is `.work` that does; nothing overflows it anywhere else.
export function showOnPhone(name) {
  if (work.dataset.phone !== name) work.scrollTop = 0;
  work.dataset.phone = name;
  for (const button of document.querySelectorAll("#phone-tabs [data-phone]")) {
    button.toggleAttribute("aria-current", button.dataset.phone === name);
    if (button.dataset.phone === name) button.setAttribute("aria-current", "true");
  }
}

// What stands below the run on a phone, with the strip that leads there. It is still to be filled: what comes into it does
// not push it out of sight, until a person scrolls.
function scrollToSide() {
  const strip = document.getElementById("summary");
  const top = (strip.getClientRects().length ? strip : zone("side")).getBoundingClientRect().top;
  if (work.dataset.phone !== "run" || top <= zone("run").getBoundingClientRect().top) return;
  work.dataset.led = "";
  work.scrollTop += top - work.getBoundingClientRect().top;
}

// The zone that something stands in, by the name it is brought to the eye by.
const holderOf = (name) => (SIDE.includes(name) || name.startsWith("own-") ? "side" : name in ZONES ? name : "run");

// Brings something to the front where it stands: its tab, what is folded round it. What is enlarged stays so, and a phone
// stays where it is.
export function turnTo(name) {
  const [tab, holder] = [tabOf(name), holderOf(name)];
  if (tab) showTab(tab);
  if (FOLDABLE.includes(holder) && isFolded(holder)) setFold(holder, false);
  if (name === "waiting" && document.getElementById("waiting").classList.contains("zone-folded")) document.getElementById("interactions-title").click();
}

// Brings something to the front, and a phone to it, because the run leads there: what is enlarged stays so.
export function lead(name) {
  turnTo(name);
  showOnPhone({ chat: "chat", waiting: "waiting", log: "log" }[name] ?? "run");
  if (holderOf(name) === "side") scrollToSide();
}

// To where a phone was led no longer is what it is about: back to the top, unless a person has scrolled since.
export function leadBack() {
  if (!("led" in work.dataset)) return;
  delete work.dataset.led;
  work.scrollTop = 0;
}

// Brings something to the eye because a person asked for it, by whatever way: a tab by its panel's name, `log`, `runs`,
// `waiting`. `node` is what tells of the chosen one, the output unless the details are in front: then a phone stays where
// it is, and what is enlarged.
export function reveal(name) {
  if (name === "node") {
    turnTo(isShown("details") ? "details" : "output");
    showOnPhone("run");
    return;
  }
  const [most, holder] = [work.dataset.maximised, holderOf(name)];
  const inIt = most === holder || (most === "run" && holder === "log");
  if (most && !inIt) maximise(most);
  lead(name);
}

// Brings something to the eye because it seems of use: what a person chose by hand stays as it is.
export function suggest(name) {
  const tab = tabOf(name);
  if (tab && !chosen.tabs[tab.parentElement.id]) showTab(tab);
  if (name in chosen.folds || !FOLDABLE.includes(name) || shownUnasked.has(name)) return;
  shownUnasked.add(name);
  drawFolds();
}

// Say all of it in the page's language, anew when that is another.
export function nameZones() {
  for (const name of Object.keys(LIMITS)) document.getElementById(`resize-${name}`).setAttribute("aria-label", flowglow.words[`resize_${name}`]);
  for (const button of document.querySelectorAll("#phone-tabs [data-phone]")) {
    button.querySelector(".phone-name").textContent = flowglow.words[`phone_${button.dataset.phone}`];
  }
  drawFolds();
}

export function setUpZones() {
  for (const tools of document.querySelectorAll(".zone-tools")) {
    tools.append(toolButton("maximise", "maximize"));
    if (FOLDABLE.includes(tools.dataset.of)) tools.append(toolButton("fold", tools.dataset.of === "log" ? "chevron-down" : "panel-right"));
    tools.addEventListener("click", (event) => {
      const action = event.target.closest("[data-zone-action]")?.dataset.zoneAction;
      if (action === "fold") fold(tools.dataset.of, !zone(tools.dataset.of).classList.contains("zone-folded"));
      if (action === "maximise") maximise(tools.dataset.of);
    });
  }
  document.getElementById("log-title").addEventListener("click", () => fold("log", !zone("log").classList.contains("zone-folded")));
  for (const button of document.querySelectorAll("#phone-tabs [data-phone]")) {
    button.addEventListener("click", () => {
      showOnPhone(button.dataset.phone);
      work.scrollTop = 0;
      const tab = tabOf(button.dataset.phone);
      if (tab) showTab(tab);
    });
  }
  for (const name of ["wheel", "pointerdown", "keydown"]) work.addEventListener(name, () => delete work.dataset.led, { passive: true });
  const cards = document.getElementById("interactions");
  new MutationObserver(() => countWaiting(cards)).observe(cards, { childList: true, attributeFilter: ["data-asking"] });
  for (const width of [NARROW, PHONE]) width.addEventListener("change", drawFolds);
  setMost(chosen.maximised);
  for (const [name, size] of Object.entries(chosen.sizes)) if (name in LIMITS) resize(name, size);
  for (const name of Object.keys(LIMITS)) setUpHandle(name);
}
