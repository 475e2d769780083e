// Small helps on every page. Each page works without this file; nothing here is needed to read or to send.

const on = (selector, type, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });

// After a refused form, reading starts at the list of what to mend.
document.querySelector("[data-focus]")?.focus();

// Large type at once, without losing what is typed; without script the same form reloads the page.
on("form[data-large-type]", "submit", (form, event) => {
  event.preventDefault();
  const root = document.documentElement;
  const wanted = form.elements.large;
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" })
    .then((response) => {
      if (!response.ok && response.type !== "opaqueredirect") throw new Error(response.statusText);
      const large = root.classList.toggle("fu-large", wanted.value === "1");
      wanted.value = large ? "0" : "1";
      form.querySelector("[aria-pressed]").setAttribute("aria-pressed", String(large));
    })
    .catch(() => form.submit());
});

// Who signs in next on this device finds no page of the one before (my.js keeps pages for a day without network).
if (document.querySelector("[name=login]") && window.caches) {
  caches.keys().then((names) => names.filter((name) => name.startsWith("fugong-pages-")).forEach((name) => caches.delete(name)));
}

// The eye beside a password.
for (const eye of document.querySelectorAll("[data-eye]")) eye.hidden = false;
on("[data-eye]", "click", (eye) => {
  const input = document.getElementById(eye.getAttribute("aria-controls"));
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  eye.setAttribute("aria-pressed", String(shown));
});

// Copy buttons: data-copy names the element whose text is copied, data-done the word said afterwards.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
on("[data-copy]", "click", (button) => {
  const text = document.getElementById(button.dataset.copy).textContent.trim();
  navigator.clipboard.writeText(text).then(() => announce(button.dataset.done));
  button.querySelector("[data-word]").textContent = button.dataset.done;
});

// Menus: Esc and a click elsewhere close them, and the focus goes back to where it was.
const openMenus = () => document.querySelectorAll("details.fu-menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// The one-key shortcut `/` goes to the search of the page; it can be switched off in the menu of the person (WCAG 2.1.4).
const KEY = "fu_shortcuts_off";
const stored = () => localStorage.getItem(KEY) === "1";
for (const toggle of document.querySelectorAll("[data-surface=desk] [data-shortcuts]")) {
  toggle.hidden = false;
  toggle.setAttribute("aria-pressed", String(!stored()));
}
on("[data-shortcuts]", "click", (toggle) => {
  localStorage.setItem(KEY, stored() ? "0" : "1");
  toggle.setAttribute("aria-pressed", String(!stored()));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || stored()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// j and k go to the next and the last row of the table that one is in, else of the first one; Enter opens its link.
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || stored()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const table = event.target.closest("table[data-rows]") ?? document.querySelector("table[data-rows]");
  const rows = [...(table?.querySelectorAll("tbody tr") ?? [])].map((row) => row.querySelector("a")).filter(Boolean);
  if (!rows.length) return;
  event.preventDefault();
  const here = rows.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].focus();
});

// Ctrl+Enter sends a form from any of its fields and goes on to the next; the button for it says so.
on("form[data-keys]", "keydown", (form, event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-next]"));
});

// A part of the page that was replaced says its result to those who do not see it.
function announce(text) {
  const live = document.getElementById("fu-live");
  if (live && text) live.textContent = text;
}
document.addEventListener("htmx:afterSwap", () =>
  announce(document.querySelector("[data-announce]")?.textContent.trim()),
);

// A list of fields: the chosen one goes into the text where the cursor stands.
on("select[data-insert]", "change", (list) => {
  const text = document.getElementById(list.dataset.insert);
  text.setRangeText(list.value, text.selectionStart, text.selectionEnd, "end");
  list.value = "";
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
