// How many bytes the app's WebAssembly has.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { table } from './table.mjs';

export function sizes({ dist }) {
  const bytes = value => value.toLocaleString('en');
  const rows = readdirSync(dist).filter(name => name.endsWith('.wasm')).sort().map(name => {
    const file = readFileSync(path.join(dist, name));
    return [name, bytes(file.length), bytes(gzipSync(file, { level: 9 }).length)];
  });
  console.log(`\nSizes\n\n${table(['file', 'bytes', 'gzip -9'], rows)}`);
}
