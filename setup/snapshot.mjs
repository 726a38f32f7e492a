// Takes a picture of the memory of a Pyodide that has imported what the page imports, so that the page need not.
// Usage: node snapshot.mjs <JSON of {pyodide, site, home, pyscript, modules, mayChange, target}>: folders with
// pyodide.mjs, with the unpacked wheels and with our own code; PyScript's Python; what to import, and whether it may be
// another code in the page; the file to write. Beside it comes target.json, which says where everything lies in it.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { overlay, sideload } from "../web/js/sideload.mjs";

const HOME = "/home/pyodide";
const STUB = new Uint8Array(8); // in the place of a library's file, which is loaded already
const job = JSON.parse(process.argv[2]);
const folder = pathToFileURL(`${job.pyodide}/`).href;
const { loadPyodide } = await import(`${folder}pyodide.mjs`);
const { default: create } = await import(`${folder}pyodide.asm.mjs`);
const found = {};
let libraries = [];

const pyodide = await loadPyodide({
  _makeSnapshot: true,
  fsInit(FS, { sitePackages }) {
    copy(FS, job.site, sitePackages);
    copy(FS, job.home, HOME);
  },
  createPyodideModule(settings) {
    const site = "/lib/python3.14/site-packages";
    libraries = readdirSync(job.site, { recursive: true }).filter((name) => name.endsWith(".so")).map((name) => ({
      name: `${site}/${name}`,
      module: WebAssembly.compile(readFileSync(`${job.site}/${name}`)),
    }));
    settings.preRun.push((module) => (found.firstHeap = module.HEAP8.length), sideload(libraries, found));
    return create(settings);
  },
});
if (found.error) throw found.error;
const runtime = pyodide._module;
const space = pyodide.runPython("dict()"); // what is in it is not seen by the page
space.set("sources", readFileSync(job.pyscript, "utf8").replace(/^[^{]*|[^}]*$/g, ""));
space.set("names", JSON.stringify(job.modules));
space.set("may_change", job.mayChange);
pyodide.runPython(readFileSync(new URL("snapshot_contents.py", import.meta.url), "utf8"), {
  globals: space,
  filename: "snapshot_contents.py",
});
space.destroy();
for (const name of Object.keys(pyodide.loadedPackages)) delete pyodide.loadedPackages[name]; // Pyodide wants it empty
const end = clearFreeMemory();
write(pyodide.makeMemorySnapshot(), end);

// With zeros in what is free, the picture packs better. The end of what is in use.
function clearFreeMemory() {
  const end = () => runtime.HEAPU32[runtime._emscripten_get_sbrk_ptr() >>> 2];
  const taken = [];
  for (let size = 1 << 20; size >= 32; size >>= 1) {
    for (;;) {
      const before = end();
      const address = runtime._malloc(size);
      if (address) taken.push(address);
      if (!address || end() !== before) break; // nothing free of this size is left
      runtime.HEAPU8.fill(0, address, address + size);
    }
  }
  for (const address of taken) runtime._free(address);
  return end();
}

function write(picture, end) {
  const [, start] = new Uint32Array(picture.buffer, 0, 2);
  const handles = {};
  for (const [handle, { name }] of Object.entries(runtime.LDSO.loadedLibsByHandle)) {
    if (Number(handle)) (handles[name] ??= []).push(Number(handle));
  }
  const heap = Math.ceil(end / 65_536) * 65_536;
  overlay(picture, found.ground);
  writeFileSync(job.target, picture.subarray(0, start + end));
  writeFileSync(`${job.target}.json`, JSON.stringify({ firstHeap: found.firstHeap, heap, handles, layout: found.layout }));
}

function copy(FS, from, to) {
  FS.mkdirTree(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (entry.isDirectory()) copy(FS, source, target);
    else FS.writeFile(target, entry.name.endsWith(".so") ? STUB : readFileSync(source));
  }
}
