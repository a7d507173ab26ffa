// Piecewise, as a person runs it: through its page.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, PATIENCE_MS, sleep } from './browser.mjs';

// Runs in the page: notes, by the page's own clock, how many steps it has heard of.
function watch() {
  window.heard = [];
  const runs = document.querySelector('[data-testid="runs"]');
  const status = document.querySelector('[data-testid="train-status"]');
  new MutationObserver(() => {
    const now = performance.now();
    // Later, when everything that one message changes has changed.
    setTimeout(() => {
      const { steps } = JSON.parse(runs.dataset.value).at(-1);
      window.heard.push([now, steps, status.textContent.includes('Training')]);
    });
  }).observe(runs, { attributes: true });
}

// Steps a second between messages that are both from training, not from measuring accuracy. NaN if there are none, as
// where an epoch is shorter than the time between messages.
function stepsPerSecond(heard) {
  let [steps, ms] = [0, 0];
  for (let index = 1; index < heard.length; index++) {
    const [[from, before, training], [to, after, still]] = [heard[index - 1], heard[index]];
    if (training && still && after > before) {
      steps += after - before;
      ms += to - from;
    }
  }
  return (steps * 1000) / ms;
}

// The last checkpoint in the page's storage: losses so far, and the weights' bytes. Its format is told in
// src/train/checkpoint.rs.
async function checkpoint(page) {
  const base64 = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('checkpoint')).getFile();
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.split(',')[1]);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
  });
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('latin1', 0, 8) !== 'PIECERUN' || bytes.readUInt32LE(8) !== 3) {
    throw new Error('The checkpoint has another format than benches/peers/piecewise.mjs reads.');
  }
  const [head, count, weights] = [32 + bytes.readUInt32LE(12), Number(bytes.readBigUInt64LE(16)), Number(bytes.readBigUInt64LE(24))];
  const losses = Array.from({ length: count }, (_, step) => bytes.readFloatLE(head + 4 * step));
  const start = head + 4 * count;
  return { losses, weights: bytes.subarray(start, start + 4 * weights) };
}

// The first checkpoint found that has as many losses. Reading fails while the page replaces it: then again.
async function checkpointAfter(app, losses) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const kept = await checkpoint(app.page).catch(error => ({ error }));
    if (kept.losses?.length >= losses) return kept;
    if (Date.now() > end) throw new Error(`The page did not keep a checkpoint after ${losses} steps. ${kept.error?.message ?? ''}`.trim());
    await sleep(100);
  }
}

export async function piecewise(browser, origin, data, rate, threads) {
  const app = await App.open(browser, origin, '#/train');
  await app.prepare(data, rate, threads);
  const agreements = [];
  return {
    name: 'Piecewise',
    threads,
    close: () => app.close(),

    // Trains on one batch in a page of its own. Leaves weights for the peers, and returns the losses from there.
    async check(batch, scratch, steps) {
      const other = await App.open(browser, origin, '#/train');
      await other.prepare(batch, rate, 1);
      await other.click('train-start');
      // There is one batch, so each epoch is one step, and leaves a checkpoint.
      const first = await checkpointAfter(other, 1);
      const { losses } = await checkpointAfter(other, first.losses.length + steps);
      await other.close();
      writeFileSync(path.join(scratch, 'weights'), first.weights);
      return losses.slice(first.losses.length, first.losses.length + steps);
    },

    // A new run each time: the page's figure is then of this turn alone.
    async measure(seconds) {
      await app.page.bringToFront();
      await app.click('train-start');
      await app.expect('images-per-second', seen => Number(seen) > 0, 'a number');
      await app.page.evaluate(watch);
      await sleep(seconds * 1000);
      await app.click('train-pause');
      await app.status('paused');
      const said = Number(await app.value('images-per-second'));
      const heard = await app.page.evaluate('window.heard');
      await app.click('train-stop');
      await app.status('finished');
      const { train } = JSON.parse(await app.value('dataset-status'));
      agreements.push((stepsPerSecond(heard) * train) / Math.ceil(train / 256) / said);
      return said;
    },

    note: () => {
      const counted = agreements.filter(Number.isFinite).map(share => share.toFixed(2)).sort();
      const clock = counted.length ? `it is ${counted[0]} to ${counted.at(-1)} of that` : 'there was nothing to count, since epochs are too short';
      return `Piecewise on ${threads} thread${threads === 1 ? '' : 's'}: the page's own figure, image preparation included; by the page's clock ${clock}.`;
    },
  };
}

// So many runs of one worker each, in pages of their own, at once: what this machine has for so many threads when nobody
// waits for another. The figure is all of them together.
export async function independent(browser, origin, data, rate, number) {
  const runs = [];
  for (let index = 0; index < number; index++) runs.push(await piecewise(browser, origin, data, rate, 1));
  const sum = rates => rates.reduce((a, b) => a + b, 0);
  return {
    name: `Piecewise, ${number} runs at once`,
    threads: number,
    close: () => Promise.all(runs.map(run => run.close())),
    measure: async seconds => sum(await Promise.all(runs.map(run => run.measure(seconds)))),
  };
}
