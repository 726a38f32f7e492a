// The interpreter as PyScript loads it: Pyodide from our own origin, telling the splash how far it is.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

export { version };

export async function loadPyodide(options = {}) {
  globalThis.flowglow?.progress("runtime");
  const pyodide = await load(options);
  globalThis.flowglow?.progress("packages");
  return pyodide;
}
