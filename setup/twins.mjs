// Writes name.br, name.zst and name.gz beside each file that they make smaller; .zst only where it is the smallest: a
// browser that knows it knows brotli, too. What was packed once lies in the cache, by its content, and is not packed again.
// Usage: node twins.mjs <folder> <cache>
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, threadId, Worker } from "node:worker_threads";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const SELF = fileURLToPath(import.meta.url);
const SMALLER = 0.95; // what gains less is not worth a file, and not the time to try another way
const KEPT_MS = 7 * 24 * 3600 * 1000; // what no build has used for so long goes from the cache
const ways = {
  br: (bytes) => brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }),
  zst: (bytes) => zstdCompressSync(bytes, {
    // browsers refuse a window of more than 8 MB
    params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: Math.min(23, 10 + Math.ceil(Math.log2(bytes.length / 1024 + 1))) },
  }),
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
};

// Packs one file in one way, unless that was done before; how long it is then. `kept` is where it lies.
function pack({ path, way, kept }) {
  if (!existsSync(kept)) {
    writeFileSync(`${kept}.${threadId}`, ways[way](readFileSync(path)));
    renameSync(`${kept}.${threadId}`, kept); // whole, or not there
  }
  const now = new Date();
  utimesSync(kept, now, now);
  return statSync(kept).size;
}

function workers(count) {
  const idle = Array.from({ length: count }, () => new Worker(SELF));
  const waiting = [];
  const next = () => {
    if (!idle.length || !waiting.length) return;
    const [worker, { job, done, failed }] = [idle.pop(), waiting.shift()];
    worker.once("error", failed);
    worker.once("message", (length) => {
      worker.off("error", failed);
      idle.push(worker);
      done(length);
      next();
    });
    worker.postMessage(job);
  };
  const run = (job) => new Promise((done, failed) => {
    waiting.push({ job, done, failed });
    next();
  });
  return { run, end: () => idle.forEach((worker) => worker.terminate()) };
}

// The twins of one file. Of what gzip hardly makes smaller, no other is tried: it is packed already.
async function twins(path, cache, run) {
  const bytes = readFileSync(path);
  const digest = createHash("sha256").update(readFileSync(SELF)).update(bytes).digest("hex");
  const packed = async (way) => {
    const kept = `${cache}/${digest}.${way}`;
    return { way, kept, length: await run({ path, way, kept }) };
  };
  const first = await packed("gz");
  if (first.length >= bytes.length * SMALLER) return;
  const [br, zst] = await Promise.all([packed("br"), packed("zst")]);
  for (const { way, kept, length } of zst.length < br.length ? [first, br, zst] : [first, br]) {
    if (length < bytes.length * SMALLER) copyFileSync(kept, `${path}.${way}`);
  }
}

async function main(folder, cache) {
  mkdirSync(cache, { recursive: true });
  const files = readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`).filter((path) => statSync(path).isFile());
  files.sort((one, other) => statSync(other).size - statSync(one).size); // what takes longest is begun first
  const { run, end } = workers(availableParallelism());
  await Promise.all(files.map((path) => twins(path, cache, run)));
  end();
  for (const name of readdirSync(cache)) {
    const kept = `${cache}/${name}`;
    if (Date.now() - statSync(kept).mtimeMs > KEPT_MS) rmSync(kept, { force: true });
  }
}

if (isMainThread) await main(...process.argv.slice(2));
else parentPort.on("message", (job) => parentPort.postMessage(pack(job)));
