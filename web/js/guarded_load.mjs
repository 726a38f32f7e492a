// Pyodide checks its wheels by hash, but neither its wasm nor its standard library, and it waits for ever when
// its wasm cannot be had (missing, damaged, or forbidden by the CSP). So for as long as it loads we stand at its
// two ways out: what is a part of ours has its name and hash of parts.mjs, and the first failure ends the loading.
import parts from "../vendor/pyodide/parts.mjs";
import { counted, silentMs } from "./loading.mjs";

export const HOME = new URL("../vendor/pyodide/", import.meta.url).href;
const PATIENCE_MS = 90_000; // a load that hears nothing for so long hangs
const LOOK_MS = 1_000;

export async function fetchPart({ file, integrity, bytes }, options = {}) {
  const answer = await counted(fetch(new URL(file, HOME), { ...options, integrity }), bytes);
  if (!answer.ok) throw new Error(`${file} could not be loaded (${answer.status})`);
  return answer;
}

// `start` is called with the settings of a loadPyodide. `answers`: what was fetched already, by the name Pyodide
// asks for; a promise of a Response, or of a WebAssembly.Module in the place of the wasm.
export async function guarded(start, answers = {}) {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  let failed;
  const failure = new Promise((_, reject) => (failed = reject));
  const began = performance.now();
  const patience = setInterval(() => {
    if (Math.min(silentMs(), performance.now() - began) < PATIENCE_MS) return;
    failed(new Error("Python was not loaded: nothing came for 90 seconds."));
  }, LOOK_MS);
  globalThis.fetch = (resource, options) => {
    const name = String(resource).startsWith(HOME) ? String(resource).slice(HOME.length) : "";
    if (Object.hasOwn(answers, name)) return answers[name];
    if (!Object.hasOwn(parts.files, name)) return name ? counted(fetch(resource, options)) : fetch(resource, options);
    const { file, integrity, bytes } = parts.files[name];
    const answer = counted(fetch(HOME + file, { ...options, integrity }), bytes);
    answer.catch(async () => failed(new Error(await reason(HOME + file, name))));
    return answer;
  };
  WebAssembly.instantiateStreaming = (source, imports) => {
    const instance = instantiate(source, imports);
    instance.catch((error) => Promise.resolve(source).then(
      () => failed(new Error(`WebAssembly could not be loaded: ${error}`)),
      () => {}, // the fetch failed, and was told above
    ));
    return instance;
  };
  try {
    const lockFileURL = HOME + (parts.files["pyodide-lock.json"]?.file ?? "pyodide-lock.json");
    return await Promise.race([start({ indexURL: HOME, lockFileURL }), failure]);
  } finally {
    clearInterval(patience);
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }

  async function instantiate(source, imports) {
    const found = await source;
    if (!(found instanceof WebAssembly.Module)) return instantiateStreaming.call(WebAssembly, found, imports);
    return { module: found, instance: await WebAssembly.instantiate(found, imports) };
  }

  // A hash that does not fit and a network that does not answer are the same error to `fetch`.
  async function reason(url, name) {
    const answer = await fetch(url, { method: "HEAD" }).catch((error) => ({ statusText: String(error) }));
    if (answer.ok) return `${name} is not what was vendored: its SHA-256 differs. Run make setup.`;
    return `${name} could not be loaded (${answer.status ?? "network"} ${answer.statusText})`;
  }
}
