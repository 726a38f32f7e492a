// Loads dynamic libraries before Python uses its memory: only then do they lie at the same addresses in each run and
// in each engine, as a snapshot of that memory needs. The maker of the snapshot (setup/snapshot.mjs) and the page use
// this same code. `libraries`: [{name, module}]; where everything lies, and the memory so far, is told in `found`.
export function sideload(libraries, found) {
  return (runtime) => {
    runtime.addRunDependency("sideload");
    place(runtime, libraries, found)
      .catch((error) => (found.error = error))
      .finally(() => runtime.removeRunDependency("sideload"));
  };
}

async function place(runtime, libraries, found) {
  const table = runtime.wasmTable;
  const end = () => runtime.HEAPU32[runtime._emscripten_get_sbrk_ptr() >>> 2];
  // Python's trampoline has a slot in the table only where the engine can make one: elsewhere the slot stays empty.
  const trampoline = runtime.__PyRuntime + runtime.HEAP32[runtime.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2];
  found.trampoline = [trampoline, runtime.HEAP32[trampoline >>> 2]];
  const modules = await Promise.all(libraries.map(({ module }) => module));
  if (!found.trampoline[1]) table.grow(1);
  found.layout = { table: table.length, end: end(), libraries: [] };
  libraries.forEach(({ name }, index) => {
    const library = runtime.newDSO(name, undefined, "loading");
    library.refcount = Infinity;
    library.global = false;
    library.exports = runtime.loadWebAssemblyModule(modules[index], { nodelete: true }, name, {});
    found.layout.libraries.push({ name, table: table.length, end: end() });
  });
  found.ground = runtime.HEAPU32.slice(0, end() >>> 2);
  found.ground[trampoline >>> 2] = 0;
  found.layout.ground = checksum(found.ground);
}

// What the runtime and its libraries bring themselves need not be in a picture of the memory: laid over it, what is the
// same in both cancels out, and packs to nothing. Laid over it once more, the picture is whole.
export function overlay(picture, ground) {
  const [, start] = new Uint32Array(picture.buffer, 0, 2);
  const words = new Uint32Array(picture.buffer, start, ground.length);
  for (let index = 0; index < ground.length; index++) words[index] ^= ground[index];
}

function checksum(words) {
  let sum = 0;
  for (let index = 0; index < words.length; index++) sum = (Math.imul(sum, 31) + words[index]) | 0;
  return sum;
}
