// Keeps one version of the app whole in the browser: once it is here, it opens without a network, and a page never meets
// the trainer of another version. It also gives each answer the two headers that let workers share memory, which a
// static host does not send. `scripts/offline` fills in the version and the files when the app is built.
const VERSION = "__VERSION__";
const FILES = ["__FILES__"];

// Several copies of the app may live in folders of one host.
const OURS = `piecewise ${self.registration.scope} `;
const CACHE = OURS + VERSION;

// All files or none: a version that is cut off on its way is no version. What the page has just fetched is only asked
// about, not fetched again.
self.addEventListener("install", event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map(file => new Request(file, { cache: "no-cache" })));
})()));

// The version before stays for pages that are still open with it: its files have other names.
self.addEventListener("activate", event => event.waitUntil((async () => {
  const others = (await caches.keys()).filter(name => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map(name => caches.delete(name)));
})()));

self.addEventListener("message", event => {
  if (event.data === "take over") self.skipWaiting();
});

async function kept(request) {
  const url = new URL(request.url);
  const path = url.href.slice(self.registration.scope.length).split(/[?#]/)[0] || "index.html";
  const options = { ignoreSearch: true };
  const file = new URL(path, self.registration.scope);
  const found = await (await caches.open(CACHE)).match(file, options);
  if (found) return found;
  for (const name of await caches.keys()) {
    const old = name.startsWith(OURS) && await (await caches.open(name)).match(file, options);
    if (old) return old;
  }
}

async function answer(request) {
  const response = await kept(request) || await fetch(request);
  if (response.type === "opaque" || response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

self.addEventListener("fetch", event => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});
