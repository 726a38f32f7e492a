// What is told of one bar: of the one under the pointer, else of the one that the keyboard is on.
import { make } from "../make.mjs";
import { named, told } from "./rows.mjs";
import { duration, running, say, sinceStart, timeOfDay } from "./words.mjs";

const AWAY = 14; // pixels from the pointer

export class Tip {
  #pointed = null;
  #followed = null;
  #place = null;
  #told = "";

  constructor(element, model) {
    [this.element, this.model] = [element, model];
  }

  show(bar, x, y, now, zero) {
    this.#pointed = { bar, x: x + AWAY, y: y + AWAY };
    this.again(now, zero);
  }

  hide() {
    this.#pointed = null;
    this.element.hidden = true;
  }

  // Tell of the bar that the keyboard is on, wherever `place` says it stands; null for none.
  follow(bar, place) {
    [this.#pointed, this.#followed, this.#place] = [null, bar, place];
    if (!bar) this.element.hidden = true;
  }

  // Bring it up to date: what is live goes on.
  again(now, zero) {
    if (document.activeElement?.className !== "timeline-scroll") this.#followed = null;
    const bar = this.#pointed?.bar ?? this.#followed;
    this.element.hidden = !bar;
    if (!bar) return;
    const facts = this.#facts(bar, now, zero);
    const words = facts.flat().join("\n");
    if (words !== this.#told) {
      this.#told = words;
      const [, ...rest] = facts;
      this.element.replaceChildren(
        make("strong", "", [], [named(bar)]),
        make("dl", "", [], rest.flatMap(([name, value]) => [make("dt", "", [], [name]), make("dd", "", [], [value])])),
      );
    }
    const [x, y] = this.#pointed ? [this.#pointed.x, this.#pointed.y] : this.#place();
    const { width, height } = this.element.getBoundingClientRect();
    this.element.style.setProperty("left", `${Math.max(4, Math.min(x, innerWidth - width - 8))}px`);
    this.element.style.setProperty("top", `${y + height + 8 > innerHeight ? y - height - 2 * AWAY : y}px`);
  }

  #facts(bar, now, zero) {
    const end = this.model.endOf(bar, now);
    const at = (moment) => `${sinceStart(moment - zero, 0.001)} · ${timeOfDay(moment)}`;
    const facts = [[named(bar)], ["", told(bar)]];
    if (Number.isFinite(bar.start)) facts.push([say("started"), at(bar.start)]);
    if (bar.end !== null) facts.push([say("ended"), at(bar.end)], [say("took"), duration(bar.end - bar.start)]);
    else if (bar.open) facts.push([say("so_far"), running(end - bar.start)]);
    const waited = bar.waits.reduce((sum, [since, until]) => sum + (until ?? end) - since, 0);
    if (bar.waits.length) facts.push([say("waited"), bar.open ? running(waited) : duration(waited)]);
    return facts;
  }
}
