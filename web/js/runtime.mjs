// The interpreter as PyScript loads it: Pyodide from our own origin, telling the splash how far it is.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";

export { version };

const HOME = new URL("../vendor/pyodide/", import.meta.url).href;

export async function loadPyodide(options = {}) {
  globalThis.flowglow?.progress("runtime");
  const pyodide = await load({ ...options, indexURL: HOME, lockFileURL: `${HOME}pyodide-lock.json` });
  globalThis.flowglow?.progress("packages");
  return pyodide;
}
