// The elements of the timeline, made once; and canvases that are sharp on every screen.
import { button } from "../icons.mjs";
import { make } from "../make.mjs";
import { say } from "./words.mjs";

const PLAIN = { out: "minus", in: "plus", fit: "maximize" };
const SWITCHES = ["cut", "sequence", "critical"];

export function parts(region) {
  const buttons = {};
  for (const [name, icon] of Object.entries(PLAIN)) {
    buttons[name] = button(say(name), icon, "quiet bar-button", ["type", "button", "data-timeline", name, "title", say(name)]);
  }
  for (const name of SWITCHES) {
    const attributes = ["type", "button", "data-timeline", name, "aria-pressed", "false", "title", say(`hint_${name}`)];
    buttons[name] = make("button", "quiet timeline-switch", attributes, [say(name)]);
  }
  const count = make("span", "timeline-count", []);
  const bar = make("div", "timeline-bar", [], [...SWITCHES.map((name) => buttons[name]), count, ...Object.keys(PLAIN).map((name) => buttons[name])]);
  const overview = make("canvas", "timeline-overview", ["aria-hidden", "true", "title", say("overview")]);
  const ruler = make("canvas", "timeline-ruler", ["aria-hidden", "true"]);
  const canvas = make("canvas", "timeline-canvas", ["aria-hidden", "true"]);
  const rows = make("div", "timeline-rows", []);
  const scroll = make("div", "timeline-scroll", ["tabindex", "0", "aria-label", say("label"), "aria-describedby", "timeline-keys"], [canvas, rows]);
  const empty = make("p", "empty", [], [say("empty")]);
  const keys = make("p", "visually-hidden", ["id", "timeline-keys"], [say("keys")]);
  const tip = make("div", "timeline-tip", ["role", "tooltip"]);
  tip.hidden = true;
  const view = make("div", "timeline-view", ["data-shown", "false", "data-chosen", ""], [bar, overview, ruler, scroll, empty, keys, tip]);
  region.replaceChildren(view);
  return { view, bar, buttons, count, overview, ruler, canvas, rows, scroll, empty, tip };
}

// The pen of a canvas of this size in CSS pixels, wiped. How high it is on the page is not written here: most are as high
// as the style sheet says, which is what `height` was read from.
export function sharpen(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d");
  if (canvas.width !== wide || canvas.height !== high) {
    [canvas.width, canvas.height] = [wide, high];
    canvas.style.setProperty("width", `${width}px`);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
