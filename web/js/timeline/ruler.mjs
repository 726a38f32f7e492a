// What the ruler writes, and where. No label stands in another: what was cut out comes first, the longest before all, then
// the moments that there is room for; whatever has none is left out, its mark stays. Pure.
const GAP = 10; // pixels between two labels
const BESIDE = 4; // pixels from a tick to its label

// `ticks` and `cuts` ({ x, text }, of a cut also its seconds) to labels: { text, from, wide, cut }, from left to right.
export function labels(ticks, cuts, right, measure) {
  const placed = [];
  const put = (text, from, wide, cut) => {
    const free = placed.every((each) => from + wide + GAP <= each.from || each.from + each.wide + GAP <= from);
    if (free && from + wide <= right) placed.push({ text, from, wide, cut });
  };
  for (const { x, text } of [...cuts].sort((one, other) => other.seconds - one.seconds)) {
    const wide = measure(text);
    put(text, x - wide / 2, wide, true);
  }
  for (const { x, text } of ticks) put(text, x + BESIDE, measure(text), false);
  return placed.sort((one, other) => one.from - other.from);
}
