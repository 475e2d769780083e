// The officer's pages in the hand: dialling, printing, and forms that are kept on the phone until there is a network.

import { fillIn, mine, newKey, person, save, send } from "./my.js";

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
  const photos = choosePhotos(form);
  // Listened for before anything is waited for: a tap made meanwhile is kept, not lost.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button?.setAttribute("disabled", "");
    await filled;
    // Where this phone keeps nothing, they stay in the form, which then goes the ordinary way.
    await keepPhotos(form, await photos.taken()).then(photos.forget, () => {});
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

/* ── Photos ──────────────────────────────────────────────────────────────── */

const LONGEST = 1600; // pixels
const QUALITY = 0.8;
const BEHIND = 2000; // milliseconds: the visit is kept in between, and is sent first

// Drawn anew on this phone: small enough for a weak network, and without the place and the time it was taken.
async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("not drawn");
  return blob;
}

// What was chosen, made smaller at once; says what was left out.
function choosePhotos(form) {
  const input = form.querySelector("[data-photos]");
  let taken = Promise.resolve([]);
  input?.addEventListener("change", () => (taken = read(input)));
  return { taken: () => taken, forget: () => (taken = Promise.resolve([])) };
}

async function read(input) {
  const words = input.parentElement.querySelector("[data-photo-words]");
  const most = Number(input.dataset.photos);
  const faults = input.files.length > most ? [input.dataset.many] : [];
  const blobs = [];
  for (const file of [...input.files].slice(0, most)) {
    try {
      blobs.push(await smaller(file));
    } catch {
      faults.push(`${file.name}: ${input.dataset.broken}`);
    }
  }
  words.textContent = faults.join(" ");
  return blobs;
}

// Each is an item of its own behind its visit: kept, sent once, and named in the list of what waits.
async function keepPhotos(form, blobs) {
  const input = form.querySelector("[data-photos]");
  for (const [number, blob] of blobs.entries()) {
    const key = newKey();
    const fields = [["visit_key", form.elements.client_key.value], ["client_key", key], ["photo", blob]];
    await save({
      key, person, fields, url: input.dataset.send, page: "", title: form.dataset.title,
      about: input.dataset.about, day: form.elements.day.value, said: "", saved: Date.now() + BEHIND + number, state: "waiting",
    });
  }
  // Sent with the form the ordinary way only where this phone keeps nothing.
  if (blobs.length) input.value = "";
}
