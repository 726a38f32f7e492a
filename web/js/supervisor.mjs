// The supervisor: when Python dies (a fatal error of its runtime), it is started again, without a load of the page.
// Owns flowglow.life, what Python holds on to outside itself, and what its next life must know:
//   signal       aborted when this life ends: every listener that was added with it is gone at once;
//                `listening` and `capturing` are the options to add one with
//   sockets      those that are open; closed with this life
//   memory       plain data that outlives Python: the settings, the flow, the runs
//   number       1 for the life that PyScript began
// PyScript keeps one interpreter a page and cannot be asked for another: later lives are begun here.
const MOST = 3; // restarts; after the next death a person must load the page
const FORGET_MS = 600_000; // a life this long has paid for the deaths before it
const AGAIN_MS = 2_000; // a life that could not begin is tried again after this
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
    if (!dead && root.dataset.app === "ready") restart(FS, start, error);
  };
}

// Whether an error is only an echo of the death.
export const isEcho = (error) => Boolean(error?.pyodide_fatal_error) || (dead && DEAD.test(String(error?.message || error)));

function restart(FS, start, error) {
  dead = true;
  const before = flowglow.life;
  before.end();
  const last = setTimeout(() => {});
  for (let id = 1; id <= last; id++) clearTimeout(id); // they would call into the dead
  deaths = performance.now() - before.began > FORGET_MS ? 1 : deaths + 1;
  root.dataset.restarting = deaths;
  root.dataset.app = "booting";
  const died = String(error?.message || error);
  if (deaths > MOST) {
    return say(flowglow.words.pythonGone, loadButton());
  }
  say(flowglow.words.pythonRestarts);
  // a fresh task: the dead one is still on the stack
  setTimeout(() => begin(FS, start, before, died), 0);
}

async function begin(FS, start, before, died) {
  try {
    flowglow.life = new Life(before.number + 1, { ...before.memory, died });
    const pyodide = await start();
    copy(FS, pyodide.FS, HOME);
    dead = false;
    pyodide.pyimport("pyapp.browser.entry").start();
    delete root.dataset.restarting;
    notice().hidden = true;
  } catch (error) {
    dead = true;
    setTimeout(() => restart(FS, start, error), AGAIN_MS);
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
