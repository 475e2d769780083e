"""Server and phone mean the same: random forms with random answers are judged by both."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.base.questionnaires.logic.answers import judge
from fugong.base.questionnaires.logic.expression import Question, compile_expression

TODAY = "2020-03-24"
FORMS, ANSWERS = 400, 5
CHOICES = ("a", "b", "c-1")
# Two names that JavaScript's objects have of their own.
TYPES = {
    "n": "integer", "m": "decimal", "d": "date", "e": "date", "constructor": "text", "__proto__": "select_one",
    "s": "select_multiple",
}  # fmt: skip
PATTERNS = ("[0-9]+", r"\d{2,3}", "[一-龥]+", "(ab|c)d?", "a.c", r"[^\s-]*", r"^\w+$", r"x\.y", "")


_NUMBERS = (
    "0", "-0", "1", "2", "12", "007", "2.50", "-3.0", "0.1", "0.30", "1e3", "12a", "１２", "0x1", "Infinity", "", " 5 ",
    "999999999999999", "1234567890123456", "100000000000000.5", "+1", ".5", "5.", "\u00a036.5\u3000", "1 2", "\x0012",
)  # fmt: skip
_DATES = (
    "2020-03-24", "2020-02-29", "2019-02-29", "1970-01-01", "1899-12-31", "2200-01-01", "2020-3-4", "20200304", "",
    "0050-01-01", "２０２０-01-01", "2020-13-01", "1969-12-31", "2199-12-31",
)  # fmt: skip
_TEXTS = (
    "", "a", "12", " a b ", "\r\n", "一二三", "abd", "𠮷", "a\u2028c", "x.y", "a\x07", "a\nb\r\nc", "\ufeffa", "\x85a",
    "-1.5", " 7", "1 2", *("7" * length for length in (199, 200, 201, 2000, 2001)),
)  # fmt: skip
_ONE = ("a", "b", "c-1", "", " a", "A", "a b", "constructor", "__proto__")
_RAW = {"integer": _NUMBERS, "decimal": _NUMBERS, "date": _DATES, "text": _TEXTS, "select_one": _ONE}
_KINDS = ("bool", "bool", "num", "date", "str")
_SORTS = {"num": ("integer", "decimal"), "date": ("date",), "str": ("text", "select_one", "select_multiple")}
_PAIRS = (("num", "num"), ("str", "str"), ("date", "date"), ("bool", "bool"), ("num", "text"))


class Writer:
    """Writes expressions at random that name some of these questions, and answers to them."""

    def __init__(self, seed: int, names: list[str]) -> None:
        self.random, self.names = random.Random(seed), names

    def one(self, *of: str) -> str:
        return self.random.choice(of)

    def refs(self, kind: str) -> list[str]:
        return [f"${{{name}}}" for name in self.names if TYPES[name] in _SORTS[kind]]

    def write(self, kind: str, depth: int = 3) -> str:
        if kind == "bool":
            return self.condition(depth)
        leaves = {
            "num": ("0", "1", "2.5", ".5", "100", "007"),
            "date": ("today()", "date('2020-02-29')", "date('1970-01-01')"),
            "str": ("'a'", '"5"', "''", "'a b'", "' 7 '"),
        }[kind]
        if depth <= 0 or self.random.random() < 0.4:
            return self.one(*leaves, *self.refs(kind) * 3)
        again = depth - 1
        if kind == "str" or self.random.random() < 0.2:
            return f"if({self.write('bool', again)}, {self.write(kind, again)}, {self.write(kind, again)})"
        if kind == "date":
            return f"({self.write('date', again)} {self.one('+', '-')} {self.write('num', again)})"
        return self.number(again)

    def number(self, depth: int) -> str:
        form = self.one("reckon", "reckon", "neg", "days", "length", "count")
        if form == "days":
            return f"({self.write('date', depth)} - {self.write('date', depth)})"
        if form == "length":
            what = self.one("'文字𠮷'", *(ref for kind in _SORTS for ref in self.refs(kind)))
            return f"string-length({what})"
        if form == "count":
            return f"count-selected({self.write('str', depth)})"
        if form == "neg":
            return f"-({self.write('num', depth)})"
        return f"({self.write('num', depth)} {self.one('+', '-', '*', 'div', 'mod')} {self.write('num', depth)})"

    def condition(self, depth: int) -> str:
        texts, depth = self.refs("str"), depth - 1
        if depth < 0:
            return self.one("true()", "false()", *(f"not({ref})" for ref in texts))
        form = self.one("and", "or", "not", "=", "!=", "<", "<=", ">", ">=", "selected", "regex", "empty")
        if form in ("and", "or"):
            return f"({self.write(self.one(*_KINDS), depth)} {form} {self.write(self.one(*_KINDS), depth)})"
        if form == "not":
            return f"not({self.write(self.one(*_KINDS), depth)})"
        if form in ("=", "!="):
            left, right = self.random.choice(_PAIRS)
            typed = [f"${{{name}}}" for name in self.names if TYPES[name] == "text"]
            other = self.one("'12'", *typed) if right == "text" else self.write(right, depth)
            return f"({self.write(left, depth)} {form} {other})"
        if form == "selected":
            where, what = self.one("'a b'", *texts), self.one("'a'", "'b'", "''")
            return f"selected({where}, {what})"
        if form == "regex":
            where = self.one("'12'", *texts, *self.refs("num"), *self.refs("date"))
            return f"regex({where}, '{self.one(*PATTERNS)}')"
        if form == "empty":
            what = self.one("''", *(f"${{{name}}}" for name in self.names))
            return f"({what} {self.one('=', '!=')} '')"
        kind = self.one("num", "date")
        return f"({self.write(kind, depth)} {form} {self.write(kind, depth)})"

    def compiled(self) -> dict | None:
        if not self.names or self.random.random() < 0.4:
            return None
        text = self.write(self.one(*_KINDS))
        return {"text": text, "tree": compile_expression(text, {name: Question(TYPES[name]) for name in self.names})}

    def answer(self, kind: str):
        if kind != "select_multiple":
            return self.one(*_RAW[kind])
        chosen = [self.one(*_ONE) for _ in range(self.random.randrange(4))]
        return chosen if self.random.random() < 0.5 else " ".join(chosen)


def case(seed: int):
    """A form of some questions in a random order, and what five people sent for it."""
    whole = Writer(seed, list(TYPES))
    names = whole.random.sample(list(TYPES), whole.random.randint(2, 6))
    whole.names, questions = names, []
    for place, name in enumerate(names):
        relevant = Writer(seed + place, names[:place]).compiled()
        choices = [{"value": value, "label": {}} for value in CHOICES] if "select" in TYPES[name] else []
        question = {"name": name, "type": TYPES[name], "choices": choices, "relevant": [relevant] if relevant else []}
        questions.append(question | {key: whole.compiled() for key in ("required", "constraint", "fail")})
    sent = [{name: whole.answer(TYPES[name]) for name in names if whole.random.random() < 0.8} for _ in range(ANSWERS)]
    return questions, sent


CODES = ("required", "constraint", "number", "whole", "digits", "date", "choice", "signs", "long")
SEEN: Counter[str] = Counter()


@settings(max_examples=FORMS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**40))
def test_server_and_phone_agree(phone, seed):
    questions, sent = case(seed)
    for raw, there in zip(sent, phone.judge(questions, sent, TODAY), strict=True):
        same(questions, raw, there)


def same(questions, raw, there) -> None:
    here = judge(questions, raw, TODAY)
    assert there == {
        "answers": here.answers, "shown": here.shown, "wrong": [list(one) for one in here.wrong], "failed": here.failed,
    }  # fmt: skip
    SEEN.update(code for _name, code in here.wrong)
    SEEN.update(failed=len(here.failed), kept=len(here.answers), hidden=len(questions) - len(here.shown))


def test_the_random_forms_were_worth_it():
    """Not all of one colour: each outcome came about many times."""
    assert set(SEEN) == {*CODES, "failed", "kept", "hidden"}
    assert min(SEEN.values()) >= 10
