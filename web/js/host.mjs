// The window that shows this page in its frame: what comes from there, and what goes there. Python decides who may speak
// (pyapp/live/embed); here nothing is read. What comes before Python listens is kept, within bounds.
import { expectLoad } from "./kept.mjs";

const MARK = '{"flowglow"'; // how a message that is meant for us begins; all others are other people's
const MOST_KEPT = 20;
const LEAST_HEIGHT = 460; // a card that waits for a person is seen with its buttons, or nearly
const LEAST_ON_A_PHONE = 600; // there the page has tabs of its own below
const MOST_HEIGHT = 2_000;

let kept = [];
let around; // the origin of the window around, once it has spoken
let told = null;

// Who speaks is what the browser says, never what the message says. An origin that is kept from us is "null".
function heard({ data, origin, source, ports }) {
  if (typeof data !== "string" || !data.startsWith(MARK)) return;
  if (source === parent) around = origin;
  const knock = [origin, source === parent, data, ports.length === 1 ? ports[0] : null];
  if (told) told(...knock);
  else if (kept.length < MOST_KEPT) kept.push(knock);
}

// The origin of the window around, once it has spoken; the browser vouches for it.
export const parentOrigin = () => around;

// Say that this page is here, to whoever it is: nothing in it is anybody's secret.
function sayHello(state) {
  parent.postMessage(JSON.stringify({ flowglow: "v1", type: "hello", ...state }), "*");
}

export function onKnock(listener) {
  told = listener;
  const waiting = kept;
  kept = [];
  for (const knock of waiting) listener(...knock);
  const end = () => {
    if (told === listener) told = null;
  };
  flowglow.life.signal.addEventListener("abort", end, { once: true }); // Python died: the next life listens anew
  return end;
}

export const greet = (acts) => sayHello({ listens: true, acts });

export function hearPort(port, received) {
  port.onmessage = ({ data }) => received(data);
  flowglow.life.signal.addEventListener("abort", () => closePort(port), { once: true });
}

export function closePort(port) {
  port.onmessage = null;
  port.close();
}

// Parts of the page that are left out: the style sheets do it (web/css/embed.css). A tab that is gone is not in front.
export function hideParts(names) {
  document.documentElement.dataset.hide = names.join(" ");
  for (const list of document.querySelectorAll('[role="tablist"]')) {
    const tabs = [...list.querySelectorAll('[role="tab"]')];
    const isLeft = (tab) => !names.includes(tab.getAttribute("aria-controls").replace("panel-", ""));
    const front = tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    if (front && !isLeft(front)) tabs.find(isLeft)?.click();
  }
  dispatchEvent(new Event("resize"));
}

const LOOKS = {
  accent: ["--blue"],
  "on-accent": ["--on-accent"],
  background: ["--surface-0", "--canvas"],
  surface: ["--surface-1"],
  text: ["--ink-1"],
  muted: ["--ink-2", "--ink-3"],
  line: ["--line"],
  font: ["--font"],
  radius: ["--radius-2"],
};

// Looks that go over those of tokens.css, [[name, value]…]; what is not named is the page's own again.
export function styleAs(looks) {
  const given = new Map(looks);
  const { style } = document.documentElement;
  for (const [name, properties] of Object.entries(LOOKS)) {
    for (const property of properties) {
      if (given.has(name)) style.setProperty(property, given.get(name));
      else style.removeProperty(property);
    }
  }
}

let coming = null; // the language of the load that is on its way: the last wish counts

export function speakLanguage(language) {
  const named = new URL(location.href).searchParams.get("lang"); // it was loaded with it, and may not speak it
  if ((coming ? [coming] : [flowglow.words.language, named]).includes(language)) return;
  coming = language;
  expectLoad();
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  location.replace(address);
}

// The height at which the flow is seen at the page's own width, and all around it: what is not the canvas, and the canvas
// as high as the world is when its width is seen.
function wantedHeight() {
  const canvas = document.getElementById("canvas");
  const [width, height] = flowglow.viewport.world;
  if (!canvas.clientHeight) return 0; // behind a tab
  const scale = Math.min(1, canvas.clientWidth / width);
  const least = matchMedia("(max-width: 45em)").matches ? LEAST_ON_A_PHONE : LEAST_HEIGHT;
  const around = document.getElementById("page").offsetHeight - canvas.clientHeight;
  return Math.round(Math.min(MOST_HEIGHT, Math.max(least, around + height * scale + flowglow.viewport.below)));
}

export function onHeight(listener) {
  let last = 0;
  const look = () => {
    const wanted = wantedHeight();
    if (!wanted || Math.abs(wanted - last) < 2) return;
    last = wanted;
    listener(wanted);
  };
  const observer = new ResizeObserver(look);
  observer.observe(document.getElementById("canvas"));
  const worlds = new MutationObserver(look); // another flow
  worlds.observe(document.getElementById("canvas"), { childList: true });
  look();
  return () => {
    observer.disconnect();
    worlds.disconnect();
  };
}

const isSpeaking = parent !== window && /^v\d/.test(new URLSearchParams(location.search).get("embed") ?? "");
if (isSpeaking) {
  addEventListener("message", heard);
  const root = document.documentElement;
  const sayHow = () => sayHello({ listens: false, ...(root.dataset.app === "failed" && { failed: true }) });
  new MutationObserver(() => root.dataset.app === "failed" && sayHow()).observe(root, { attributeFilter: ["data-app"] });
  sayHow();
}
