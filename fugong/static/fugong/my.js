// The enterprise's pages without a network: a report is first kept on this device, then sent; once, whatever happens.
// Each waiting report belongs to the person who filled it in and is neither shown to nor sent by anybody else.

export const root = document.querySelector("[data-my]");
export const person = root?.dataset.person ?? "";
const isKept = root?.hasAttribute("data-kept") ?? false;
const CLOCK = "fu_clock";

/* ── The day of the place ────────────────────────────────────────────────── */

if (root && !isKept) localStorage.setItem(CLOCK, String(Date.parse(root.dataset.now) - Date.now()));

export function placeToday() {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(root.dataset.now);
  const zone = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
  const now = Date.now() + Number(localStorage.getItem(CLOCK) ?? 0);
  return new Date(now + zone).toISOString().slice(0, 10);
}

export const isOld = root ? isKept && placeToday() !== root.dataset.day : false;

/* ── The store on this device ────────────────────────────────────────────── */

let opened;
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("fugong", 2);
    request.onupgradeneeded = () => {
      for (const name of ["queue", "drafts"]) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath: "key" });
      }
    };
    request.onsuccess = () => {
      // A page of a newer program, or the browser, closes it: the next act opens it anew.
      const forget = () => (opened = undefined);
      request.result.onversionchange = () => (request.result.close(), forget());
      request.result.onclose = forget;
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

async function store(name, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    // Strict: it is on the disk, not in the browser's memory, before anybody is told that it is kept.
    const transaction = base.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

const owned = (items) => items.filter((item) => item.person === person).sort((a, b) => a.saved - b.saved);
export const save = (item) => store("queue", "readwrite", (queue) => queue.put(item));
export const drop = (key) => store("queue", "readwrite", (queue) => queue.delete(key));
export const mine = () => store("queue", "readonly", (queue) => queue.getAll()).then(owned);

// What is typed and not sent, until the server keeps it.
const draftKey = (form) => [person, form.dataset.send, form.elements.day.value].join(" ");
export const draftOf = (form) => store("drafts", "readonly", (drafts) => drafts.get(draftKey(form)));
export const keepDraft = (form) => store("drafts", "readwrite", (drafts) =>
  drafts.put({ key: draftKey(form), person, fields: fieldsOf(form), saved: Date.now() }));
export const dropDraft = (form) => store("drafts", "readwrite", (drafts) => drafts.delete(draftKey(form)));

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// What was kept stands in the form again. What is `own` to this page (a field named here, or marked so) stays as it is.
export function fillIn(form, item, own = []) {
  for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
  for (const [name, value] of item.fields) {
    const field = form.elements[name];
    const inputs = field instanceof RadioNodeList ? [...field] : [field].filter(Boolean);
    for (const input of inputs) {
      if (own.includes(name) || "own" in input.dataset) continue;
      if (!["checkbox", "radio"].includes(input.type)) input.value = value;
      else if (input.value === value) input.checked = true;
    }
  }
}

/* ── Sending ─────────────────────────────────────────────────────────────── */

// Files are kept for themselves, each as an item of its own (field.js).
export const fieldsOf = (form) =>
  [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File));

function bodyOf(fields) {
  if (!fields.some(([, value]) => value instanceof Blob)) return new URLSearchParams(fields);
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return body;
}

const PATIENCE = 20000; // milliseconds until a server that says nothing counts as out of reach
export function ask(url, options) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE);
  return fetch(url, { redirect: "manual", cache: "no-store", signal: patience.signal, ...options });
}

// What became of it: received, refused, conflict; later (it belongs to something that has not arrived yet); waiting (no network, server busy), sign-in, other (another person).
export async function deliver(item) {
  try {
    const asked = await ask(root.dataset.tokenUrl);
    if (asked.type === "opaqueredirect") return { state: "sign-in" };
    if (!asked.ok) return { state: "waiting" };
    const { person: signedIn, token } = await asked.json();
    if (String(signedIn) !== item.person) return { state: "other" };
    // What the clock of this phone says now, beside what it said then: so the server knows how long ago it was.
    const now = item.fields.some(([name]) => name === "phone_time") ? [["phone_now", new Date().toISOString()]] : [];
    const fields = item.fields.filter(([name]) => name !== "phone_now");
    const body = bodyOf([...fields, ...now, ["csrfmiddlewaretoken", token]]);
    const response = await ask(item.url, { method: "POST", body });
    if (response.type === "opaqueredirect") return { state: "sign-in" };
    if ([200, 409, 422].includes(response.status)) return { ...(await response.json()), token };
    if (response.status === 404) return { state: "refused", text: root.dataset.gone, token };
    return { state: "waiting" };
  } catch {
    return { state: "waiting" };
  }
}

// One page at a time sends; the server would store a report once all the same, by its key.
const inTurn = (act) => navigator.locks ? navigator.locks.request("fugong-queue", act) : act();

