// Boots the page: a splash that tells what happens, PyScript, and a readable panel when anything fails.
// Owns html[data-app] and globalThis.flowglow, the seam to Python:
//   progress(stage)       a stage began; `packages`, `app`…
//   ready()               the app runs: the splash goes
//   fail(summary, detail) the boot failed: the panel says so; a boot that comes to its end all the same takes it away
//   report(kind, detail)  an error from outside Python; once the app runs, the app's own reporter
//   life, supervise       of web/js/supervisor.mjs: Python may die and live again
const STAGES = {
  page: ["Loading the page", 8],
  runtime: ["Starting Python", 25],
  packages: ["Loading packages", 60],
  app: ["Starting the app", 85],
};
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

const textOf = (error) => String(error?.stack || error?.message || error);

const VISITED = "flowglow.visited";
let isFirstVisit = false;
try {
  isFirstVisit = !localStorage.getItem(VISITED);
} catch {} // a browser may refuse: then nobody is promised anything

const isBooting = () => root.dataset.app === "booting" && !root.dataset.restarting;

function progress(name) {
  heardAt = performance.now();
  if (!isBooting()) return;
  const [said, percent] = STAGES[name];
  stage = said;
  words.textContent = said;
  bar.value = Math.max(bar.value, percent);
}

// A slow line is no failure while bytes flow, and one that stalls may go on.
document.addEventListener("loading", ({ detail: { came, total, open } }) => {
  heardAt = performance.now();
  onTheWay = open;
  if (!isBooting()) return;
  words.textContent = stage;
  const megabytes = (count) => (count / 1e6).toFixed(1);
  bytes.textContent = total ? `${megabytes(came)} of ${megabytes(total)} MB` : `${megabytes(came)} MB`;
  if (total) bar.value = Math.max(bar.value, STAGES.page[1] + (STAGES.packages[1] - STAGES.page[1]) * (came / total));
});

const watch = setInterval(() => {
  if (!isBooting()) return;
  const silence = performance.now() - heardAt;
  document.getElementById("splash-hint").hidden = !isFirstVisit || performance.now() - began < SLOW_MS;
  if (!onTheWay && silence > SILENCE_MS) fail("Starting takes far longer than it should.", `Nothing happened for 60 s after: ${stage}.`);
  if (onTheWay && silence > STALL_MS) words.textContent = "Nothing has come for a while. It goes on by itself once your network does.";
}, LOOK_MS);

function ready() {
  if (root.dataset.app === "ready") return;
  clearInterval(watch);
  console.error = logError;
  root.dataset.app = "ready";
  document.getElementById("page").inert = false;
  panel.hidden = true;
  splash.remove();
  if (isFirstVisit) localStorage.setItem(VISITED, "1");
}

function fail(summary, detail) {
  if (root.dataset.app !== "booting" || root.dataset.restarting) return;
  console.error = logError;
  root.dataset.app = "failed";
  splash.hidden = true;
  panel.hidden = false;
  document.getElementById("boot-failure-summary").textContent = summary;
  document.getElementById("boot-failure-detail").textContent = [detail, ...noise].filter(Boolean).join("\n\n");
  document.getElementById("boot-retry").focus();
}

function explain(text) {
  if (/sha-?256|integrity|checksum/i.test(text)) return "A file of the page is damaged or was changed.";
  if (/Content Security Policy|unsafe-eval|wasm code generation|disallowed by embedder/i.test(text)) return "The browser is not allowed to run WebAssembly here.";
  if (/fetch|network|load|import|404|status/i.test(text)) return "A file that the page needs could not be loaded.";
  return "The app could not start.";
}

// Until the app has a reporter of its own, every stray error is a failure to boot.
function report(kind, detail) {
  fail(explain(detail), `${kind}: ${detail}`);
}

console.error = (...words) => {
  noise.push(words.map(textOf).join(" "));
  logError.apply(console, words);
};

globalThis.flowglow = { progress, ready, fail, report };
const isEcho = (error) => Boolean(flowglow.isEcho?.(error));

addEventListener("error", (event) => {
  if (isEcho(event.error)) return event.preventDefault();
  if (event.target instanceof Element) {
    const url = event.target.src || event.target.href?.baseVal || event.target.href;
    flowglow.report("loading", `${url} could not be loaded (network or 404)`);
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
    event.target.textContent = "Copied";
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

leaveLoopback();
progress("page");
try {
  const names = [
    "icons", "make", "supervisor", "layout", "watch", "viewport", "guarded", "panels", "stream", "html", "clipboard", "http",
    "frames", "timeline", "values",
  ];
  const storage = import("./js/storage.mjs").then(({ ensureStorage }) => ensureStorage());
  Object.assign(flowglow, ...(await Promise.all(names.map((name) => import(`./js/${name}.mjs`)))));
  await storage;
  const { hooks } = await import("./vendor/pyscript/core.js");
  // This hook evaluates text, which the CSP forbids; the page uses no workers.
  hooks.worker.onBeforeRunAsync.clear();
  hooks.main.onReady.add(() => progress("app"));
} catch (error) {
  report("import", textOf(error));
}
// main.py has run: if it did not say that it is ready, it raised.
addEventListener("py:done", () => {
  if (root.dataset.app === "booting") fail("The app could not start.", noise.length ? "" : "main.py ended without a word.");
});
