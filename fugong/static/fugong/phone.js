// The daily report: shows what was carried over and what was changed, counts the changes into the button, and measures
// the time it took. The form sends the same values without it.

import { isOld, mine, newKey, placeToday, send } from "./my.js";

const form = document.querySelector("form[data-report]");
if (form) start(form);

function start(form) {
  const began = performance.now();
  const before = Number(form.elements.seconds?.value) || 0;
  const seconds = () => before + Math.round((performance.now() - began) / 1000);

  const refresh = () => {
    for (const row of form.querySelectorAll("[data-row]")) showRow(form, row);
    showCount(form);
  };
  form.addEventListener("input", refresh);
  refresh();

  const elapsed = document.querySelector("[data-elapsed]");
  if (elapsed) {
    const show = () => (elapsed.textContent = elapsed.dataset.elapsed.replace("{n}", seconds()));
    show();
    setInterval(show, 1000);
  }
  form.addEventListener("submit", (event) => {
    form.elements.seconds.value = seconds();
    if (event.submitter?.name === "draft") return;
    event.preventDefault();
    event.submitter?.setAttribute("disabled", "");
    send(form).finally(() => event.submitter?.removeAttribute("disabled"));
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
  const item = key && (await mine()).find((one) => one.key === key);
  if (!item) return;
  for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
  for (const [name, value] of item.fields) fill(form.elements[name], value);
}

function fill(field, value) {
  if (!field) return;
  const inputs = field instanceof RadioNodeList ? [...field] : [field];
  for (const input of inputs) {
    if (!["checkbox", "radio"].includes(input.type)) input.value = value;
    else if (input.value === value) input.checked = true;
  }
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
