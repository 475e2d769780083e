// The board keeps itself fresh: it asks for one number, and fetches the page again when the number has risen. It stops
// while nobody looks, says when the server gives no answer, and reads new figures out at most once a minute.

const SECOND = 1000;
const EVERY = 2 * SECOND;
const SLOWEST = 60 * SECOND;
const STALE = 60 * SECOND;
// Clocks on the wall move on without new figures.
const AGED = 5 * 60 * SECOND;
const NIGHT = 24 * 60 * 60 * SECOND;

const polled = () => document.querySelector("[data-poll]");
if (polled()) start();

function start() {
  let tag = null;
  let wait = EVERY;
  let timer = 0;
  let heard = Date.now();
  let told = 0;
  const begun = Date.now();
  let drawn = begun;

  const later = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, wait);
  };

  async function ask() {
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(polled().dataset.poll, { ...asking(), headers });
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      heard = Date.now();
      wait = EVERY;
      tag = answer.headers.get("ETag") ?? tag;
      if (answer.status === 200) {
        const { version } = await answer.json();
        if (String(version) !== polled().dataset.version) await renew();
      }
      if (isWall() && Date.now() - drawn > AGED) await renew();
    } catch {
      // Others wait as well: the longer it lasts, the seldomer it is asked.
      wait = Math.min(wait * 2, SLOWEST);
    }
    showAge();
    if (isWall() && heard - begun > NIGHT) location.reload();
    else later();
  }

  async function renew() {
    const answer = await fetch(location.href, asking());
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#main");
    if (!fresh || !page.querySelector("[data-poll]")) throw new Error("no board");
    put(fresh);
    drawn = Date.now();
    if (Date.now() - told > SLOWEST) {
      told = Date.now();
      document.getElementById("fu-live").textContent = polled().dataset.word;
    }
  }

  function showAge() {
    const silent = Date.now() - heard;
    const note = document.querySelector("[data-stale]");
    if (note) {
      note.hidden = silent < STALE;
      note.querySelector("[data-since]").textContent = new Date(heard).toLocaleTimeString();
    }
    const chip = document.querySelector("[data-fresh]");
    if (chip) {
      chip.classList.toggle("ok", silent < STALE);
      chip.classList.toggle("risk", silent >= STALE);
      if (silent >= STALE) {
        const { freshWord, minutesWord } = chip.dataset;
        chip.querySelector("[data-age]").textContent = `${freshWord} ${Math.floor(silent / STALE)} ${minutesWord}`;
      }
    }
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  later();
  if (isWall()) shift();
}

// A server that says nothing at all is one that gives no answer.
function asking() {
  return { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(10 * SECOND) };
}

function isWall() {
  return document.body.dataset.surface === "wall";
}

// The new page takes the place of the old one: what was open stays open, and the focus stays where it was.
function put(fresh) {
  const main = document.querySelector("#main");
  const open = [...main.querySelectorAll("details")].map((one) => one.open);
  const focused = main.contains(document.activeElement) ? document.activeElement : null;
  const same = focused && [...main.querySelectorAll("a, button, summary")].indexOf(focused);
  const href = focused?.getAttribute("href");
  main.replaceChildren(...fresh.childNodes);
  [...main.querySelectorAll("details")].forEach((one, number) => (one.open = open[number] ?? one.open));
  if (!focused) return;
  const found = href
    ? [...main.querySelectorAll("a")].find((one) => one.getAttribute("href") === href)
    : main.querySelectorAll("a, button, summary")[same];
  found?.focus({ preventScroll: true });
}

// A picture that never moves burns in: a pixel to and fro every ten minutes.
function shift() {
  setInterval(() => document.body.classList.toggle("fu-shifted"), 10 * 60 * SECOND);
}