export const flush = () => inTurn(async () => {
  let received = 0;
  for (const item of await mine()) {
    if (item.state !== "waiting") continue;
    const answer = await deliver(item);
    if (answer.state === "received") {
      await drop(item.key);
      received += 1;
    } else if (answer.state === "refused" || answer.state === "conflict") await save({ ...item, ...answer, token: undefined });
    else if (answer.state !== "later") break;
  }
  await showWaiting();
  document.dispatchEvent(new CustomEvent("fugong:queue", { detail: received }));
  return received;
});

// Sends a form of ours. It is kept first; what the server refuses goes the ordinary way, which shows why beside its field.
export async function send(form) {
  const data = form.dataset;
  const fields = fieldsOf(form);
  const value = (name) => fields.find(([field]) => field === name)?.[1] ?? "";
  const item = {
    key: value("client_key"), person, fields, url: data.send, page: data.page, title: data.title, about: data.about,
    day: value("day"), said: value("on_post") && `${value("on_post")} / ${value("roster")}`, saved: Date.now(),
    state: "waiting",
  };
  try {
    await save(item);
  } catch {
    return form.submit(); // no store on this device: the ordinary way
  }
  await dropDraft(form); // what waits holds it now
  const answer = await inTurn(() => deliver(item));
  if (answer.state === "received") {
    await drop(item.key);
    return location.assign(answer.url);
  }
  if (answer.state === "refused" || answer.state === "conflict") {
    if (form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = answer.token;
    // A page kept from another day, or a tap on the start page, has no form to mend: the list of waiting ones shows it.
    if (isOld || !form.matches("[data-report], [data-kept-form]")) {
      await save({ ...item, ...answer, token: undefined });
      return location.assign(root.dataset.outboxUrl);
    }
    await drop(item.key);
    return form.submit();
  }
  if (answer.state === "sign-in") return location.assign(root.dataset.signInUrl);
  await showWaiting();
  showOffline(true);
  tryAgain(0);
  // The list of what waits, if this device can open it without a network; else the line above says that it waits.
  part("waiting").scrollIntoView({ block: "center" });
  if (navigator.serviceWorker?.controller && (await caches.match(root.dataset.outboxUrl))) location.assign(root.dataset.outboxUrl);
}

/* ── What the page says ──────────────────────────────────────────────────── */

const part = (name) => root.querySelector(`[data-${name}]`);

async function showWaiting() {
  const line = part("waiting");
  const count = (await mine()).length;
  line.hidden = count === 0 || location.pathname === root.dataset.outboxUrl;
  line.querySelector("[data-word]").textContent = line.dataset.words.replace("{n}", count);
}

export function showOffline(isOffline) {
  part("off").hidden = !isOffline;
  for (const button of document.querySelectorAll("[data-later]")) {
    button.classList.toggle("later", isOffline);
    const word = button.querySelector("[data-word]");
    button.dataset.now ??= word.textContent;
    word.textContent = isOffline ? button.dataset.later : button.dataset.now;
  }
}

// What may fail (a store that is full, a worker that a policy forbids) never keeps the rest from working.
async function start() {
  part("insecure").hidden = window.isSecureContext;
  part("old").hidden = !isOld;
  showOffline(!navigator.onLine);
  // First of all: a tap made while anything below still waits is kept, not lost.
  for (const form of document.querySelectorAll("form[data-send]:not([data-report], [data-kept-form])")) {
    form.elements.client_key.value = newKey();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isOld) form.elements.day.value = placeToday();
      send(form);
    });
  }
  addEventListener("offline", () => showOffline(true));
  for (const [target, name] of [[window, "online"], [window, "focus"], [window, "pageshow"], [document, "visibilitychange"]]) {
    target.addEventListener(name, () => document.hidden || tryAgain(0));
  }
  if (isKept) showOffline(true);
  await tryAgain(0);
  await keepPages().catch(() => {});
}

// Browsers do not always tell that the network is back: asked again, ever more rarely, while something waits.
let timer, trying, again;
async function tryAgain(seconds) {
  clearTimeout(timer);
  // One round at a time; what is asked for meanwhile is another round after it.
  if (trying) return (again = true);
  trying = true;
  again = false;
  let waits = false;
  let isBack = part("off").hidden;
  try {
    await flush();
    waits = (await mine()).some((item) => item.state === "waiting");
    isBack = (isBack && !waits) || (await reached());
    showOffline(!isBack);
  } catch {
    // This device keeps nothing: the forms go the ordinary way.
  }
  trying = false;
  const next = again ? 0 : Math.min(30, Math.max(2, seconds * 2));
  if (again || waits || !isBack) timer = setTimeout(() => tryAgain(next), next * 1000);
}

const reached = () => ask(root.dataset.tokenUrl).then(() => true, () => false);

// Pages of another person go; one's own are kept as they are now.
async function keepPages() {
  if (!window.isSecureContext || !navigator.serviceWorker) return;
  for (const name of await caches.keys()) {
    if (name.startsWith("fugong-pages-") && name !== `fugong-pages-${person}`) await caches.delete(name);
  }
  await navigator.serviceWorker.register(root.dataset.worker);
  if (isKept) return;
  const worker = (await navigator.serviceWorker.ready).active;
  worker.postMessage({ person, keep: root.dataset.keep.split(" ").filter(Boolean) });
}

if (root) start();
