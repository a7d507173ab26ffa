// PyTorch on the CPU, in a process of its own that waits for commands.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = path.join(path.dirname(fileURLToPath(import.meta.url)), 'torch_step.py');

// No contenders if there is no PyTorch.
export async function pytorch(python, scratch, threadCounts, rate) {
  if (spawnSync(python, ['-c', 'import torch, numpy']).status !== 0) {
    console.log(`\nPyTorch is not measured: ${python} cannot import torch and numpy. Name a python that can in PYTHON.`);
    return [];
  }
  const child = spawn(python, [SCRIPT, scratch], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch broke off; its message stands above.');
    return JSON.parse(value);
  };
  const ask = (...words) => {
    child.stdin.write(`${words.join(' ')}\n`);
    return answer();
  };
  const { version, capability } = await answer();
  return threadCounts.map((threads, index) => ({
    name: 'PyTorch',
    threads,
    close: () => child.kill(),
    losses: steps => ask('losses', threads, steps, rate),
    measure: seconds => ask('speed', threads, seconds, rate),
    note: index === 0 ? () => `PyTorch ${version} on the CPU, ${capability}.` : undefined,
  }));
}
