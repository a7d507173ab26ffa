// How many bytes a visitor loads: the page, and once training or measuring is wanted one of the trainers.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { table } from './table.mjs';

const KINDS = [
  ['page', name => !/trainer|service-worker|manifest|licen[cs]e/i.test(name)],
  ['trainer', name => /trainer(_loader|_bg)?\.(js|wasm)$/.test(name)],
  ['trainer, relaxed SIMD', name => /trainer_relaxed(_loader|_bg)?\.(js|wasm)$/.test(name)],
];

function measure(file) {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length];
}

export function sizes({ dist }) {
  const files = readdirSync(dist, { recursive: true }).filter(name => statSync(path.join(dist, name)).isFile());
  const rows = KINDS.map(([kind, belongs]) => {
    const all = files.filter(belongs).map(name => measure(path.join(dist, name)));
    const sum = index => all.reduce((total, sizes) => total + sizes[index], 0).toLocaleString('en');
    return [kind, sum(0), sum(1), sum(2)];
  });
  console.log(`\nSizes\n\n${table(['part', 'bytes', 'gzip -9', 'brotli 11'], rows)}`);
}
