// The browser, and what a person does in the app's page.
import puppeteer from 'puppeteer-core';

export const PATIENCE_MS = 60_000;

// A Chromium with a fresh profile.
export function launch() {
  const args = [
    '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--window-size=1440,900',
  ];
  // Chromium refuses to run as root with its sandbox.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return puppeteer.launch({
    executablePath: process.env.CHROME, headless: true, args, defaultViewport: { width: 1440, height: 900 }, protocolTimeout: 600_000,
  });
}

export async function version(browser) {
  return (await browser.version()).replace('Headless', '').replace('/', ' ');
}

const selector = testid => `[data-testid="${testid}"]`;

// Handles of elements that are not let go keep the elements, and all around them, in the page's memory.
export class App {
  // Opens the app at a hash such as `#/train`, with storage of its own.
  static async open(browser, origin, hash) {
    const page = await (await browser.createBrowserContext()).newPage();
    await page.goto(`${origin}/app/${hash}`);
    return new App(page);
  }

  constructor(page) {
    this.page = page;
  }

  async close() {
    await this.page.browserContext().close();
  }

  async click(testid) {
    await (await this.page.waitForSelector(`${selector(testid)}:not(:disabled)`, { timeout: PATIENCE_MS })).dispose();
    await this.page.$eval(selector(testid), element => element.click());
  }

  async fill(testid, text) {
    const field = await this.page.waitForSelector(selector(testid), { timeout: PATIENCE_MS });
    // Not by a threefold click, which a busy page may take for three.
    await field.evaluate(element => { element.focus(); element.select(); });
    await field.type(text);
    await field.press('Tab');
    await field.dispose();
  }

  async choose(testid, file) {
    const field = await this.page.waitForSelector(selector(testid), { timeout: PATIENCE_MS });
    await field.uploadFile(file);
    await field.dispose();
  }

  // An answer's `data-value`.
  value(testid) {
    return this.page.$eval(selector(testid), element => element.dataset.value);
  }

  async expect(testid, test, what) {
    const start = Date.now();
    for (;;) {
      const seen = await this.value(testid).catch(() => undefined);
      if (seen !== undefined && test(seen)) return seen;
      if (Date.now() - start > PATIENCE_MS) {
        const error = await this.page.$eval(selector('error'), element => element.textContent).catch(() => '');
        throw new Error(`Waited in vain for the page's ${testid} to be ${what}; it is “${seen}”. ${error}`.trim());
      }
      await sleep(20);
    }
  }

  status(word) {
    return this.expect('train-status', seen => seen === word, word);
  }

  // Brings data into the train lab and sets the network that all peers train.
  async prepare(file, learningRate, workers) {
    if (file) await this.choose('dataset-file', file);
    else await this.click('dataset-sample');
    await this.status('ready');
    await this.fill('hidden-widths', '512,512');
    await this.fill('batch-size', '256');
    await this.fill('epochs', '10000');
    await this.fill('learning-rate', String(learningRate));
    await this.fill('workers', String(workers));
  }
}

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
