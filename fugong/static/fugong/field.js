// The officer's pages in the hand: dialling, printing, and forms that are kept on the phone until there is a network.

import { fillIn, mine, newKey, send } from "./my.js";

document.querySelector("[data-dial]")?.click();

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const form = document.querySelector("form[data-kept-form]");
if (form) start(form);

// The key is made here, once per filling-in; the time is that at which the page was filled in, by the phone's own clock.
function start(form) {
  const fields = form.elements;
  if (!form.hasAttribute("data-refused")) fields.client_key.value = newKey();
  const filled = refill(form);
  // Listened for before anything is waited for: a tap made meanwhile is kept, not lost.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button?.setAttribute("disabled", "");
    await filled;
    if (fields.phone_time && !fields.phone_time.value) fields.phone_time.value = new Date().toISOString();
    send(form).finally(() => button?.removeAttribute("disabled"));
  });
  place(form);
}

// What was kept under the key of the address stands in the form again.
async function refill(form) {
  const key = /#kept=([\w-]+)/.exec(location.hash)?.[1];
  const item = key ? (await mine()).find((one) => one.key === key) : undefined;
  if (!item) return;
  fillIn(form, item);
  form.dispatchEvent(new Event("input"));
}

// Asked only when it is tapped; refusing changes nothing else.
function place(form) {
  const button = form.querySelector("[data-place]");
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.latitude.value = coords.latitude.toFixed(5);
      form.elements.longitude.value = coords.longitude.toFixed(5);
      button.querySelector("[data-word]").textContent = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
    }, () => (button.hidden = true), { timeout: 10000, maximumAge: 60000 });
  });
}
