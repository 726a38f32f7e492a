// Boots the page: a splash that tells what happens, PyScript, and a readable panel when anything fails.
// Owns html[data-app] and globalThis.flowglow, the seam to Python:
//   progress(stage)       a stage began; `packages`, `app`…
//   ready()               the app runs: the splash goes
//   fail(key, detail)     the boot failed: the panel says so in the words of that key; a boot that comes to its end all the same takes it away
//   report(kind, detail)  an error from outside Python; once the app runs, the app's own reporter
//   wantsPlay()           whether the person who waits has pressed Play
//   life, supervise       of web/js/supervisor.mjs: Python may die and live again
const STAGES = { page: 8, runtime: 25, packages: 60, app: 85 }; // percent
const LOOK_MS = 1_000;
const STALL_MS = 15_000; // so long without a byte, though some are due: the person who waits is told
const SILENCE_MS = 60_000; // so long without a word, and nothing on its way: something hangs
const SLOW_MS = 2_000; // who waits longer is told that it will not be so each time

const root = document.documentElement;
const splash = document.getElementById("splash");
const panel = document.getElementById("boot-failure");
const noise = []; // what the console said of errors while we booted: PyScript writes tracebacks there only
const logError = console.error;
const words = document.getElementById("splash-stage");
const bytes = document.getElementById("splash-bytes");
const bar = document.getElementById("splash-bar");
const began = performance.now();
let stage = "";
let heardAt = began;
let onTheWay = 0;

let language = "en";
let megabytes = inMegabytes(); // of bytes, as that language writes it
let known = {}; // the words of that language by key; until they are here, and if they never come, index.html has its own

function inMegabytes() {
  const { format } = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return (count) => format(count / 1e6);
}

const say = (key, values = {}) => known[key]?.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function tell(element, key, values) {
  element.textContent = say(key, values) ?? element.textContent;
}

async function speak() {
  const [{ languages }, { WORDS }] = await Promise.all([import("./js/chosen.mjs"), import("./js/boot_words.mjs")]);
  language = languages().map((tag) => tag.toLowerCase().split("-")[0]).find((each) => each in WORDS) ?? language;
  known = WORDS[language];
  megabytes = inMegabytes();
  root.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) tell(element, element.dataset.word);
  bar.setAttribute("aria-label", say("start"));
}

const textOf = (error) => String(error?.stack || error?.message || error);

const VISITED = "flowglow.visited";
let isFirstVisit = false;
try {
  isFirstVisit = !localStorage.getItem(VISITED);
} catch {} // a browser may refuse: then nobody is promised anything

// Pressed while there is no flow yet: it is not lost, and can be taken back.
const play = document.getElementById("splash-play");
play.addEventListener("click", () => {
  const isWanted = play.ariaPressed !== "true";
  play.ariaPressed = String(isWanted);
  if (isWanted) tell(play, "plays");
  else tell(play, "play");
});
const wantsPlay = () => play.ariaPressed === "true";

const isBooting = () => root.dataset.app === "booting" && !root.dataset.restarting;

function progress(name) {
  heardAt = performance.now();
  if (!isBooting()) return;
  stage = name;
  tell(words, name);
  bar.value = Math.max(bar.value, STAGES[name]);
}

// A slow line is no failure while bytes flow, and one that stalls may go on.
document.addEventListener("loading", ({ detail: { came, total, open } }) => {
  heardAt = performance.now();
  onTheWay = open;
  if (!isBooting()) return;
  tell(words, stage);
  tell(bytes, total ? "bytes" : "bytes_only", { came: megabytes(came), total: megabytes(total) });
  if (total) bar.value = Math.max(bar.value, STAGES.page + (STAGES.packages - STAGES.page) * (came / total));
});

const watch = setInterval(() => {
  if (!isBooting()) return;
  const silence = performance.now() - heardAt;
  play.hidden = performance.now() - began < SLOW_MS;
  document.getElementById("splash-hint").hidden = !isFirstVisit || performance.now() - began < SLOW_MS;
  if (!onTheWay && silence > SILENCE_MS) fail("slow", say("silent", { stage: say(stage) }));
  if (onTheWay && silence > STALL_MS) tell(words, "stalled");
}, LOOK_MS);

function ready() {
  if (root.dataset.app === "ready") return;
  clearInterval(watch);
  console.error = logError;
  root.dataset.app = "ready";
  document.getElementById("page").inert = false;
  panel.hidden = true;
  splash.remove();
  try {
    if (isFirstVisit) localStorage.setItem(VISITED, "1");
  } catch {} // as above
}

