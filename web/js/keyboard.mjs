// Keys of the whole page, and what they need: pressing a button, moving the focus, dialogs. Python decides what a key does.
export const TYPING = "input, textarea, select, [contenteditable]";
const TAKES_FOCUS = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

export const isSeen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
const tabStop = (element) => !element.matches('[tabindex="-1"]:not([data-roving])') && isSeen(element);

// Calls `told(key)` for one of these keys, `Mod+…` with Ctrl or ⌘. No key is ours while somebody types, in a dialog,
// where another part of the page dealt with it, or with other modifiers.
export function onKeys(keys, told) {
  const wanted = new Set(keys);
  const heard = (event) => {
    const command = event.ctrlKey || event.metaKey;
    const key = command ? `Mod+${event.key.toLowerCase()}` : event.key;
    if (!wanted.has(key) || event.defaultPrevented || event.altKey || (command && event.shiftKey) || event.isComposing) return;
    if (document.querySelector("dialog[open]") || (!command && event.target.closest?.(TYPING))) return;
    event.preventDefault();
    told(key);
  };
  document.addEventListener("keydown", heard, flowglow.life.listening);
  return () => document.removeEventListener("keydown", heard);
}

export function press(selector) {
  const found = [...document.querySelectorAll(selector)].find((each) => !each.disabled && isSeen(each));
  found?.click();
  return Boolean(found);
}

// The first in it that Tab would reach, itself included.
export function firstStop(element, fits = () => true) {
  return [element, ...element.querySelectorAll(TAKES_FOCUS)].find((each) => each.matches(TAKES_FOCUS) && tabStop(each) && fits(each)) ?? null;
}

export function focusOn(selector) {
  const found = document.querySelector(selector);
  const stop = found && (found.matches('[tabindex="-1"]') && isSeen(found) ? found : firstStop(found));
  stop?.focus();
  return Boolean(stop);
}

export const focusedIn = (selector, attribute) => document.activeElement?.closest(selector)?.getAttribute(attribute) ?? null;

export const listed = (selector, attribute) => [...document.querySelectorAll(selector)].map((each) => each.getAttribute(attribute));

export function dialog(id, opened) {
  const element = document.getElementById(id);
  if (opened && !element.open) element.showModal();
  if (!opened && element.open) element.close();
}
