// The service worker of /my/: opens the enterprise's pages without a network. It keeps pages, never reports: those wait
// in the page's own store (my.js). The server writes VERSION and FILES in front of this text.

const SHELL = `fugong-shell-${VERSION}`;
const PAGES = "fugong-pages-";
const PATIENCE = 6000; // milliseconds until a kept page is shown while the network is silent

self.addEventListener("install", (event) => {
  // Some browsers ask the network beside a worker that wakes, and may show its failure: ours alone decides.
  if (event.addRoutes) event.waitUntil(event.addRoutes({ condition: { requestMode: "navigate" }, source: "fetch-event" }).catch(() => {}));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("fugong-shell-") && name !== SHELL;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(event.request));
});

async function file(request) {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}

async function page(request) {
  const fresh = fetch(request);
  fresh.catch(() => {});
  try {
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
    return await Promise.race([fresh, late]);
  } catch {
    return (await kept(request)) ?? fresh;
  }
}

// A kept page says that it is one, so that the page does not take an old day for today.
async function kept(request) {
  const found = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
  if (!found) return undefined;
  const text = (await found.text()).replace(/\sdata-my(?=\s)/, " data-my data-kept");
  return new Response(text, { headers: headersOf(found) });
}

// The page names what to keep for its person.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep, event.data.person));
});

async function keep(urls, person) {
  const cache = await caches.open(PAGES + person);
  for (const url of urls) {
    const response = await fetch(url, { redirect: "manual" });
    if (!response.ok) continue;
    // Read to its end first: a page whose network breaks off while it is being put takes the one kept before with it. As
    // text, and only what is a whole page: a blob was seen to come back empty once the page that asked for it was left.
    const text = await response.text();
    if (text.includes("</html>")) await cache.put(url, new Response(text, { headers: headersOf(response) }));
  }
}

// Without what was true of the bytes on the wire only.
function headersOf(response) {
  const headers = new Headers(response.headers);
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name);
  return headers;
}