function fail(key, detail) {
  if (root.dataset.app !== "booting" || root.dataset.restarting) return;
  console.error = logError;
  root.dataset.app = "failed";
  splash.hidden = true;
  panel.hidden = false;
  tell(document.getElementById("boot-failure-summary"), key);
  document.getElementById("boot-failure-detail").textContent = [detail, ...noise].filter(Boolean).join("\n\n");
  document.getElementById("boot-retry").focus();
}

function explain(text) {
  if (/sha-?256|integrity|checksum/i.test(text)) return "damaged";
  if (/Content Security Policy|unsafe-eval|wasm code generation|disallowed by embedder/i.test(text)) return "forbidden";
  if (/fetch|network|load|import|404|status/i.test(text)) return "missing";
  return "broken";
}

// Until the app has a reporter of its own, every stray error is a failure to boot.
function report(kind, detail) {
  fail(explain(detail), `${kind}: ${detail}`);
}

// No browser tells its page that a module was there, but of a type that it takes for no module.
async function wrongType(text) {
  const url = /\bhttps?:\/\/\S+\.m?js\b/.exec(text)?.[0];
  const answer = url && (await fetch(url, { method: "HEAD" }).catch(() => null));
  const type = answer?.ok ? (answer.headers.get("content-type") ?? "nothing") : "text/javascript";
  return /javascript/.test(type) ? "" : `\nThe server says that ${url} is ${type}. It must say text/javascript, or no browser takes it.`;
}

console.error = (...words) => {
  noise.push(words.map(textOf).join(" "));
  logError.apply(console, words);
};

globalThis.flowglow = { progress, ready, fail, report, wantsPlay };
const isEcho = (error) => Boolean(flowglow.isEcho?.(error));

addEventListener("error", (event) => {
  if (isEcho(event.error)) return event.preventDefault();
  if (event.target instanceof Element) {
    const url = event.target.src || event.target.href?.baseVal || event.target.href;
    wrongType(url).then((why) => flowglow.report("loading", `${url} could not be loaded (network or 404)${why}`));
  } else {
    flowglow.report("error", event.error ? textOf(event.error) : String(event.message));
  }
}, true);
addEventListener("unhandledrejection", (event) => {
  if (isEcho(event.reason)) return event.preventDefault();
  flowglow.report("unhandled rejection", textOf(event.reason));
});
addEventListener("securitypolicyviolation", (event) => {
  noise.push(`Content Security Policy: ${event.violatedDirective} refused ${event.blockedURI}`);
});

document.getElementById("boot-retry").addEventListener("click", () => location.reload());
document.getElementById("boot-copy").addEventListener("click", async (event) => {
  const text = `${location.href}\n${navigator.userAgent}\n${panel.innerText}`;
  try {
    await navigator.clipboard.writeText(text);
    tell(event.target, "copied");
  } catch {
    getSelection().selectAllChildren(panel);
  }
});

// A page that was set up for loopback, but is served from elsewhere, reaches no port of the visitor's machine.
function leaveLoopback() {
  if (["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) return;
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]').cloneNode();
  policy.content = policy.content.replace(/ (http|ws):\/\/(127\.0\.0\.1|localhost):\*/g, "");
  document.head.append(policy); // policies add up: this one can only forbid more
}

// PyScript looks at each change of the document for scripts and attributes of its own, and searches all that comes. What it
// runs here stands in the page when it starts, so it is told of the document's own children alone. (It stays connected.)
async function unwatched(load) {
  const { MutationObserver } = globalThis;
  globalThis.MutationObserver = class extends MutationObserver {
    observe(target, options) {
      super.observe(target, target === document ? { childList: true } : options);
    }
  };
  try {
    return await load();
  } finally {
    globalThis.MutationObserver = MutationObserver;
  }
}

leaveLoopback();
progress("page");
try {
  await speak();
  const names = [
    "icons", "make", "draw", "supervisor", "layout", "watch", "nodes", "marks", "viewport", "guarded", "panels", "stream", "html",
    "clipboard", "http", "socket", "frames", "timeline", "values", "early", "keyboard", "focus", "host",
  ];
  const storage = import("./js/storage.mjs").then(({ ensureStorage }) => ensureStorage());
  Object.assign(flowglow, ...(await Promise.all(names.map((name) => import(`./js/${name}.mjs`)))));
  flowglow.openEarly();
  await storage;
  const { hooks } = await unwatched(() => import("./vendor/pyscript/core.js"));
  // This hook evaluates text, which the CSP forbids; the page uses no workers.
  hooks.worker.onBeforeRunAsync.clear();
  hooks.main.onReady.add(() => progress("app"));
} catch (error) {
  report("import", textOf(error) + (await wrongType(textOf(error))));
}
// main.py has run: if it did not say that it is ready, it raised.
addEventListener("py:done", () => {
  if (root.dataset.app === "booting") fail("broken", noise.length ? "" : say("wordless"));
});
