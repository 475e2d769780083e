// The daily report: shows what was carried over and what was changed, counts the changes into the button, and measures
// the time it took. The form sends the same values without it.

import { ask, draftOf, dropDraft, fillIn, isOld, keepDraft, mine, newKey, placeToday, send } from "./my.js";

const form = document.querySelector("form[data-report]");
if (form) start(form);

function start(form) {
  // Only the time in which the page is seen: a telephone put away is nobody's work.
  let began = performance.now(), spent = (Number(form.elements.seconds?.value) || 0) * 1000;
  const seconds = () => Math.round((spent + (document.hidden ? 0 : performance.now() - began)) / 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) spent += performance.now() - began;
    else began = performance.now();
  });

  const refresh = () => {
    for (const row of form.querySelectorAll("[data-row]")) showRow(form, row);
    showCount(form);
  };
  form.addEventListener("input", refresh);
  refresh();
  const keep = keeping(form, seconds);

  const elapsed = document.querySelector("[data-elapsed]");
  if (elapsed) {
    const show = () => (elapsed.textContent = elapsed.dataset.elapsed.replace("{n}", seconds()));
    show();
    setInterval(show, 1000);
  }
  form.addEventListener("submit", (event) => {
    form.elements.seconds.value = seconds();
    event.preventDefault();
    if (event.submitter?.name === "draft") return keep.andLeave(event.submitter.dataset.home);
    if (event.submitter?.name === "drop") return keep.nothing();
    event.submitter?.setAttribute("disabled", "");
    keep.stop().then(() => send(form)).finally(() => event.submitter?.removeAttribute("disabled"));
  });
  prepare(form).then(refresh);
}

// The key is made here, once per filling-in. A page kept from another day reports today; one that waits is taken up again.
async function prepare(form) {
  if (!form.hasAttribute("data-refused")) form.elements.client_key.value = newKey();
  if (isOld) {
    form.elements.day.value = placeToday();
    form.elements.seen.value = "0";
  }
  const key = /#kept=([\w-]+)/.exec(location.hash)?.[1];
  const item = key ? (await mine()).find((one) => one.key === key) : await draftOf(form).catch(() => undefined);
  if (!item || (!key && form.hasAttribute("data-refused"))) return;
  if (!key) document.querySelector("[data-begun]").hidden = false;
  // `beside` names the other incidents whose fields stand in this page, not in the one that was left.
  fillIn(form, item, key ? ["beside"] : ["beside", "client_key", "drafted"]);
}

// The form as it stands is kept while it is filled in: on this device at once, on the server when it can be reached.
const TYPING = 1200; // milliseconds without a key until it is kept
const LEAVING = 3000; // milliseconds at most until the page is left

function keeping(form, seconds) {
  let timer, isDone = false, underWay = Promise.resolve();
  const waited = () => new Promise((done) => setTimeout(done, LEAVING));
  const note = document.querySelector("[data-begun]");
  const local = (act) => act.catch(() => {}); // a device that keeps nothing: the server does
  const onServer = (more) => {
    form.elements.seconds.value = seconds();
    const body = new URLSearchParams([...new FormData(form), ...more]);
    return ask(form.dataset.draft, { method: "POST", body, keepalive: true }).then((answer) => answer.status === 204, () => false);
  };
  const now = () => (underWay = keepBoth());
  async function keepBoth() {
    clearTimeout(timer);
    timer = undefined;
    if (await keepDraft(form).then(() => true, () => false)) tell();
    if (isDone) return local(dropDraft(form));
    if (await onServer([])) {
      form.elements.drafted.value = "1";
      if (!isDone) await local(dropDraft(form));
      tell();
    }
  }
  function tell() {
    note.hidden = false;
    note.querySelector("[data-word]").textContent = note.dataset.words;
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, TYPING);
  });
  document.addEventListener("visibilitychange", () => document.hidden && timer && !isDone && now());
  return {
    // What is on its way to the server arrives before the report, not after it.
    stop: () => {
      isDone = true;
      clearTimeout(timer);
      return Promise.race([underWay, waited()]);
    },
    // Kept on this device it is safe: a server that says nothing keeps nobody on the page.
    andLeave: (url) => Promise.race([now(), waited()]).then(() => location.assign(url)),
    nothing: async () => {
      isDone = true;
      clearTimeout(timer);
      await Promise.race([underWay, waited()]);
      await local(dropDraft(form));
      await onServer([["drop", "1"]]);
      location.replace(location.pathname + location.search);
    },
  };
}

// "1,200" and " 72.0 " are the same number as 1200 and 72; a word is compared as it stands.
function plain(text) {
  const bare = text.replace(/[,，\s]/g, "");
  return bare !== "" && Number.isFinite(Number(bare)) ? String(Number(bare)) : text.trim();
}

// A field is its value; a group of ticks or choices is the sorted list of what is ticked.
function valueOf(element) {
  if (!element.matches("fieldset")) return plain(element.value);
  return [...element.querySelectorAll(":checked")].map((input) => input.value).sort().join(" ");
}

function wasOf(element) {
  const was = element.dataset.was;
  return element.matches("fieldset") ? was.split(" ").filter(Boolean).sort().join(" ") : plain(was);
}

function showRow(form, row) {
  const input = row.querySelector("input");
  const frame = row.querySelector(".fu-in");
  const yesterday = plain(row.dataset.yesterday);
  const today = plain(input.value);
  const known = yesterday !== "";
  const changed = known && today !== yesterday;
  frame.classList.toggle("was", known && !changed);
  frame.classList.toggle("new", changed && !frame.classList.contains("err"));
  row.classList.toggle("changed", changed && !frame.classList.contains("err"));
  const line = row.querySelector("[data-words]");
  if (line) line.textContent = line.dataset.words;
  if (line && changed && today !== "") line.textContent = compared(form, line.dataset.words, today - yesterday);
}

function compared(form, words, by) {
  if (!Number.isFinite(by)) return words;
  const size = String(Math.round(Math.abs(by) * 100) / 100);
  return form.dataset.today.replace("{yesterday}", words).replace("{n}", (by < 0 ? "\u2212" : "+") + size);
}

function showCount(form) {
  const button = document.querySelector("[data-changed]");
  if (!button) return;
  const count = [...form.querySelectorAll("[data-was]")].filter((field) => valueOf(field) !== wasOf(field)).length;
  const word = button.querySelector("[data-word]");
  const words = count ? button.dataset.changed.replace("{n}", count) : button.dataset.plain;
  // Without a network the button says that it keeps (my.js); these words come back with the network.
  if (button.classList.contains("later")) button.dataset.now = words;
  else word.textContent = words;
}
