// The list of reports that wait on this device: each with its state, a conflict with both words, for a person to choose.

import { drop, flush, mine, save } from "./my.js";

const list = document.querySelector("[data-outbox]");
const pattern = document.getElementById("outbox-item");

async function draw(received = 0) {
  const items = await mine();
  list.replaceChildren(...items.map(card));
  document.querySelector("[data-empty]").hidden = items.length > 0;
  const done = document.querySelector("[data-received]");
  if (received) {
    done.hidden = false;
    done.querySelector("[data-word]").textContent = done.dataset.words.replace("{n}", received);
  }
}

function card(item) {
  const one = pattern.content.firstElementChild.cloneNode(true);
  const part = (name) => one.querySelector(`[data-${name}]`);
  part("title").textContent = item.title;
  part("about").textContent = [item.about, item.day, item.said].filter(Boolean).join(" · ");
  part("text").textContent = item.text ?? "";
  for (const chip of one.querySelectorAll("[data-state]")) chip.hidden = chip.dataset.state !== item.state;
  part("more").hidden = item.state === "waiting";
  part("both").hidden = item.state !== "conflict";
  part("mend").hidden = item.state !== "refused" || !item.page;
  part("mend").href = `${item.page}#kept=${item.key}`;
  part("mend").toggleAttribute("inert", !item.page);
  if (item.state === "conflict") {
    part("mine").textContent = item.mine;
    part("theirs").textContent = item.theirs;
    part("theirs-by").textContent = item.by;
  }
  part("use-mine").addEventListener("click", () => again(item, "seen", item.seen));
  part("use-theirs").addEventListener("click", () => again(item, "gives_way", "1"));
  part("forget").hidden = item.state !== "refused";
  part("forget").addEventListener("click", () => confirm(list.dataset.forget) && drop(item.key).then(() => draw()));
  return one;
}

async function again(item, name, value) {
  const fields = [...item.fields.filter(([field]) => field !== name), [name, String(value)]];
  await save({ ...item, fields, state: "waiting" });
  await flush();
}

document.addEventListener("fugong:queue", (event) => draw(event.detail));
draw();
