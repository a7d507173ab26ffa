// Images trained a second: the same step in Piecewise, TensorFlow.js and PyTorch, in rounds, one after the other.
import os from 'node:os';
import path from 'node:path';
import { launch, version } from './browser.mjs';
import { checkData, compare } from './check.mjs';
import { independent, piecewise } from './piecewise.mjs';
import { pytorch } from './pytorch.mjs';
import { count, median, table } from './table.mjs';
import { tensorflow } from './tensorflow.mjs';

const TURN_SECONDS = 3;
// Low, so that the losses compared are far from 0, where differences would be relative to nothing.
const RATE = 0.01;
const STEPS = 5;

export async function speed({ origin, rounds, data, python, scratch }) {
  const browser = await launch();
  const opened = [];
  try {
    const threads = [...new Set([1, os.cpus().length])];
    const owns = [];
    for (const number of threads) owns.push(await piecewise(browser, origin, data, RATE, number));
    opened.push(...owns);
    const [own] = owns;
    const expected = await own.check(checkData(scratch, data), scratch, STEPS);
    const peers = [...(await tensorflow(browser, origin, threads, RATE)), ...(await pytorch(python, scratch, threads, RATE))];
    opened.push(...peers);
    const differences = [];
    for (const peer of peers) differences.push(await compare(peer, expected));

    // What more workers in one run can be held against.
    const apart = [];
    for (const number of threads.filter(number => number > 1)) apart.push(await independent(browser, origin, data, RATE, number));
    opened.push(...apart);
    const contenders = [...owns, ...apart, ...peers];
    const seen = contenders.map(() => []);
    // Once without counting, so that all code is compiled and all memory is there.
    for (const contender of contenders) await contender.measure(TURN_SECONDS);
    for (let round = 0; round < rounds; round++) {
      for (const [index, contender] of contenders.entries()) seen[index].push(await contender.measure(TURN_SECONDS));
    }

    const best = seen.map(rates => Math.max(...rates));
    const rows = contenders.map(({ name, threads }, index) => {
      const middle = median(seen[index]);
      return [name, threads, count(best[index]), count(middle), `${(best[0] / best[index]).toPrecision(3)}×`, `${(median(seen[0]) / middle).toPrecision(3)}×`];
    });
    console.log(`\nSpeed: one training step of 3072–512–512–10, ReLU, softmax cross-entropy, plain SGD, batch 256, f32
${await version(browser)}; ${rounds} round${rounds === 1 ? '' : 's'} after one to warm up, ${TURN_SECONDS} s or at least one step each, in turn; Piecewise on ${data ? path.basename(data) : 'its sample'}\n
${table(['', 'threads', 'images/s, best', 'median', 'Piecewise on 1 thread to it, best', 'median'], rows)}\n`);
    for (const { note } of contenders) if (note) console.log(note());
    console.log(`The same losses in ${STEPS} steps from the same weights on the same 256 images as Piecewise's: ${[expected[0], expected.at(-1)].map(loss => loss.toPrecision(4)).join(' to ')}, greatest relative difference ${Math.max(...differences).toExponential(1)}.`);
  } finally {
    for (const { close } of opened) await close?.();
    await browser.close();
  }
}
