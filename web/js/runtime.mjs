// The interpreter as PyScript loads it: Pyodide from our own origin, telling the splash how far it is.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

export { version };

const HOME = new URL("../vendor/pyodide/", import.meta.url).href;

export async function loadPyodide(options = {}) {
  globalThis.flowglow?.progress("runtime");
  const pyodide = await failing(load({ ...options, indexURL: HOME, lockFileURL: `${HOME}pyodide-lock.json` }));
  if (globalThis.flowglow) globalThis.flowglow.pyodide = pyodide;
  globalThis.flowglow?.progress("packages");
  return pyodide;
}

// Pyodide waits for ever when its wasm cannot be had (missing, damaged, or forbidden by the CSP): it is
// told by nobody. So we listen in on the one call that fails then, for as long as Pyodide loads.
function failing(loading) {
  const instantiate = WebAssembly.instantiateStreaming;
  let failed;
  const failure = new Promise((_, reject) => (failed = reject));
  WebAssembly.instantiateStreaming = (...args) => {
    const instance = instantiate.apply(WebAssembly, args);
    instance.catch((error) => failed(new Error(`WebAssembly could not be loaded: ${error}`)));
    return instance;
  };
  return Promise.race([loading, failure]).finally(() => (WebAssembly.instantiateStreaming = instantiate));
}
