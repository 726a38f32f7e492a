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
// is painted by itself: ten thousand of them hold a page up for half a minute.
const MOST_MARKED = 1_000;

export function findIn(region, text) {
  const wanted = text.toLowerCase();
  const found = wanted ? [...matches(region, wanted)] : [];
  const ranges = found.slice(0, MOST_MARKED);
  globalThis.CSS?.highlights?.set(FOUND, new Highlight(...ranges));
  for (const range of ranges) {
    for (let fold = range.startContainer.parentElement.closest("details"); fold && region.contains(fold); fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
  }
  ranges[0]?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  return found.length;
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
