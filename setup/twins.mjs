// Writes name.br, name.zst and name.gz beside each file that they make smaller; .zst only where it is the smallest: a
// browser that knows it knows brotli, too. Usage: node twins.mjs <folder>
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const LARGE = 16 << 20; // brotli at its best takes minutes for these
const SMALLER = 0.95; // what gains less is not worth a file

const ways = {
  br: (bytes) => brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE ? 9 : 11,
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

for (const entry of readdirSync(process.argv[2], { recursive: true })) {
  const path = `${process.argv[2]}/${entry}`;
  if (!statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  const packed = Object.fromEntries(Object.entries(ways).map(([suffix, pack]) => [suffix, pack(bytes)]));
  if (packed.zst.length >= packed.br.length) delete packed.zst;
  for (const [suffix, twin] of Object.entries(packed)) {
    if (twin.length < bytes.length * SMALLER) writeFileSync(`${path}.${suffix}`, twin);
  }
}
