// The critical path: what the length of a bar comes from. Pure.
// Backwards from its end: the child that ended last, then whatever had ended last when that began, and so on; what is
// left between them is the bar's own. A child that still ran when another began was not what that one waited for.
// Answers [bar, from, until]…, latest first, which together are all of its length.
const TOGETHER = 1e-3; // seconds: an end and a start so near may have been told in the wrong order

export function criticalPath(bar, endOf, from = bar.start, until = endOf(bar), found = []) {
  const inside = [...bar.folds.values()].flatMap((fold) => fold.bars).map((child) => [child, endOf(child)]);
  inside.sort(([one, end], [other, later]) => later - end || (one.start < other.start ? -1 : 1));
  let left = until;
  for (const [child, ended] of inside) {
    const [start, end] = [Math.max(child.start, from), Math.min(ended, left)];
    if (end <= start || (left < until && ended > left + TOGETHER)) continue;
    if (end < left) found.push([bar, end, left]);
    criticalPath(child, endOf, start, end, found);
    left = start;
  }
  if (left > from) found.push([bar, from, left]);
  return found;
}
