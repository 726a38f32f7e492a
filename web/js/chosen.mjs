// What a person chose of the page's shape, kept where the browser lets us: sizes, folds, tabs, theme, language.
const KEY = "flowglow.panels";

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {}; // no storage, or not ours: the page works without
  }
}

export const chosen = { sizes: {}, folds: {}, tabs: {}, ...recall() };

// Whether it is kept.
export function remember() {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
    return true;
  } catch {
    return false; // as above
  }
}

// What its person reads, dearest first: what the address says, what was chosen here, what the browser knows.
export function languages() {
  const named = new URLSearchParams(location.search).get("lang");
  return [named, chosen.language, ...navigator.languages].filter(Boolean);
}
