// What `run` starts once everything is there: says on what is measured, and measures the parts asked for.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch, version } from './browser.mjs';
import { frames } from './frames.mjs';
import { serve } from './server.mjs';
import { sizes } from './sizes.mjs';
import { speed } from './speed.mjs';
import { start } from './start.mjs';

const { DIST, PORT, ROUNDS, DATA, PYTHON } = process.env;
const load = () => os.loadavg().map(value => value.toFixed(2)).join(' ');

function commit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  } catch {
    return 'unknown';
  }
}

const scratch = mkdtempSync(path.join(os.tmpdir(), 'piecewise-peers-'));
// However this ends: puppeteer exits at once on an interruption.
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
let server;
try {
  server = await serve(Number(PORT), { app: DIST, peers: 'benches/peers', scratch });
  const settings = { origin: server.origin, dist: DIST, rounds: Number(ROUNDS), data: DATA, python: PYTHON, scratch };
  const browser = await launch();
  const name = await version(browser);
  await browser.close();
  const minute = date => date.toISOString().slice(0, 16).replace('T', ' ');
  console.log(`${minute(new Date())} UTC; sources at ${commit()}, ${DIST} of ${minute(statSync(path.join(DIST, 'index.html')).mtime)}
${os.cpus()[0].model.trim()}, ${os.cpus().length} cores, ${os.type()} ${os.release()}
${name}, headless, without GPU; node ${process.version}
load average before: ${load()}`);
  for (const part of process.argv.slice(2)) await { sizes, start, frames, speed }[part](settings);
  console.log(`\nload average after: ${load()} (of which at least 1 is this measurement)`);
} catch (error) {
  console.error(`\nbenches/peers/run: ${error.message}`);
  if (process.env.DEBUG) console.error(error.stack);
  process.exitCode = 1;
} finally {
  server?.close();
}
