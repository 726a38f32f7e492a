// The page's furniture: zones and tabs, diagnostics, light or dark by a switch. Nothing here knows of runs.
import { chosen, remember } from "./chosen.mjs";
import { setUpKept } from "./kept.mjs";
import { setUpLanguage } from "./language.mjs";
import { setUpRoving } from "./roving.mjs";
import { nameSkips, setUpSkips } from "./skip.mjs";
import { setUpTabs } from "./tabs.mjs";
import { setUpUnfolded } from "./unfolded.mjs";
import { describe, nameZones, setUpZones } from "./zones.mjs";

export { languages } from "./chosen.mjs";
export { addStyles } from "./own_styles.mjs";
export { addTab } from "./tabs.mjs";
export { lead, leadBack, maximise, reveal, suggest, turnTo } from "./zones.mjs";

const THEMES = ["auto", "light", "dark"];

// Which of them it is now, as a name of the button.
function nameTheme() {
  const { theme, ...words } = flowglow.words;
  describe(document.getElementById("theme"), `${theme}: ${words[`theme_${document.documentElement.dataset.theme}`]}`);
}

// Light, dark, or as the system has it; kept for the next time only if a person chose it.
export function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.getElementById("theme").dataset.theme = theme;
  nameTheme();
}

function setUpTheme(button) {
  if (document.documentElement.dataset.theme === "auto" && chosen.theme) showTheme(chosen.theme);
  button.addEventListener("click", () => {
    chosen.theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    showTheme(chosen.theme);
    remember();
  });
}

export function showDiagnostics(shown = document.getElementById("diagnostics").hidden) {
  const toggle = document.getElementById("diagnostics-toggle");
  document.getElementById("diagnostics").hidden = !shown;
  toggle.setAttribute("aria-expanded", String(shown));
  (shown ? document.getElementById("inspector") : toggle).focus();
}

function setUpDiagnostics() {
  const close = document.getElementById("diagnostics-close");
  const toggle = document.getElementById("diagnostics-toggle");
  toggle.addEventListener("click", () => showDiagnostics());
  close.addEventListener("click", () => showDiagnostics(false));
  document.getElementById("diagnostics").addEventListener("keydown", (event) => event.key === "Escape" && showDiagnostics(false));
}

// A heading that is a button folds what it names.
function setUpWaiting() {
  const title = document.getElementById("interactions-title");
  title.addEventListener("click", () => {
    const folded = document.getElementById("waiting").classList.toggle("zone-folded");
    title.setAttribute("aria-expanded", String(!folded));
  });
}

function name(words) {
  document.getElementById("chat-new").textContent = words.newMessages;
  nameTheme();
  describe(document.getElementById("diagnostics-toggle"), words.diagnostics);
  describe(document.getElementById("diagnostics-close"), words.close);
  nameZones();
  nameSkips(words);
}

// `words` by name, in the page's language, for all of our JavaScript: pyapp/browser/page.py has the list.
export function setUpPanels(words) {
  const again = Boolean(flowglow.words); // Python lives again, or speaks another language: the panels never died
  flowglow.words = words;
  if (!again) {
    flowglow.stick(document.getElementById("chat"), document.getElementById("chat-new"));
    setUpTabs();
    setUpZones();
    setUpWaiting();
    setUpDiagnostics();
    setUpTheme(document.getElementById("theme"));
    setUpLanguage(document.getElementById("language"));
    setUpSkips();
    setUpRoving();
    setUpUnfolded();
    setUpKept();
  }
  name(words);
}
