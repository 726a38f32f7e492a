// Python from a snapshot of its memory, made by setup/snapshot.mjs: everything that the page imports is there at once.
// Whatever does not fit raises, and the caller starts Python in the ordinary way. Of Pyodide this uses parts that are
// not documented (_loadSnapshot, restoreSnapshot, newDSO): its version is pinned, and e2e/test_snapshot.py knows them.
import parts from "../vendor/pyodide/parts.mjs";
import { compilePart, fetchPart, HOME } from "./guarded_load.mjs";
import { overlay, sideload } from "./sideload.mjs";

const WASM = "pyodide.asm.wasm";
const LIBRARY = "python_stdlib.zip";
const BEHIND = { priority: "low" }; // the page's own modules: one connection fills the line meanwhile, with the largest file
const NOTHING = new Uint8Array(0);
const LATER_MS = 3_000; // the line is left to the first events
const hasRun = new Promise((run) => addEventListener("py:done", run, { once: true }));

// Begin to fetch all that `restore` needs. `answers` are for Pyodide itself: it finds an empty standard library where all
// that the page imports is in the snapshot.
export function fetchSnapshot(snapshot) {
  const fetched = {
    answers: {
      [WASM]: compilePart(parts.files[WASM]),
      [LIBRARY]: (snapshot.open ? fetchPart(parts.files[LIBRARY]) : Promise.resolve(NOTHING)).then((bytes) => new Response(bytes)),
    },
    library: compilePart(snapshot.library),
    memory: fetchPart(snapshot.memory, BEHIND),
  };
  for (const each of [...Object.values(fetched.answers), fetched.library, fetched.memory]) each.catch(() => {}); // awaited later
  return fetched;
}

export async function restore(load, options, snapshot, { answers, library, memory }) {
  const found = {};
  let runtime;
  const pyodide = await load({
    ...options,
    packages: [], // they are in the snapshot
    _loadSnapshot: NOTHING, // the true one is put in below: it need not be there before Python's code is
    async createPyodideModule(settings) {
      const { default: create } = await import(`${HOME}pyodide.asm.mjs`);
      settings.preRun.push((module) => grow(module, snapshot.heap));
      settings.preRun.push(sideload(snapshot.layout.libraries.map(({ name }) => ({ name, module: library })), found));
      await answers[WASM]; // what fails here is told; what fails in Pyodide hangs
      runtime = await create(settings);
      compare(found, snapshot.layout);
      const { restoreSnapshot } = runtime.API;
      const bytes = await memory;
      overlay(bytes, found.ground);
      runtime.API.restoreSnapshot = () => {
        const state = restoreSnapshot(bytes);
        const [address, trampoline] = found.trampoline; // this engine's own
        runtime.HEAP32[address >>> 2] = trampoline;
        return state;
      };
      return runtime;
    },
  });
  const { loadedLibsByHandle, loadedLibsByName } = runtime.LDSO;
  for (const [name, handles] of Object.entries(snapshot.handles)) {
    for (const handle of handles) loadedLibsByHandle[handle] = loadedLibsByName[name];
  }
  pyodide.runPython("import random; random.seed(); del random"); // else every page would draw the same
  if (!snapshot.open) bringLibrary(pyodide, parts.files[LIBRARY]);
  return pyodide;
}

// Pyodide begins with a fixed heap, which does not grow by itself for a snapshot that is larger.
function grow(runtime, bytes) {
  if (bytes > runtime.HEAP8.length) runtime.growMemory(bytes);
}

function compare({ error, layout }, wanted) {
  if (error) throw error;
  const found = JSON.stringify(layout);
  if (found !== JSON.stringify(wanted)) throw new Error(`this engine lays out Python's memory as ${found}`);
}

// The standard library itself, for what a module imports later on; not on the way to the first event.
async function bringLibrary(pyodide, part) {
  try {
    await hasRun;
    await new Promise((later) => setTimeout(later, LATER_MS));
    pyodide.FS.writeFile("/lib/python314.zip", await fetchPart(part, BEHIND));
    pyodide.runPython("import importlib; importlib.invalidate_caches(); del importlib");
  } catch (error) {
    console.warn(`The standard library could not be loaded: ${error}`);
  }
}
