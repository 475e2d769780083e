// The officer's pages in the hand: dialling, printing, and forms that are kept on the phone until there is a network.

import { mine, newKey, send } from "./my.js";

document.querySelector("[data-dial]")?.click();

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const form = document.querySelector("form[data-kept-form]");
if (form) start(form);

// The key is made here, once per filling-in; the time is that at which the page was filled in, by the phone's own clock.
async function start(form) {
  const fields = form.elements;
  if (!form.hasAttribute("data-refused")) fields.client_key.value = newKey();
  const key = /#kept=([\w-]+)/.exec(location.hash)?.[1];
  const item = key ? (await mine()).find((one) => one.key === key) : undefined;
  for (const [name, value] of item?.fields ?? []) fill(fields[name], value);
  place(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (fields.phone_time && !fields.phone_time.value) fields.phone_time.value = new Date().toISOString();
    event.submitter?.setAttribute("disabled", "");
    send(form).finally(() => event.submitter?.removeAttribute("disabled"));
  });
}

function fill(field, value) {
  const inputs = field instanceof RadioNodeList ? [...field] : [field].filter(Boolean);
  for (const input of inputs) {
    if (input.type === "radio") input.checked = input.value === value;
    else input.value = value;
  }
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
