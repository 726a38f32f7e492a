// The panels: folded by their heading, resized by the bars between them, light or dark by a switch;
// all remembered where the browser lets us. Nothing here knows of runs.
const KEY = "flowglow.panels";
const LIMITS = { side: [280, 900], log: [80, 700] };
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
  document.getElementById(`resize-${name}`)?.setAttribute("aria-valuenow", state[name]);
}

function bar(name, measure) {
  const handle = document.getElementById(`resize-${name}`);
  const [least, most] = LIMITS[name];
  handle.setAttribute("aria-valuemin", least);
  handle.setAttribute("aria-valuemax", most);
  const shown = document.querySelector(name === "side" ? ".pane-output" : ".pane-log").getBoundingClientRect();
  handle.setAttribute("aria-valuenow", Math.round(name === "side" ? shown.width : shown.height));
  handle.addEventListener("pointerdown", (down) => {
    handle.setPointerCapture(down.pointerId);
    const move = (event) => resize(name, measure(event));
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
    resize(name, (state[name] || (name === "side" ? 420 : 240)) + step);
    remember();
  });
}

function theme(button, chosen) {
  state.theme = chosen;
  document.documentElement.dataset.theme = chosen;
  button.dataset.theme = chosen;
}

// `words` by name, in the page's language: theme, copyCode, newMessages.
export function setUpPanels(words) {
  flowglow.words = words;
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
  bar("side", (event) => innerWidth - event.clientX);
  bar("log", (event) => document.querySelector(".pane-inspector").getBoundingClientRect().top - event.clientY);
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
