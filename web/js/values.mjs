// What a person does with a value: keep it as a file, look at it large, search in it. Nothing here knows of runs.
const FOUND = "found";

export function saveText(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function showLarge() {
  const dialog = document.getElementById("large");
  if (!dialog.open) dialog.showModal();
}

document.getElementById("large").addEventListener("click", (event) => {
  const dialog = event.currentTarget;
  if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
});

// Marks what matches, opens the folds it stands in, and brings the first match to the eye; gives how many there are. Every mark
// is painted by itself: ten thousand of them hold a page up for half a minute. `again`: it marks alone, as nobody asked.
const MOST_MARKED = 1_000;

export function findIn(region, text, again = false) {
  const wanted = text.toLowerCase();
  const found = wanted ? [...matches(region, wanted)] : [];
  const ranges = found.slice(0, MOST_MARKED);
  globalThis.CSS?.highlights?.set(FOUND, new Highlight(...ranges));
  if (again) return found.length;
  for (const range of ranges) {
    for (let fold = range.startContainer.parentElement.closest("details"); fold && region.contains(fold); fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
  }
  if (ranges.length) bringToSight(ranges[0]);
  return found.length;
}

// In whatever scrolls around it, from the inside out; what is in sight stays where it is.
function bringToSight(range) {
  for (let place = range.startContainer.parentElement; place; place = place.parentElement) {
    if (!/auto|scroll/.test(getComputedStyle(place).overflowY)) continue;
    const [mark, frame] = [range.getBoundingClientRect(), place.getBoundingClientRect()];
    if (mark.top < frame.top || mark.bottom > frame.bottom) place.scrollTop += (mark.top + mark.bottom - frame.top - frame.bottom) / 2;
  }
}

function* matches(region, wanted) {
  const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("button, select, .visually-hidden, .find-told")) continue;
    const words = node.data.toLowerCase();
    for (let at = words.indexOf(wanted); at >= 0; at = words.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      yield range;
    }
  }
}
