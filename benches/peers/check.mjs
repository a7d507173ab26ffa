// That all compute the same thing: 256 images, weights that Piecewise has drawn, and the losses that it goes on with.
import { openSync, readSync, closeSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const IMAGES = 256;
const PIXELS = 3072;
const RECORD = 1 + PIXELS;
// As in src/data/normalise.rs.
const MEAN = [0.4914, 0.4822, 0.4465];
const STD = [0.2470, 0.2435, 0.2616];
// Sums of a thousand f32 in another order differ in the sixth digit or so.
const TOLERANCE = 1e-3;

// The first records of a batch, or else made ones, whose classes differ in colour.
function records(file) {
  const bytes = Buffer.alloc(IMAGES * RECORD);
  if (file) {
    if (statSync(file).size < bytes.length) throw new Error(`${file} has fewer than ${IMAGES} images.`);
    const handle = openSync(file);
    readSync(handle, bytes, 0, bytes.length, 0);
    closeSync(handle);
    return bytes;
  }
  let noise = 1;
  for (let record = 0; record < IMAGES; record++) {
    const label = record % 10;
    bytes[record * RECORD] = label;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      // Numerical Recipes' generator, of which the high bits are good enough here.
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      bytes[record * RECORD + 1 + pixel] = ((label * ((pixel >> 10) + 3) * 29) % 130) + (noise >>> 25);
    }
  }
  return bytes;
}

// Writes the images for the peers, normalised, with their labels. Returns the batch's path, for Piecewise.
export function checkData(scratch, file) {
  const bytes = records(file);
  const [images, labels] = [new Float32Array(IMAGES * PIXELS), new Uint8Array(IMAGES)];
  for (let record = 0; record < IMAGES; record++) {
    labels[record] = bytes[record * RECORD];
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const channel = pixel >> 10;
      images[record * PIXELS + pixel] = (bytes[record * RECORD + 1 + pixel] / 255 - MEAN[channel]) / STD[channel];
    }
  }
  writeFileSync(path.join(scratch, 'images'), images);
  writeFileSync(path.join(scratch, 'labels'), labels);
  const batch = path.join(scratch, 'data_batch_1.bin');
  writeFileSync(batch, bytes);
  return batch;
}

// The greatest relative difference of a peer's losses from those expected.
export async function compare(peer, expected) {
  const losses = await peer.losses(expected.length);
  const difference = Math.max(...losses.map((loss, step) => Math.abs(loss / expected[step] - 1)));
  if (!(difference < TOLERANCE)) {
    throw new Error(`${peer.name} does not compute what Piecewise does: its losses are ${losses.join(', ')}, not ${expected.join(', ')}.`);
  }
  return difference;
}
