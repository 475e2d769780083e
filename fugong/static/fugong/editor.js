// A text with {fields} as one sees it: each field is a chip with its figure. The text box beneath stays the truth; without
// this file it is typed into directly. data-fields: what each field says now, as JSON.

const NO_WIDTH = "\u200b";
const FIELD = /\{[^{}\n]*\}/g;

for (const area of document.querySelectorAll("textarea[data-fields]")) edit(area);

function edit(area) {
  const said = JSON.parse(area.dataset.fields);
  const box = document.createElement("div");
  box.className = "fu-rich";
  box.contentEditable = "true";
  box.lang = area.lang;
  box.id = `${area.id}_rich`;
  for (const [name, value] of Object.entries({
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": area.labels[0]?.textContent.trim() ?? "",
  }))
    box.setAttribute(name, value);

  const chip = (source) => {
    const made = document.createElement("span");
    const known = said[source] !== undefined;
    made.className = known ? "fu-tok" : "fu-tok bad";
    made.contentEditable = "false";
    made.dataset.source = made.title = source;
    made.textContent = known ? said[source] || "—" : source;
    return made;
  };

  const pieces = (text) => {
    const made = document.createDocumentFragment();
    let end = 0;
    for (const match of text.matchAll(FIELD)) {
      made.append(text.slice(end, match.index), chip(match[0]));
      end = match.index + match[0].length;
    }
    made.append(text.slice(end));
    return made;
  };

  // Each line is a block, so that the browser's own Enter and Backspace work.
  const show = () =>
    box.replaceChildren(
      ...area.value.split("\n").map((line) => {
        const block = document.createElement("div");
        block.append(line ? pieces(line) : document.createElement("br"));
        // No caret stands behind a chip that ends its line unless some text, of no width, is there to hold it.
        if (line.endsWith("}")) block.append(NO_WIDTH);
        return block;
      }),
    );

  const lineOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replaceAll(NO_WIDTH, "").replace(/\u00a0/g, " ");
    if (node.dataset?.source) return node.dataset.source;
    if (node.nodeName === "BR") return node.nextSibling || node.previousSibling ? "\n" : "";
    return [...node.childNodes].map(lineOf).join("");
  };
  const read = (root = box) => {
    const lines = [];
    let open = false;
    for (const node of root.childNodes) {
      if (node.nodeName === "DIV" || node.nodeName === "P") {
        lines.push(lineOf(node));
        open = false;
      } else if (open) {
        lines.push(lines.pop() + lineOf(node));
      } else {
        lines.push(lineOf(node));
        open = true;
      }
    }
    return lines.join("\n");
  };

  const keep = () => {
    area.value = read();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let caret = null;
  document.addEventListener("selectionchange", () => {
    const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
    if (!range || !box.contains(range.commonAncestorContainer)) return;
    const within = chipOf(range.startContainer);
    if (range.collapsed && within) behind(within);
    else caret = range.cloneRange();
  });
  const chipOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest(".fu-tok");
  // Nothing is typed into a chip: a click on it puts the caret behind it.
  const behind = (made) => {
    const range = document.createRange();
    range.setStartAfter(made);
    range.collapse(true);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  box.addEventListener("click", (event) => {
    const made = event.target.closest(".fu-tok");
    if (made && getSelection().isCollapsed) behind(made);
  });
  const put = (content) => {
    box.focus();
    const range = caret ?? document.createRange();
    if (!caret) {
      range.selectNodeContents(box.lastElementChild ?? box);
      range.collapse(false);
    }
    range.deleteContents();
    const last = content.lastChild;
    range.insertNode(content);
    if (last) range.setStartAfter(last);
    range.collapse(true);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    keep();
  };

  box.addEventListener("input", keep);
  // What is typed in braces becomes a chip as soon as the text is left.
  box.addEventListener("blur", () => {
    if (!box.hidden && [...box.childNodes].some((node) => /\{[^{}]*\}/.test(textOutside(node)))) {
      caret = null;
      show();
    }
  });
  const textOutside = (node) =>
    node.nodeType === Node.TEXT_NODE ? node.data : node.dataset?.source ? "" : [...node.childNodes].map(textOutside).join("");
  // Pasted is the text alone; fields in it become chips. A copied chip carries its field.
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    const lines = document.createDocumentFragment();
    // Lines parted by breaks until the text is read again: then each is a block of its own.
    for (const [at, line] of text.split("\n").entries()) {
      if (at) lines.append(document.createElement("br"));
      lines.append(pieces(line));
    }
    put(lines);
    if (text.includes("\n")) {
      caret = null;
      show();
    }
  });
  for (const type of ["copy", "cut"])
    box.addEventListener(type, (event) => {
      const part = getSelection().getRangeAt(0).cloneContents();
      event.preventDefault();
      event.clipboardData.setData("text/plain", read(part));
      if (type === "cut") {
        getSelection().deleteFromDocument();
        keep();
      }
    });
  box.addEventListener("drop", (event) => event.preventDefault());

  document.querySelector(`select[data-insert="${area.id}"]`)?.addEventListener("change", (event) => {
    if (box.hidden) return;
    event.stopImmediatePropagation();
    const source = event.target.value;
    event.target.value = "";
    if (source) put(pieces(source));
  });

  const codes = document.querySelector(`[data-codes="${area.id}"]`);
  const choose = (raw) => {
    if (!raw) show();
    box.hidden = raw;
    area.classList.toggle("fu-away", !raw);
    area.tabIndex = raw ? 0 : -1;
    codes?.setAttribute("aria-pressed", String(raw));
  };
  if (codes) {
    codes.hidden = false;
    codes.addEventListener("click", () => choose(!box.hidden));
  }
  area.before(box);
  area.form?.addEventListener("submit", () => box.hidden || (area.value = read()));
  choose(false);
}
