// The supervisor: when Python dies (a fatal error of its runtime), it is started again, without a load of the page.
// Owns flowglow.life, what Python holds on to outside itself, and what its next life must know:
//   signal       aborted when this life ends: every listener that was added with it is gone at once;
//                `listening` and `capturing` are the options to add one with
//   sockets      those that are open; closed with this life
//   memory       plain data that outlives Python: the settings, the flow, the runs
//   number       1 for the life that PyScript began
// PyScript keeps one interpreter a page and cannot be asked for another: later lives are begun here.
// A life that ran and died is a death. A start that fails or hangs is none: it is tried again for ever.
const MOST = 3; // restarts; after the next death a person must load the page
const FORGET_MS = 600_000; // a life this long has paid for the deaths before it
const AGAIN_MS = [1_000, 2_000, 5_000, 10_000, 30_000]; // before the second start, the third…; the last one stays
const HOME = "/home/pyodide";
const DEAD = /fatally failed|pyodide_fatal_error|memory access out of bounds|null function|unreachable/i;

class Life {
  #controller = new AbortController();
  signal = this.#controller.signal;
  listening = { signal: this.signal };
  capturing = { capture: true, signal: this.signal };
  sockets = new Set();
  began = performance.now();

  constructor(number, memory) {
    this.number = number;
    this.memory = memory;
  }

  end() {
    this.#controller.abort();
    for (const socket of this.sockets) socket.close();
    this.sockets.clear();
  }
}

let deaths = 0;
let dead = false; // between a death and the next life: what still falls over the old one is no news
const root = document.documentElement;
const notice = () => document.getElementById("runtime");

export const life = new Life(1, {});

// Stand by: `pyodide` runs now, and `start` begins another one like it.
export function supervise(pyodide, start) {
  const { FS } = pyodide; // its files outlive it
  flowglow.pyodide = pyodide;
  pyodide._api.on_fatal = (error) => {
    if (!dead && root.dataset.app === "ready") died(FS, start, error);
  };
}

// Whether an error is only an echo of the death.
export const isEcho = (error) => Boolean(error?.pyodide_fatal_error) || (dead && DEAD.test(String(error?.message || error)));

function died(FS, start, error) {
  const before = flowglow.life;
  deaths = performance.now() - before.began > FORGET_MS ? 1 : deaths + 1;
  root.dataset.restarting = deaths;
  root.dataset.app = deaths > MOST ? "failed" : "booting"; // the page around is told of the former (host.mjs)
  bury(before);
  if (deaths > MOST) return say(flowglow.words.pythonGone, loadButton());
  say(flowglow.words.pythonRestarts);
  const next = { number: before.number + 1, memory: { ...before.memory, died: String(error?.message || error) } };
  // a fresh task: the dead one is still on the stack
  setTimeout(() => begin(FS, start, next, 0), 0);
}

// Nothing of this life goes on.
function bury(life) {
  dead = true;
  flowglow.report = () => {}; // nobody is there to hear it; the console has it
  life.end();
  const last = setTimeout(() => {});
  for (let id = 1; id <= last; id++) clearTimeout(id); // they would call into the dead
}

// Begin the next life; `tries` starts of it have failed. One that hangs fails too: runtime.mjs sees to that.
async function begin(FS, start, next, tries) {
  flowglow.life = new Life(next.number, next.memory);
  try {
    const pyodide = await start();
    copy(FS, pyodide.FS, HOME);
    dead = false;
    pyodide.pyimport("pyapp.browser.entry").start();
    delete root.dataset.restarting;
    notice().hidden = true;
  } catch (error) {
    console.warn(`Python could not be started again, and is tried again: ${error}`);
    bury(flowglow.life);
    setTimeout(() => begin(FS, start, next, tries + 1), AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
  }
}

// The files that PyScript fetched for the first life.
function copy(from, to, folder) {
  for (const name of from.readdir(folder)) {
    const path = `${folder}/${name}`;
    if (name.startsWith(".")) continue;
    if (from.isDir(from.stat(path).mode)) {
      to.mkdirTree(path);
      copy(from, to, path);
    } else {
      to.writeFile(path, from.readFile(path));
    }
  }
}

function say(...words) {
  notice().replaceChildren(...words);
  notice().hidden = false;
}

function loadButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "primary";
  button.textContent = flowglow.words.loadPage;
  button.addEventListener("click", () => location.reload());
  return button;
}
