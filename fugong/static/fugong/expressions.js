// What the answers to a form amount to, on the phone as on the server (base/questionnaires/logic: values, evaluate,
// answers). A property test holds both equal; whoever changes one changes the other.

const LONGEST_TEXT = 2000, MOST_DIGITS = 15, FIRST_YEAR = 1900, LAST_YEAR = 2199, DAY = 86400000;
const EDGES = /^[ \t\r\n\u3000\u00a0]+|[ \t\r\n\u3000\u00a0]+$/g;
const NUMBER = /^[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*$/;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]|\p{Surrogate}/u;

/* ── Answers in their one writing ────────────────────────────────────────── */

const numberOf = (text) => NUMBER.test(text) ? Number(text) : NaN;

export function isDay(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const [year, month, day] = text.split("-").map(Number);
  if (year < FIRST_YEAR || year > LAST_YEAR) return false;
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10) === text;
}

const daysOf = (text) => Date.parse(`${text}T00:00:00Z`) / DAY;

function plain(text) {
  const sign = text.startsWith("-") ? "-" : "";
  const [whole, part = ""] = text.slice(sign.length).split(".");
  const rest = part.replace(/0+$/, "");
  const bare = (whole.replace(/^0+/, "") || "0") + (rest && `.${rest}`);
  return bare === "0" ? bare : sign + bare;
}

function number(kind, text) {
  if (!/^-?[0-9]+(?:\.[0-9]+)?$/.test(text)) return ["", "number"];
  if (kind === "integer" && !/^-?[0-9]+$/.test(text)) return ["", "whole"];
  const bare = plain(text);
  return bare.replace(/[-.]/g, "").length > MOST_DIGITS ? ["", "digits"] : [bare, ""];
}

export function canonical(kind, raw, choices) {
  if (kind === "select_multiple") {
    const chosen = (typeof raw === "string" ? raw.split(" ") : raw).filter(Boolean);
    if (chosen.some((value) => !choices.includes(value))) return ["", "choice"];
    return [choices.filter((value) => chosen.includes(value)).join(" "), ""];
  }
  const text = (typeof raw === "string" ? raw : raw[0] ?? "").replaceAll("\r\n", "\n").replace(EDGES, "");
  if (!text) return ["", ""];
  if (kind === "select_one") return choices.includes(text) ? [text, ""] : ["", "choice"];
  if (kind === "date") return isDay(text) ? [text, ""] : ["", "date"];
  if (kind === "integer" || kind === "decimal") return number(kind, text);
  if (CONTROLS.test(text)) return ["", "signs"];
  return [...text].length <= LONGEST_TEXT ? [text, ""] : ["", "long"];
}

/* ── Expressions ─────────────────────────────────────────────────────────── */

const truth = (value) => typeof value === "number" ? value !== 0 && !Number.isNaN(value) : Boolean(value);
const toNumber = (value) => typeof value === "string" ? numberOf(value) : Number(value);

function equal(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (typeof left === "number" || typeof right === "number") return toNumber(left) === toNumber(right);
  return left === right;
}

// A pattern tries no longer texts than these, so that none takes for ever.
const LONGEST_MATCHED = 200;
const matches = (pattern, text) => [...text].length <= LONGEST_MATCHED && new RegExp(`^(?:${pattern})$`, "u").test(text);

const SIGNS = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, div: (a, b) => a / b, mod: (a, b) => a % b,
};

export function evaluate(tree, answers, today) {
  const value = ([name, ...rest]) => {
    const isTrue = (place) => truth(value(rest[place]));
    const text = (place) => value(rest[place]);
    const answer = ["n", "d", "s"].includes(name) ? answers[rest[0]] ?? "" : "";
    switch (name) {
      case "num": case "str": return rest[0];
      case "s": return answer;
      case "n": return answer && numberOf(answer);
      case "d": return answer && daysOf(answer);
      case "today": return daysOf(today);
      case "true": case "false": return name === "true";
      case "and": return isTrue(0) && isTrue(1);
      case "or": return isTrue(0) || isTrue(1);
      case "=": return equal(value(rest[0]), value(rest[1]));
      case "!=": return !equal(value(rest[0]), value(rest[1]));
      case "not": return !isTrue(0);
      case "neg": return -toNumber(value(rest[0]));
      case "if": return isTrue(0) ? value(rest[1]) : value(rest[2]);
      case "selected": return text(0).split(" ").includes(text(1));
      case "count-selected": return text(0).split(" ").filter(Boolean).length;
      case "string-length": return [...text(0)].length;
      case "regex": return matches(rest[1], text(0));
      default: return SIGNS[name](toNumber(value(rest[0])), toNumber(value(rest[1])));
    }
  };
  return value(tree);
}

/* ── A form ──────────────────────────────────────────────────────────────── */

// answers: only what was asked and answered; shown: the questions asked; wrong: [name, code]; failed: names of checks.
export function judge(questions, raw, today) {
  const answers = Object.create(null), shown = [], wrong = new Map(), failed = [], asked = [];
  const holds = ({ tree }) => truth(evaluate(tree, answers, today));
  for (const question of questions) {
    if (!question.relevant.every(holds)) continue;
    shown.push(question.name);
    if (question.type === "note") continue;
    asked.push(question);
    const [text, code] = canonical(question.type, Object.hasOwn(raw, question.name) ? raw[question.name] : "", question.choices.map((one) => one.value));
    if (code) wrong.set(question.name, code);
    else if (text) answers[question.name] = text;
  }
  for (const { name, required, constraint, fail } of asked) {
    if (wrong.has(name)) continue;
    if (!(name in answers)) {
      if (required && holds(required)) wrong.set(name, "required");
    } else if (constraint && !holds(constraint)) wrong.set(name, "constraint");
    else if (fail && holds(fail)) failed.push(name);
  }
  return { answers, shown, wrong: asked.filter(({ name }) => wrong.has(name)).map(({ name }) => [name, wrong.get(name)]), failed };
}
