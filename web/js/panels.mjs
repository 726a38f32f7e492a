// The panels: folded by their heading, resized by the bars between them, light or dark by a switch;
// all remembered where the browser lets us. Nothing here knows of runs.
const KEY = "flowglow.panels";
const LIMITS = { side: [280, 900], log: [80, 700], runs: [80, 700], output: [112, 900] };
// The size that a pointer at this place asks for.
const MEASURES = {
  side: (event) => innerWidth - event.clientX,
  log: (event) => document.querySelector(".pane-inspector").getBoundingClientRect().top - event.clientY,
  runs: (event) => event.clientY - document.querySelector(".pane-runs").getBoundingClientRect().top,
  output: (event) => event.clientY - document.querySelector(".pane-output").getBoundingClientRect().top,
};
const THEMES = ["auto", "light", "dark"];

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {}; // no storage, or not ours: the page works without
  }
}

const state = { folded: [], ...recall() };

function remember() {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // as above
  }
}

function fold(pane, folded) {
  pane.classList.toggle("pane-folded", folded);
  pane.querySelector(":scope > h2 > button")?.setAttribute("aria-expanded", String(!folded));
}

function resize(name, value) {
  const [least, most] = LIMITS[name];
  state[name] = Math.round(Math.min(most, Math.max(least, value)));
  document.documentElement.style.setProperty(`--${name}-size`, `${state[name]}px`);
  document.documentElement.style.setProperty(`--${name}-grow`, "0");
  document.getElementById(`resize-${name}`)?.setAttribute("aria-valuenow", state[name]);
}

function sizeOf(name) {
  const { width, height } = document.querySelector(name === "side" ? ".side" : `.pane-${name}`).getBoundingClientRect();
  return Math.round(name === "side" ? width : height);
}

function bar(name) {
  const handle = document.getElementById(`resize-${name}`);
  const [least, most] = LIMITS[name];
  handle.setAttribute("aria-label", flowglow.words[`resize_${name}`]);
  handle.setAttribute("aria-valuemin", least);
  handle.setAttribute("aria-valuemax", most);
  handle.setAttribute("aria-valuenow", sizeOf(name));
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
    const step = { ArrowLeft: 24, ArrowUp: 24, ArrowRight: -24, ArrowDown: -24 }[event.key];
    if (!step) return;
    event.preventDefault();
    resize(name, sizeOf(name) + (name === "runs" || name === "output" ? -step : step)); // their bar is below them
    remember();
  });
}

function theme(button, chosen) {
  state.theme = chosen;
  document.documentElement.dataset.theme = chosen;
  button.dataset.theme = chosen;
}

// `words` by name, in the page's language, for all of our JavaScript: pyapp/browser/page.py has the list.
export function setUpPanels(words) {
  const again = Boolean(flowglow.words); // Python lives again: the panels never died
  flowglow.words = words;
  if (again) return;
  const more = document.getElementById("chat-new");
  more.textContent = words.newMessages;
  flowglow.stick(document.getElementById("chat"), more);
  for (const pane of document.querySelectorAll("[data-pane]")) {
    const heading = pane.querySelector(":scope > h2 > button");
    if (!heading) continue;
    fold(pane, state.folded.includes(pane.dataset.pane));
    const toggle = () => {
      const folded = !pane.classList.contains("pane-folded");
      fold(pane, folded);
      state.folded = state.folded.filter((each) => each !== pane.dataset.pane);
      if (folded) state.folded.push(pane.dataset.pane);
      remember();
    };
    heading.addEventListener("click", toggle);
  }
  for (const name of Object.keys(LIMITS)) if (state[name]) resize(name, state[name]);
  for (const name of Object.keys(LIMITS)) bar(name);
  const button = document.getElementById("theme");
  button.title = words.theme;
  button.setAttribute("aria-label", words.theme);
  if (document.documentElement.dataset.theme === "auto" && state.theme) theme(button, state.theme);
  button.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme;
    theme(button, THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
    remember();
  });
}
