// How soon the page shows something, and how soon the function lab has its first answer.
import { PATIENCE_MS, launch, sleep } from './browser.mjs';
import { median, table } from './table.mjs';

// Runs in the page before anything else.
function watch() {
  window.seen = {};
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') window.seen.paint = entry.startTime;
  }).observe({ type: 'paint', buffered: true });
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-testid="kink-count"]')?.dataset.value) {
      window.seen.answer = performance.now();
      observer.disconnect();
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

async function once(origin) {
  const browser = await launch();
  try {
    const [page] = await browser.pages();
    await page.evaluateOnNewDocument(watch);
    await page.goto(`${origin}/app/`);
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await page.evaluate('window.seen');
      if (seen.paint && seen.answer) return seen;
      if (Date.now() > end) throw new Error(`The page did not start: ${JSON.stringify(seen)}.`);
      await sleep(50);
    }
  } finally {
    await browser.close();
  }
}

export async function start({ origin, rounds }) {
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await once(origin));
  const row = (name, key) => {
    const values = all.map(seen => seen[key]);
    return [name, ...[Math.min(...values), median(values), Math.max(...values)].map(value => value.toFixed(0))];
  };
  console.log(`\nStart: ${rounds} fresh browsers and profiles, over localhost, nothing throttled, nothing compressed\n
${table(['ms after navigation', 'best', 'median', 'worst'], [row('first contentful paint', 'paint'), row('kink-count answered', 'answer')])}`);
}
