// Roving focus: a list is one stop of the Tab key, the arrow keys walk it. Which of its items the stop is follows the
// focus, and is settled when the focus comes: an item that is added costs nothing.
const LISTS = { "#runs": ".run-row", "#node-output": ".entry > summary", "#chat": "summary, button" };
const BESIDE = ".run-actions > button"; // stops of the item they stand beside, while that is the list's
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

const isSeen = (element) => element.checkVisibility();

function settle(items, current) {
  for (const item of items) {
    item.tabIndex = item === current ? 0 : -1;
    item.dataset.roving = "";
    for (const button of item.parentElement.querySelectorAll(`:scope > ${BESIDE}`)) button.tabIndex = item.tabIndex;
  }
}

function setUpList(list, selector) {
  const items = () => [...list.querySelectorAll(selector)].filter(isSeen);
  list.addEventListener("focusin", ({ target }) => {
    const current = target.matches(BESIDE) ? target.parentElement.parentElement.querySelector(selector) : target;
    if (current.matches(selector)) settle(list.querySelectorAll(selector), current);
  });
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.key in STEPS) || !event.target.matches(selector)) return;
    const all = items();
    const at = all.indexOf(event.target) + STEPS[event.key];
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, at))].focus();
  });
}

export function setUpRoving() {
  for (const [list, items] of Object.entries(LISTS)) setUpList(document.querySelector(list), items);
}
