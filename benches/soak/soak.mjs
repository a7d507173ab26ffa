// A run in the worker, and labs in use beside it, for a long time: what grows?
import { readFileSync } from 'node:fs';
import { App, PATIENCE_MS, launch, sleep, version } from '../peers/browser.mjs';
import { serve } from '../peers/server.mjs';
import { table } from '../peers/table.mjs';

const MIB = 2 ** 20;
const [MINUTES, EVERY] = [Number(process.env.MINUTES), Number(process.env.EVERY)];
// How long a slider is dragged at a time.
const DRAG_MS = 4000;
// What is used in turn: a lab, and a slider in it.
const LABS = [['function', 'param-W1-0-0'], ['gates', 'param-W1-0-0'], ['path', 'param-W1-0-0']];

// Runs before the page does: lets the soak see the page's wasm memory, and count what its workers say.
function spy() {
  window.soak = { memory: null, messages: 0, bytes: 0 };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await real.apply(WebAssembly, args);
      window.soak.memory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
  const Real = Worker;
  window.Worker = class extends Real {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        window.soak.messages++;
        for (const part of Array.isArray(data) ? data : []) window.soak.bytes += part.byteLength ?? 0;
      });
    }
  };
}

// Runs in the page: all nodes that are in the document.
function attached() {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let nodes = 1;
  while (walker.nextNode()) nodes++;
  return nodes;
}

// What the process of the page has in memory for itself, in bytes, where the system tells.
async function rendererBytes(browser) {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    try {
      return Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]) * 1024;
    } catch {
      return NaN;
    }
  });
  // The page with the run is the largest; others are empty.
  return Math.max(...sizes.filter(Number.isFinite), 0) || NaN;
}

async function look(browser, app, client, minutes) {
  for (let times = 0; times < 3; times++) await client.send('HeapProfiler.collectGarbage');
  const { metrics } = await client.send('Performance.getMetrics');
  const metric = name => metrics.find(metric => metric.name === name).value;
  const seen = await app.page.evaluate(async attachedSource => {
    const { usage } = await navigator.storage.estimate();
    const runs = JSON.parse(document.querySelector('[data-testid="runs"]').dataset.value);
    return {
      usage, wasm: window.soak.memory?.buffer.byteLength ?? NaN, messages: window.soak.messages, bytes: window.soak.bytes,
      steps: runs.at(-1).steps, attached: eval(`(${attachedSource})()`),
    };
  }, attached.toString());
  return {
    minutes,
    epoch: Number(await app.value('train-epoch')),
    heap: metric('JSHeapUsedSize') / MIB,
    wasm: seen.wasm / MIB,
    workers: Number(await app.value('run-memory')) / MIB,
    storage: seen.usage / MIB,
    nodes: metric('Nodes'),
    attached: seen.attached,
    listeners: metric('JSEventListeners'),
    renderer: (await rendererBytes(browser)) / MIB,
    messages: seen.messages,
    bytes: seen.bytes,
  };
}

async function use(app, lab, slider) {
  await app.click(`nav-${lab}`);
  const control = await app.page.waitForSelector(`[data-testid="${slider}"]`, { timeout: PATIENCE_MS });
  await control.evaluate(element => element.scrollIntoView({ block: 'center' }));
  const { x, y, width, height } = await control.boundingBox();
  await control.dispose();
  const [middle, line] = [x + width / 2, y + height / 2];
  await app.page.mouse.move(middle, line);
  await app.page.mouse.down();
  const start = Date.now();
  while (Date.now() - start < DRAG_MS) {
    await app.page.mouse.move(middle + width * 0.4 * Math.sin((Date.now() - start) / 300), line);
    await sleep(16);
  }
  await app.page.mouse.up();
}

const server = await serve(0, { app: process.env.DIST });
const browser = await launch();
try {
  const page = await (await browser.createBrowserContext()).newPage();
  const errors = [];
  page.on('pageerror', error => errors.push(error.message));
  await page.evaluateOnNewDocument(spy);
  await page.goto(`${server.origin}/app/#/train`);
  const app = new App(page);
  await app.prepare(null, 0.05, 1);
  const client = await page.createCDPSession();
  await client.send('Performance.enable');
  await app.click('train-start');
  await app.expect('train-epoch', seen => Number(seen) >= 1, 'one at least');
  const rows = [];
  const start = Date.now();
  const row = ({ minutes, epoch, heap, wasm, workers, storage, nodes, attached, listeners, renderer, messages, bytes }, before) => [
    minutes, epoch, heap.toFixed(1), wasm.toFixed(1), workers.toFixed(1), storage.toFixed(1), attached, nodes - attached, listeners, renderer.toFixed(0),
    before ? ((messages - before.messages) / 60 / (minutes - before.minutes)).toFixed(1) : '',
    before ? ((bytes - before.bytes) / 60 / (minutes - before.minutes) / 1024).toFixed(1) : '',
  ];
  for (let minutes = 0; minutes <= MINUTES; minutes += EVERY) {
    while (Date.now() - start < minutes * 60_000) {
      for (const [lab, slider] of LABS) await use(app, lab, slider);
      await app.click('nav-train');
      await app.status('running');
      await sleep(2000);
    }
    rows.push(await look(browser, app, client, minutes));
    console.error(`  after ${minutes} min: ${row(rows.at(-1), rows.at(-2)).slice(1).join(', ')}`);
  }
  await app.click('train-stop');
  await app.status('finished');
  const head = ['min', 'epoch', 'JS heap', 'page’s wasm', 'workers', 'storage', 'nodes', 'nodes elsewhere', 'listeners', 'renderer', 'messages/s', 'kB/s'];
  console.log(`\n${new Date().toISOString().slice(0, 10)}, ${await version(browser)}: one worker trains 512–512 on the sample while sliders of three labs are dragged in turn.
Sizes in MiB, after three garbage collections; the renderer’s is its private memory.\n
${table(head, rows.map((seen, index) => row(seen, rows[index - 1])))}\n`);
  if (errors.length) throw new Error(`The page reported errors: ${errors.join(' | ')}`);
} finally {
  await browser.close();
  server.close();
}
