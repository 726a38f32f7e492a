// Re-packs zips of Python sources as zips of byte code, compiled by the Pyodide that will load them.
// Usage: node bytecode.mjs <pyodide.mjs> <JSON list of {from, to, prefix}>
// Most of a stock boot is Pyodide parsing .py files; this takes it out. File names and line numbers stay.
import { pathToFileURL } from "node:url";

const [, , runtime, jobs] = process.argv;
const { loadPyodide } = await import(pathToFileURL(runtime).href);
const pyodide = await loadPyodide();
pyodide.FS.mkdirTree("/host");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: "/" }, "/host");
pyodide.globals.set("jobs", jobs);
pyodide.runPython(`
import importlib._bootstrap_external as loader
import json, zipfile, _imp

EPOCH = (1980, 1, 1, 0, 0, 0)   # the same bytes every time

def compiled(source, name):
    code = compile(source, name, "exec", dont_inherit=True)
    digest = _imp.source_hash(_imp.pyc_magic_number_token, source)
    return loader._code_to_hash_pyc(code, digest, False)   # unchecked: never compared with a source

def repack(source, target, prefix):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for item in sorted(old.infolist(), key=lambda each: each.filename):
            name, data = item.filename, old.read(item)
            if item.is_dir() or name.endswith(".pyi"):
                continue
            if name.endswith(".py"):
                try:
                    name, data = name + "c", compiled(data, prefix + name)
                except SyntaxError:
                    pass   # test data of the library that is no Python: kept as it is
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, data)

for job in json.loads(jobs):
    repack("/host" + job["from"], "/host" + job["to"], job["prefix"])
`);
