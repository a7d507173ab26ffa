// The training step in TensorFlow.js, once with its own gradients and optimiser, once with gradients by hand.
// By hand, because its wasm backend computes products with a transposed operand, which its own gradients consist of, on a
// slow path: here every transpose is written out first, so that all products take the fast one.
/* global tf */
const WIDTHS = [3072, 512, 512, 10];
const BATCH = 256;

let start, weights, images, labels;

async function fetched(name) {
  const response = await fetch(`/scratch/${name}`);
  return response.arrayBuffer();
}

// Weights are kept as out×in, and TensorFlow.js wants in×out.
function reset() {
  tf.dispose(weights);
  let at = 0;
  const take = size => start.subarray(at, (at += size));
  weights = WIDTHS.slice(1).flatMap((outputs, layer) => {
    const inputs = WIDTHS[layer];
    const matrix = tf.tidy(() => tf.transpose(tf.tensor2d(take(inputs * outputs), [outputs, inputs])));
    const result = [tf.variable(matrix), tf.variable(tf.tensor1d(take(outputs)))];
    matrix.dispose();
    return result;
  });
}

// One step each; both return the loss before it.
const steps = {
  own(rate) {
    const optimiser = tf.train.sgd(rate);
    const loss = optimiser.minimize(() => {
      const [w1, b1, w2, b2, w3, b3] = weights;
      const first = tf.relu(tf.add(tf.matMul(images, w1), b1));
      const second = tf.relu(tf.add(tf.matMul(first, w2), b2));
      return tf.losses.softmaxCrossEntropy(labels, tf.add(tf.matMul(second, w3), b3));
    }, true, weights);
    const value = loss.dataSync()[0];
    tf.dispose([loss, optimiser]);
    return value;
  },
  hand(rate) {
    return tf.tidy(() => {
      const [w1, b1, w2, b2, w3, b3] = weights;
      const first = tf.fused.matMul({ a: images, b: w1, bias: b1, activation: 'relu' });
      const second = tf.fused.matMul({ a: first, b: w2, bias: b2, activation: 'relu' });
      const logits = tf.fused.matMul({ a: second, b: w3, bias: b3 });
      const loss = tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1)));
      const d3 = tf.div(tf.sub(tf.softmax(logits), labels), BATCH);
      const d2 = tf.mul(tf.matMul(d3, tf.transpose(w3)), tf.step(second));
      const d1 = tf.mul(tf.matMul(d2, tf.transpose(w2)), tf.step(first));
      for (const [weight, bias, input, delta] of [[w1, b1, images, d1], [w2, b2, first, d2], [w3, b3, second, d3]]) {
        weight.assign(tf.sub(weight, tf.mul(tf.matMul(tf.transpose(input), delta), rate)));
        bias.assign(tf.sub(bias, tf.mul(tf.sum(delta, 0), rate)));
      }
      return loss.dataSync()[0];
    });
  },
};

window.peer = {
  // Returns what the backend turned out to be.
  async prepare(backend, threads) {
    if (backend === 'wasm') {
      tf.wasm.setWasmPaths('/peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
      tf.wasm.setThreadsCount(threads);
    }
    if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
    await tf.ready();
    start = new Float32Array(await fetched('weights'));
    images = tf.tensor2d(new Float32Array(await fetched('images')), [BATCH, WIDTHS[0]]);
    const classes = Int32Array.from(new Uint8Array(await fetched('labels')));
    labels = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), WIDTHS.at(-1)), 'float32'));
    reset();
    if (backend !== 'wasm') return { version: tf.version_core };
    const [simd, threaded] = await Promise.all(['WASM_HAS_SIMD_SUPPORT', 'WASM_HAS_MULTITHREAD_SUPPORT'].map(flag => tf.env().getAsync(flag)));
    return { version: tf.version_core, simd, threaded, threads: tf.wasm.getThreadsCount() };
  },
  losses(form, count, rate) {
    reset();
    return Array.from({ length: count }, () => steps[form](rate));
  },
  // Images a second over at least these seconds, from the start weights.
  speed(form, seconds, rate) {
    reset();
    steps[form](rate);
    const begin = performance.now();
    let [done, elapsed, loss] = [0, 0, 0];
    while (elapsed < seconds * 1000) {
      loss = steps[form](rate);
      done++;
      elapsed = performance.now() - begin;
    }
    if (!Number.isFinite(loss)) throw new Error('TensorFlow.js diverged');
    return (done * BATCH * 1000) / elapsed;
  },
};
