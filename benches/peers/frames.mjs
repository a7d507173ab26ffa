// How smooth the page is while a slider of the function lab is dragged, with and without a run in the worker, and while a
// kink is dragged on the plot of larger networks.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App, launch, sleep } from './browser.mjs';
import { quantile, table } from './table.mjs';

const SLIDER = '[data-testid="param-W1-0-0"]';
const KINK = '[data-testid="handle-kink-0"]';
// Layers and width of the networks whose kink is dragged.
const NETWORKS = [[4, 8], [6, 16]];
const DRAG_MS = 10_000;
// A common mouse reports 125 times a second.
const MOVE_EVERY_MS = 8;

// Runs in the page. A frame's latency is the time from its oldest mouse movement to the first task after its callbacks,
// style, layout and paint.
function record() {
  const seen = { intervals: [], latencies: [], inputs: 0, places: 0 };
  let [last, oldest] = [performance.now(), null];
  const channel = new MessageChannel();
  channel.port1.onmessage = message => seen.latencies.push(performance.now() - message.data);
  addEventListener('pointermove', event => {
    oldest ??= (event.getCoalescedEvents()[0] ?? event).timeStamp;
  }, true);
  addEventListener('input', () => seen.inputs++, true);
  const kink = document.querySelector('[data-testid="handle-kink-0"]');
  if (kink) new MutationObserver(() => seen.places++).observe(kink, { attributeFilter: ['data-value'] });
  const frame = () => {
    const now = performance.now();
    seen.intervals.push(now - last);
    last = now;
    if (oldest !== null) channel.port2.postMessage(oldest);
    oldest = null;
    if (!window.stopRecording) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.stopRecording = false;
  window.recorded = seen;
}

async function drag(page, control) {
  const place = await page.$eval(control, element => {
    element.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2, reach: element.matches('input') ? width * 0.4 : 60 };
  });
  const client = await page.createCDPSession();
  const mouse = (type, x, buttons) => client.send('Input.dispatchMouseEvent', { type, x, y: place.y, button: 'left', buttons, clickCount: 1 });
  await mouse('mouseMoved', place.x, 0);
  await mouse('mousePressed', place.x, 1);
  await page.evaluate(record);
  const start = performance.now();
  const sent = [];
  for (let elapsed = 0; elapsed < DRAG_MS; elapsed = performance.now() - start) {
    // Not awaited: a mouse does not wait for the page.
    sent.push(mouse('mouseMoved', place.x + place.reach * Math.sin(elapsed / 400), 1));
    await sleep(MOVE_EVERY_MS - (elapsed % MOVE_EVERY_MS));
  }
  await Promise.all(sent);
  await page.evaluate('window.stopRecording = true');
  await mouse('mouseReleased', place.x, 0);
  await client.detach();
  return page.evaluate('window.recorded');
}

// The milliseconds of the page's main thread in each frame of a drag, from the input's handlers to the picture handed over:
// on the clock, and those that a core spent on it. By the browser's own trace.
async function tracedDrag(page, control, scratch) {
  const file = path.join(scratch, 'trace.json');
  await page.tracing.start({ path: file, categories: ['cc'] });
  const seen = await drag(page, control);
  await page.tracing.stop();
  const threads = {};
  for (const event of JSON.parse(readFileSync(file)).traceEvents) {
    if (event.name === 'ProxyMain::BeginMainFrame' && event.ph === 'X') (threads[`${event.pid} ${event.tid}`] ??= []).push(event);
  }
  // Other pages of the browser draw nothing meanwhile.
  const frames = Object.values(threads).sort((a, b) => b.length - a.length)[0] ?? [];
  return { ...seen, clock: frames.map(({ dur }) => dur / 1000), core: frames.map(({ tdur }) => tdur / 1000) };
}

export async function frames({ origin, data, scratch }) {
  const browser = await launch();
  try {
    const app = await App.open(browser, origin, '#/function');
    await app.page.waitForSelector(SLIDER);
    await drag(app.page, SLIDER);
    const idle = await tracedDrag(app.page, SLIDER, scratch);
    const kinks = [];
    for (const [layers, width] of NETWORKS) {
      await app.page.select('[data-testid="layers"]', String(layers));
      await app.page.select('[data-testid="width"]', String(width));
      await app.page.waitForSelector(KINK);
      await sleep(1000);
      const seen = await tracedDrag(app.page, KINK, scratch);
      if (seen.places < 100) throw new Error(`The kink of ${layers} × ${width} did not follow the mouse.`);
      kinks.push([`a kink, ${layers} layers of width ${width}`, seen]);
    }
    await app.click('nav-train');
    await app.prepare(data, 0.05, os.cpus().length);
    await app.click('train-start');
    await app.status('running');
    await app.click('nav-function');
    await app.page.waitForSelector(SLIDER);
    await sleep(2000);
    const training = await tracedDrag(app.page, SLIDER, scratch);
    await app.click('nav-train');
    await app.status('running');
    const rate = Number(await app.value('images-per-second'));
    if (Math.min(idle.inputs, training.inputs) < 100) throw new Error('The slider did not follow the mouse.');
    const row = (name, values) => [name, ...[0.5, 0.95, 1].map(share => quantile(values, share).toFixed(1)), values.length];
    const rows = [['worker idle', idle], ['worker training', training], ...kinks].flatMap(([name, seen]) => [
      row(`${name}: main thread in a frame, by the clock`, seen.clock),
      row(`${name}: main thread in a frame, on a core`, seen.core),
      row(`${name}: between frames`, seen.intervals),
      row(`${name}: input to frame`, seen.latencies),
    ]);
    console.log(`\nFrames while a slider or a kink of the function lab is dragged for ${DRAG_MS / 1000} s, the mouse moving every ${MOVE_EVERY_MS} ms
(${idle.inputs} and ${training.inputs} values; the run made ${Math.round(rate)} images/s meanwhile)\n
${table(['ms', 'median', '95 %', 'worst', 'frames'], rows)}`);
  } finally {
    await browser.close();
  }
}
