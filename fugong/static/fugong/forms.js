// A checklist while it is filled in: asks what is to be asked, says what is wrong or failed, and sends only what is sound.

import { judge } from "./expressions.js";
import { placeToday, root } from "./my.js";

for (const form of document.querySelectorAll("form")) {
  const lists = [...form.querySelectorAll("[data-checks]")].map((node) => checklist(form, node));
  if (lists.length) start(form, lists);
}

function start(form, lists) {
  const refresh = () => lists.forEach((list) => list.refresh());
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  // Before anything is sent or kept for later: what is wrong can be mended while one stands at the gate.
  form.addEventListener("submit", (event) => {
    const wrong = lists.map((list) => list.complain()).find(Boolean);
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.closest("details")?.setAttribute("open", "");
    wrong.scrollIntoView({ block: "center" });
    wrong.querySelector("input, textarea")?.focus({ preventScroll: true });
  }, { capture: true });
  refresh();
}

function checklist(form, node) {
  const { code, today } = node.dataset;
  const questions = JSON.parse(node.dataset.live);
  const words = JSON.parse(node.dataset.words);
  const cards = new Map([...node.querySelectorAll("[data-question]")].map((card) => [card.dataset.question, card]));
  const fieldsOf = (card) => [...card.querySelectorAll("input, textarea")];
  const progress = node.closest("details")?.querySelector("[data-progress]");
  const frame = node.closest("[data-purposes]");
  const clear = node.querySelector("[data-clear]");
  let isStrict = cards.size > 0 && Boolean(node.querySelector("[data-wrong]:not([hidden])"));

  function raw() {
    const found = Object.create(null);
    for (const [name, card] of cards) {
      const fields = fieldsOf(card).filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
      found[name] = fields.map((field) => field.value);
    }
    return found;
  }

  const isBegun = (given) => Object.values(given).some((values) => values.some((value) => value.trim()));
  const outcome = () => judge(questions, raw(), root ? placeToday() : today);

  // Without a word on it, what nobody has answered yet is not wrong until it is to be sent.
  function refresh() {
    showFrame();
    const { shown, wrong, failed, answers } = outcome();
    const faults = new Map(isBegun(raw()) ? wrong : []);
    for (const question of questions) {
      const card = cards.get(question.name);
      card.hidden = !shown.includes(question.name);
      for (const field of fieldsOf(card)) field.disabled = card.hidden || Boolean(frame?.hidden);
      showFault(card, question, isStrict || faults.get(question.name) !== "required" ? faults.get(question.name) : undefined);
      card.querySelector("[data-failed]").hidden = !failed.includes(question.name);
    }
    if (progress) progress.textContent = progress.dataset.progress
      .replace("{n}", Object.keys(answers).length).replace("{m}", asked(shown)).replace("{f}", failed.length);
    if (clear) clear.hidden = !isBegun(raw());
  }

  const asked = (shown) => questions.filter(({ name, type }) => type !== "note" && shown.includes(name)).length;

  // Which lists belong to a visit is said by the playbook: its way and its purpose.
  function showFrame() {
    if (!frame) return;
    const fits = (list, field) => !list || !field || list.split(" ").includes(field.value);
    frame.hidden = !(fits(frame.dataset.ways, form.elements.way) && fits(frame.dataset.purposes, form.elements.purpose));
  }

  function showFault(card, question, fault) {
    const line = card.querySelector("[data-wrong]");
    line.hidden = !fault;
    card.classList.toggle("err", Boolean(fault));
    card.querySelector(".fu-in")?.classList.toggle("err", Boolean(fault));
    for (const field of fieldsOf(card)) {
      if (field.type !== "radio") field.setAttribute("aria-invalid", String(Boolean(fault)));
    }
    line.querySelector("[data-word]").textContent = fault === "constraint" && question.message || words[fault] || "";
  }

  // The card to mend first; nothing for a list that nobody has begun, or that this visit does not ask.
  function complain() {
    if (frame?.hidden || (frame && !isBegun(raw()))) return undefined;
    isStrict = true;
    refresh();
    const [first] = outcome().wrong;
    return first && cards.get(first[0]);
  }

  clear?.addEventListener("click", () => {
    for (const card of cards.values()) {
      for (const field of fieldsOf(card)) {
        if (["radio", "checkbox"].includes(field.type)) field.checked = false;
        else field.value = "";
      }
    }
    isStrict = false;
    refresh();
  });

  return { code, refresh, complain };
}
