// How soon the first page and the function lab show something, and how soon each can be used: its verdict is there, and on the
// first page what can be dragged.
import { PATIENCE_MS, launch, sleep } from './browser.mjs';
import { median, table } from './table.mjs';

const PAGES = [
  { name: 'first page', address: '#/', ready: '[data-testid="handle-kink-0"]' },
  { name: 'function lab', address: '#/function', ready: '[data-testid="kink-count"][data-value]:not([data-value=""])' },
];

// Runs in the page before anything else.
function watch(ready) {
  window.seen = {};
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') window.seen.paint = entry.startTime;
  }).observe({ type: 'paint', buffered: true });
  new MutationObserver((_, observer) => {
    if (document.querySelector(ready)) {
      window.seen.ready = performance.now();
      observer.disconnect();
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

async function once(origin, { address, ready }) {
  const browser = await launch();
  try {
    const [page] = await browser.pages();
    await page.evaluateOnNewDocument(watch, ready);
    await page.goto(`${origin}/app/${address}`);
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await page.evaluate('window.seen');
      if (seen.paint && seen.ready) return seen;
      if (Date.now() > end) throw new Error(`The page did not start: ${JSON.stringify(seen)}.`);
      await sleep(50);
    }
  } finally {
    await browser.close();
  }
}

export async function start({ origin, rounds }) {
  const all = PAGES.map(() => []);
  // In turn, so that what else the machine does falls on both.
  for (let round = 0; round < rounds; round++) {
    for (const [index, page] of PAGES.entries()) all[index].push(await once(origin, page));
  }
  const row = (index, name, key) => {
    const values = all[index].map(seen => seen[key]);
    const shown = [Math.min(...values), median(values), Math.max(...values)].map(value => value.toFixed(0));
    return [`${PAGES[index].name}: ${name}`, ...shown];
  };
  const rows = PAGES.flatMap((_, index) => [row(index, 'first contentful paint', 'paint'), row(index, 'usable', 'ready')]);
  console.log(`\nStart: ${rounds} fresh browsers and profiles, over localhost, nothing throttled, nothing compressed\n
${table(['ms after navigation', 'best', 'median', 'worst'], rows)}`);
}
