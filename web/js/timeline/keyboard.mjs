// The keyboard in the rows: one of them is active, arrows move it as in a tree, Enter chooses its node.
// The focus stays on the list, which says which row is active; so nothing that comes or goes can take it away.
import { ROW } from "./paint.mjs";

export class Keyboard {
  active = null;
  #held = null; // the key of the active row, while bars are told anew
  onMove = () => {};

  constructor(list, model, acts) {
    Object.assign(this, { list, model, acts });
    list.addEventListener("focus", () => { if (list.matches(":focus-visible")) this.move(this.active ?? model.rows[0], true); });
    list.addEventListener("blur", () => this.onMove(null));
  }

  // Whether the key was one of these.
  press(key) {
    const { model, active } = this;
    const { rows } = model;
    const item = active ?? rows[0];
    if (!item) return false;
    const page = Math.max(1, Math.floor(this.list.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const [openable, open] = [model.canOpen(item), model.isOpen(item)];
    if (key in steps) this.move(rows[Math.min(rows.length - 1, Math.max(0, item.row + steps[key]))], true);
    else if (key === "ArrowRight") {
      if (openable && !open) this.acts.turn(item, true);
      else if (openable) this.move(rows[item.row + 1], true);
    } else if (key === "ArrowLeft") {
      const parent = model.parent(item);
      if (openable && open) this.acts.turn(item, false);
      else if (rows[parent.row] === parent) this.move(parent, true);
    } else if (key === "Enter" || key === " ") this.acts.choose(model.isFold(item) ? item.bars[0] : item);
    else return false;
    return true;
  }

  // Make a row the active one and bring it into view; `told`: the keyboard did, so what it is on is told of.
  move(item, told = false) {
    if (!item) return;
    this.active = item;
    const { list } = this;
    const [top, bottom] = [item.row * ROW, (item.row + 1) * ROW];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
    if (told) this.onMove(item);
  }

  hold() { if (this.active) this.#held = this.active.key; }

  forget() { this.active = this.#held = null; }

  // The active row is another object, stands elsewhere, or has gone into a folded one.
  find() {
    const { model } = this;
    if (this.#held === null || !this.active || model.rows[this.active.row] === this.active) return;
    const bar = model.bars.get(this.#held);
    const row = bar ? model.rowOf(bar) : model.rows.find((item) => item.key === this.#held);
    if (row) this.active = row;
    else if (model.live) return; // perhaps it is still to be told
    else this.active = model.rows[0] ?? null;
  }

  // Tell assistive technology which row is active: `elementOf` gives its element.
  mark(elementOf) {
    const { list, model, active } = this;
    const attribute = (name, value) => (value ? list.getAttribute(name) !== value && list.setAttribute(name, value) : list.removeAttribute(name));
    attribute("role", model.rows.length ? "tree" : "group");
    attribute("aria-activedescendant", (active && elementOf(active)?.id) ?? "");
  }
}
