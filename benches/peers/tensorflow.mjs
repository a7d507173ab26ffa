// TensorFlow.js in pages of the same browser: its wasm backend on one thread and on several, and its cpu backend.

// The wasm backend takes at most this many, and at most half of the cores that the browser reports.
const MAX_THREADS = 8;

async function prepared(browser, origin, backend, threads) {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.evaluateOnNewDocument(cores => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => cores }), 2 * threads);
  await page.goto(`${origin}/peers/tfjs.html`);
  const found = await page.evaluate((backend, threads) => window.peer.prepare(backend, threads), backend, threads);
  return { page, found };
}

export async function tensorflow(browser, origin, threadCounts, rate) {
  const contenders = [];
  const add = (name, threads, { page }, form) => contenders.push({
    name: `TensorFlow.js ${name}`,
    threads,
    close: () => page.browserContext().close().catch(() => {}),
    losses: steps => page.evaluate((form, steps, rate) => window.peer.losses(form, steps, rate), form, steps, rate),
    async measure(seconds) {
      await page.bringToFront();
      return page.evaluate((form, seconds, rate) => window.peer.speed(form, seconds, rate), form, seconds, rate);
    },
  });
  const pages = new Map();
  for (const wanted of threadCounts) {
    const page = await prepared(browser, origin, 'wasm', Math.min(wanted, MAX_THREADS));
    // As many as there really are.
    pages.set(page.found.threads, page);
  }
  for (const [form, name] of [['own', 'wasm'], ['hand', 'wasm, gradients by hand']]) {
    for (const [threads, page] of pages) add(name, threads, page, form);
  }
  const cpu = await prepared(browser, origin, 'cpu', 1);
  add('cpu', 1, cpu, 'own');
  const { version, simd, threaded } = [...pages.values()][0].found;
  const yes = has => (has ? 'with' : 'without');
  contenders[0].note = () =>
    `TensorFlow.js ${version}, isolated page; wasm ${yes(simd)} SIMD and ${yes(threaded)} threads. “By hand” writes every transpose out, which its fast product needs.`;
  return contenders;
}
