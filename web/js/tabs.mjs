// Tabs: one panel of a tablist is shown. A click or an arrow chooses; that is remembered and wins over what the page suggests.
import { chosen, remember } from "./chosen.mjs";

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };

const tabsOf = (list) => [...list.querySelectorAll('[role="tab"]')];
const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
const nameOf = (tab) => tab.getAttribute("aria-controls").replace("panel-", "");

// The tab of a panel by the panel's short name (`canvas`, `output`…), or null.
export const tabOf = (name) => document.querySelector(`[role="tab"][aria-controls="panel-${CSS.escape(name)}"]`);

export const isShown = (name) => tabOf(name)?.getAttribute("aria-selected") === "true";

// An address that says what is to be on the screen goes before what was looked at last.
const isLink = () => ["flow", "run", "node", "view"].some((name) => new URLSearchParams(location.search).has(name));

export function showTab(tab) {
  for (const each of tabsOf(tab.closest('[role="tablist"]'))) {
    const on = each === tab;
    each.setAttribute("aria-selected", String(on));
    each.tabIndex = on ? 0 : -1;
    panelOf(each).hidden = !on;
  }
}

// A tab of a portal's own, behind ours, with an empty region #own-name. One that is there keeps its place and its region:
// Python may live again.
export function addTab(name, title) {
  const [id, list] = [`own-${name}`, document.getElementById("side-tabs")];
  const old = tabOf(id);
  if (old) {
    old.textContent = title;
    document.getElementById(id).replaceChildren();
    return;
  }
  const tab = Object.assign(document.createElement("button"), { type: "button", id: `${id}-title`, textContent: title, tabIndex: -1 });
  const panel = Object.assign(document.createElement("div"), { id: `panel-${id}`, className: "tab-panel pane-own", hidden: true });
  const attributes = [[tab, { role: "tab", "aria-controls": panel.id, "aria-selected": "false" }], [panel, { role: "tabpanel", "aria-labelledby": tab.id }]];
  for (const [element, values] of attributes) for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
  panel.append(Object.assign(document.createElement("div"), { id, className: "own-region" }));
  document.getElementById("waiting").before(panel);
  list.append(tab);
  if (chosen.tabs[list.id] === id) showTab(tab);
}

export function setUpTabs() {
  for (const list of document.querySelectorAll('[role="tablist"]')) {
    list.addEventListener("click", (event) => {
      const tab = event.target.closest('[role="tab"]');
      if (!tab) return;
      showTab(tab);
      chosen.tabs[list.id] = nameOf(tab);
      remember();
    });
    list.addEventListener("keydown", (event) => {
      const tabs = tabsOf(list);
      const now = tabs.indexOf(event.target.closest('[role="tab"]'));
      const next = { Home: 0, End: tabs.length - 1 }[event.key] ?? (now + (STEPS[event.key] ?? NaN) + tabs.length) % tabs.length;
      if (now < 0 || Number.isNaN(next)) return;
      event.preventDefault();
      tabs[next].focus();
      tabs[next].click();
    });
    const remembered = tabsOf(list).find((tab) => nameOf(tab) === chosen.tabs[list.id]);
    if (remembered && !(list.id === "view-tabs" && isLink())) remembered.click(); // Python hears of it, too
  }
}
