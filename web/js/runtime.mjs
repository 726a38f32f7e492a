// The interpreter as PyScript loads it: Pyodide from our own origin, telling the splash how far it is. From a snapshot
// of its memory where there is one that fits, else in the ordinary way.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";
import built from "../built/parts.mjs";
import { guarded, fetchPart, HOME } from "./guarded_load.mjs";
import { fetchSnapshot, restore } from "./snapshot.mjs";

export { version };

// Pyodide would run each step of asyncio on a stack of its own (JSPI), so that Python could wait for JavaScript in the
// midst of a call, which nothing here does. Chromium's garbage collection may crash the tab while such a stack is in use.
for (const name of ["Suspending", "promising", "SuspendError", "Suspender"]) Reflect.deleteProperty(WebAssembly, name);

const PYTHON_HOME = "/home/pyodide";
let early = built.snapshot && fetchSnapshot(built.snapshot); // under way while PyScript is still being loaded

export async function loadPyodide(options = {}) {
  globalThis.flowglow?.progress("runtime");
  const pyodide = (await fromSnapshot(options)) ?? (await ordinary(options));
  globalThis.flowglow?.progress("packages");
  globalThis.flowglow?.supervise?.(pyodide, () => loadPyodide(options));
  return pyodide;
}

// Undefined when there is no snapshot, or anything about it is not as it must be.
async function fromSnapshot(options) {
  if (!built.snapshot) return undefined;
  const fetched = early ?? fetchSnapshot(built.snapshot);
  early = null;
  try {
    return await guarded((settings) => restore(load, { ...options, ...settings }, built.snapshot, fetched), fetched.answers);
  } catch (error) {
    console.warn(`Python starts in the ordinary way, as its snapshot cannot be used: ${error?.message || error}`);
    return undefined;
  }
}

async function ordinary(options) {
  const pyodide = await guarded((settings) => load({ ...options, ...settings }));
  if (built.bundle) {
    pyodide.unpackArchive(await fetchPart(built.bundle), "zip", { extractDir: PYTHON_HOME });
  }
  return pyodide;
}
