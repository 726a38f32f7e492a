// The rows that are seen, as elements: their names, for the eye and for the keyboard, screen readers and outside code.
// Makes and removes only what comes and goes while it scrolls; the bars beside the names are painted.
import { icon } from "../icons.mjs";
import { make } from "../make.mjs";
import { ROW } from "./paint.mjs";
import { duration, running, say } from "./words.mjs";

const STATUS = {
  queued: "hourglass", executing: "loader-circle", paused: "circle-pause", unverified: "circle-help",
  waiting: "circle-pause", success: "circle-check", error: "octagon-x", killed: "ban", unknown: "circle-dashed",
};
const MOST_DEEP = 8; // levels that are moved in; what is deeper stands below the last of them

export class Rows {
  #shown = new Map(); // row item → { element, told }
  #ids = 0;

  constructor(place, model) {
    [this.place, this.model] = [place, model];
  }

  // Show these rows of all, and the active one wherever it is.
  show(first, last, active, zero, path) {
    const { rows } = this.model;
    const wanted = new Set(rows.slice(first, last));
    if (active && rows[active.row] === active) wanted.add(active);
    for (const [item, { element }] of this.#shown) {
      if (!wanted.has(item)) {
        element.remove();
        this.#shown.delete(item);
      }
    }
    for (const item of wanted) this.#tell(item, active, zero, path);
  }

  element(item) { return this.#shown.get(item)?.element ?? null; }

  #tell(item, active, zero, path) {
    const { model } = this;
    const fold = model.isFold(item);
    const openable = model.canOpen(item);
    const bars = fold ? item.bars : [item];
    const end = fold ? null : item.end;
    const critical = path ? path.has(item) : null;
    const selected = model.chosen !== null && item.kind !== "tool" && (fold ? item.nodes.has(model.chosen) : item.node === model.chosen);
    const facts = {
      "data-kind": fold ? "fold" : item.kind, "data-node-id": fold ? bars[0].node : item.node, "data-status": item.status,
      "data-start": since(item.start, zero), "data-end": end === null ? null : since(end, zero),
      "data-count": fold ? bars.length : null, "data-errors": fold ? item.errors : null, "data-waiting": item.waiting || null,
      "data-waits": fold ? null : item.waits.length || null, "data-critical": critical,
      "aria-level": item.depth + 1, "aria-posinset": item.row + 1, "aria-setsize": model.rows.length,
      "aria-expanded": openable ? model.isOpen(item) : null, "aria-selected": selected,
      "aria-label": describe(model, item, zero), "data-active": item === active || null,
    };
    const shown = this.#shown.get(item) ?? this.#make(item);
    const { element, told } = shown;
    for (const [name, value] of Object.entries(facts)) {
      if (told[name] === value) continue;
      told[name] = value;
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
    const words = fold ? say("more", { name: item.name, count: bars.length }) : named(item);
    const drawn = [words, lookOf(item), openable && model.isOpen(item), openable, item.errors].join("\n");
    if (told.drawn !== drawn) {
      told.drawn = drawn;
      element.replaceChildren(...this.#inside(item, words, openable));
    }
    const place = `${item.row} ${item.depth}`;
    if (told.place !== place) {
      told.place = place;
      element.style.setProperty("top", `${item.row * ROW}px`);
      element.style.setProperty("--depth", Math.min(item.depth, MOST_DEEP));
    }
  }

  #make(item) {
    this.#ids += 1;
    const id = `timeline-row-${this.#ids}`;
    const element = make("div", "timeline-row", ["id", id, "role", "treeitem", "data-bar", item.key]);
    const shown = { element, told: {} };
    this.#shown.set(item, shown);
    this.place.append(element);
    return shown;
  }

  #inside(item, words, openable) {
    const chevron = this.model.isOpen(item) ? "chevron-down" : "chevron-right";
    const look = lookOf(item);
    const kind = item.kind === "tool" ? "wrench" : STATUS[look] ?? "circle";
    return [
      make("span", "timeline-turn", openable ? ["data-turn", ""] : [], openable ? [icon(chevron, "icon")] : []),
      make("span", `timeline-mark status-${look}`, [], [icon(kind, "icon")]),
      make("span", "timeline-name", ["title", words], [words]),
      ...(item.errors ? [make("span", "timeline-failed", [], [say("errors", { count: item.errors })])] : []),
    ];
  }
}

const lookOf = (item) => (item.waiting ? "waiting" : item.status);

// Its status in words.
export const told = (bar) => (bar.waiting ? say("waits") : say(`status.${bar.status}`));

export function named(bar) {
  return Number.isInteger(bar.iteration) ? `${bar.name} · ${say("round", { round: bar.iteration })}` : bar.name;
}

// A row in words: name, status, and when; what is live is told without seconds that would change all the time.
function describe(model, item, zero) {
  const parts = [];
  if (model.isFold(item)) {
    parts.push(say("more", { name: item.name, count: item.bars.length }));
    if (item.errors) parts.push(say("errors", { count: item.errors }));
    return parts.join(", ");
  }
  parts.push(named(item), told(item));
  if (Number.isFinite(item.start)) parts.push(`${say("started")} ${running(item.start - zero)}`);
  if (item.end !== null) parts.push(`${say("ended")} ${running(item.end - zero)}`, `${say("took")} ${duration(item.end - item.start)}`);
  return parts.join(", ");
}

const since = (moment, zero) => (Number.isFinite(moment) ? (moment - zero).toFixed(3) : null);
