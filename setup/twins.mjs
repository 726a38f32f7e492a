// Writes name.zst, name.br and name.gz beside each file that they make smaller. Usage: node twins.mjs <folder>
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const LARGE = 4 << 20; // brotli at its best takes minutes for these
const SMALLER = 0.95; // what gains less is not worth a file

const ways = {
  zst: (bytes) => zstdCompressSync(bytes, {
    // browsers refuse a window of more than 8 MB
    params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: Math.min(23, 10 + Math.ceil(Math.log2(bytes.length / 1024 + 1))) },
  }),
  br: (bytes) => brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE ? 9 : 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }),
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
};

for (const entry of readdirSync(process.argv[2], { recursive: true })) {
  const path = `${process.argv[2]}/${entry}`;
  if (!statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  for (const [suffix, pack] of Object.entries(ways)) {
    const packed = pack(bytes);
    if (packed.length < bytes.length * SMALLER) writeFileSync(`${path}.${suffix}`, packed);
  }
}
