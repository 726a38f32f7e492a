// Pyodide checks its wheels by hash, but neither its wasm nor its standard library, and it waits for ever when
// its wasm cannot be had (missing, damaged, or forbidden by the CSP). So for as long as it loads we stand at its
// two ways out: what is a part of ours has its name and hash of parts.mjs, and the first failure ends the loading.
import parts from "../vendor/pyodide/parts.mjs";
import { counted, silentMs } from "./loading.mjs";

export const HOME = new URL("../vendor/pyodide/", import.meta.url).href;
const { fetch } = globalThis; // the browser's own, also while `guarded` stands in its place
const PATIENCE_MS = 90_000; // a load that hears nothing for so long hangs
const LOOK_MS = 1_000;

// All the bytes of a part, once they are what they must be. A browser that is told a hash hands over nothing before all is
// there, so where it can tell one itself (in a secure context) it is asked for that: what comes is counted meanwhile, and
// `begun` may already work on a copy of the answer.
export async function fetchPart({ file, integrity, bytes: size }, options, begun) {
  const { subtle } = crypto;
  const asked = fetch(new URL(file, HOME), subtle ? options : { ...options, integrity });
  const { answer, bytes } = await counted(asked, size, begun);
  if (!bytes) throw new Error(`${file} could not be loaded (${answer.status})`);
  if (subtle && integrity !== sha256(await subtle.digest("SHA-256", bytes))) throw changed(file);
  return bytes;
}

// A part that is WebAssembly, compiled while it comes, and given out once it is what it must be.
export async function compilePart(part, options) {
  let module;
  await fetchPart(part, options, (answer) => {
    module = WebAssembly.compileStreaming(answer.clone());
    module.catch(() => {}); // told to who awaits it
  });
  return module;
}

const sha256 = (digest) => `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
const changed = (name) => new Error(`${name} is not what was vendored: its SHA-256 differs. Run make setup.`);
const whole = (bytes, headers) => new Response(bytes, { headers });

// `start` is called with the settings of a loadPyodide. `answers`: what was fetched already, by the name Pyodide
// asks for; a promise of a Response, or of a WebAssembly.Module in the place of the wasm.
export async function guarded(start, answers = {}) {
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
    if (!Object.hasOwn(parts.files, name)) return name ? wheel(resource, options) : fetch(resource, options);
    const kind = name.endsWith(".wasm") ? { "content-type": "application/wasm" } : {};
    const answer = fetchPart(parts.files[name], options).then((bytes) => whole(bytes, kind));
    answer.catch(async (error) => failed(error instanceof TypeError ? await reason(parts.files[name].file) : error));
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

  // Pyodide gives its hash in `options`.
  async function wheel(resource, options) {
    const { answer, bytes } = await counted(fetch(resource, options));
    return bytes ? whole(bytes, answer.headers) : answer;
  }

  // A network that does not answer and, where the browser checks it, a hash that does not fit are the same error.
  async function reason(file) {
    const answer = await fetch(HOME + file, { method: "HEAD" }).catch((error) => ({ statusText: String(error) }));
    if (answer.ok) return changed(file);
    return new Error(`${file} could not be loaded (${answer.status ?? "network"} ${answer.statusText})`);
  }
}
