// Loads dynamic libraries before Python uses its memory: only then do they lie at the same addresses in each run and
// in each engine, as a snapshot of that memory needs. The maker of the snapshot (setup/snapshot.mjs) and the page use
// this same code. `libraries`: [{name, module}]; where everything lies is told in `found`.
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
}
