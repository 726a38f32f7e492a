// Keys of the whole page, and what they need: pressing a button, moving the focus, dialogs. Python decides what a key does.
export const TYPING = "input, textarea, select, [contenteditable]";
const TAKES_FOCUS = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';
const PAUSE_MS = 1000; // after so long without a key nobody is typing any more
const SEEN_MS = 2000; // after so long a person has seen that their field is gone

export const isSeen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
const tabStop = (element) => !element.matches('[tabindex="-1"]:not([data-roving])') && isSeen(element);

// Calls `told(key)` for one of these keys, `Mod+…` with Ctrl or ⌘, whatever Caps Lock makes of it. No key is ours while
// somebody types, in a dialog, where another part of the page dealt with it, or with other modifiers.
export function onKeys(keys, told) {
  const wanted = new Set(keys);
  const heard = (event) => {
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.length === 1 && (command || !event.shiftKey) ? event.key.toLowerCase() : event.key;
    const key = command ? `Mod+${letter}` : letter;
    if (!wanted.has(key) || event.defaultPrevented || event.altKey || (command && event.shiftKey) || event.isComposing) return;
    if (document.querySelector("dialog[open]") || (!command && event.target.closest?.(TYPING))) return;
    event.preventDefault();
    if (!event.repeat) told(key); // held, it is pressed once: with short runs Play would be in its place again and again
  };
  document.addEventListener("keydown", heard, flowglow.life.listening);
  return () => document.removeEventListener("keydown", heard);
}

// The field in which somebody typed is gone: what goes on being typed presses nothing, if it begins before a person can have
// seen that, up to a pause, or until they move on: by Tab, Escape, a pointer, or into another field.
export function spareTyped() {
  const spared = new AbortController();
  const until = { capture: true, signal: spared.signal };
  let end = performance.now() + SEEN_MS;
  const heard = (event) => {
    const moved = event.key === "Tab" || event.key === "Escape" || event.target.closest?.(TYPING);
    if (moved || event.timeStamp > end) return spared.abort();
    if (event.ctrlKey || event.metaKey) return;
    end = event.timeStamp + PAUSE_MS;
    event.stopImmediatePropagation();
    if (event.key.length === 1 || event.key === "Enter") event.preventDefault();
  };
  window.addEventListener("keydown", heard, until);
  window.addEventListener("pointerdown", () => spared.abort(), until);
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
