// The interpreter as PyScript loads it: Pyodide from our own origin, telling the splash how far it is.
import { loadPyodide as load, version } from "../vendor/pyodide/pyodide.mjs";
import integrity from "../vendor/pyodide/integrity.mjs";

export { version };

const PATIENCE_MS = 90_000; // a load that takes longer hangs
const HOME = new URL("../vendor/pyodide/", import.meta.url).href;

export async function loadPyodide(options = {}) {
  globalThis.flowglow?.progress("runtime");
  const pyodide = await guarded(() => load({ ...options, indexURL: HOME, lockFileURL: `${HOME}pyodide-lock.json` }));
  globalThis.flowglow?.progress("packages");
  globalThis.flowglow?.supervise?.(pyodide, () => loadPyodide(options));
  return pyodide;
}

// Pyodide checks its wheels by hash, but neither its wasm nor its standard library, and it waits for ever when
// its wasm cannot be had (missing, damaged, or forbidden by the CSP). So for as long as it loads we stand at its
// two ways out: the browser checks what has a hash, and the first failure of either ends the loading.
async function guarded(start) {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  let failed;
  const failure = new Promise((_, reject) => (failed = reject));
  const patience = setTimeout(() => failed(new Error("Python was not loaded within 90 seconds.")), PATIENCE_MS);
  globalThis.fetch = (resource, options) => {
    const name = String(resource).startsWith(HOME) ? String(resource).slice(HOME.length) : "";
    if (!Object.hasOwn(integrity, name)) return fetch(resource, options);
    const answer = fetch(resource, { ...options, integrity: integrity[name] });
    answer.catch(async () => failed(new Error(await reason(resource, name))));
    return answer;
  };
  WebAssembly.instantiateStreaming = (...args) => {
    const instance = instantiateStreaming.apply(WebAssembly, args);
    instance.catch((error) => Promise.resolve(args[0]).then(
      () => failed(new Error(`WebAssembly could not be loaded: ${error}`)),
      () => {}, // the fetch failed, and was told above
    ));
    return instance;
  };
  try {
    return await Promise.race([start(), failure]);
  } finally {
    clearTimeout(patience);
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }

  // A hash that does not fit and a network that does not answer are the same error to `fetch`.
  async function reason(url, name) {
    const answer = await fetch(url, { method: "HEAD" }).catch((error) => ({ statusText: String(error) }));
    if (answer.ok) return `${name} is not what was vendored: its SHA-256 differs. Run make setup.`;
    return `${name} could not be loaded (${answer.status ?? "network"} ${answer.statusText})`;
  }
}
