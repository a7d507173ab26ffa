// Serves folders with the headers that make a page cross-origin isolated, as `trunk serve` does for the app:
// TensorFlow.js needs them for its threads.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm',
  '.css': 'text/css', '.svg': 'image/svg+xml',
};

// On port 0 it takes a free one. `folders`: each one's place on disk by its name in the address, as in { app: 'dist' }.
export async function serve(port, folders) {
  const server = http.createServer(async (request, response) => {
    const [, first, ...rest] = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).split('/');
    const headers = {
      'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cache-Control': 'no-store',
    };
    try {
      const inside = rest.join('/') || 'index.html';
      if (!(first in folders) || inside.includes('..')) throw new Error('no such folder');
      const file = path.resolve(folders[first], inside);
      const body = await readFile(file);
      response.writeHead(200, { ...headers, 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error(`port ${port} is taken. Name another in PORT.`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
