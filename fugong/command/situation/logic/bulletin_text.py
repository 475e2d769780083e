"""The text of a bulletin: words with fields for figures, read, checked, and filled in. Pure.

A field is written `{opening_rate.numerator}`: an indicator of the playbook and what of it; `@` and a scope behind it
narrow it down: `{opening_rate.value@above_scale}`, `{opening_rate.numerator@371500-JK}`, `{return_rate.value@tag=…}`.
`{area}`, `{as_of}`, `{period}`, `{coverage}`, `{excluded}` and `{states.missing}` stand alone; a line of its own with
`{table:opening_rate,return_rate}` becomes a table by areas, with `{chart:return_rate}` a chart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fugong.command.situation.logic.bulletin import changed, counted, coverage, exclusions, percent
from fugong.command.situation.logic.bulletin_figures import ABOVE_SCALE, TAG, WHOLE, FrozenFigures, FrozenIndicator
from fugong.command.situation.logic.figures import Ratio

INDICATOR_FIELDS = ("numerator", "denominator", "value", "change", "name", "leaders", "definition")
STATE_FIELDS = ("expected", "reported", "missing", "open", "partial", "closed")
PLAIN_FIELDS = ("area", "as_of", "day", "period", "coverage", "excluded", "organisation")
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_BLOCK = re.compile(r"(table|chart):([\w,\s-]+)")
_NAMED_LEADERS = 2
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a text from being approved: line and column count from 1."""

    line: int
    column: int
    quoted: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: words as they are, or a field with the figure that it stands for.

    `source` is what the text has, `text` what the document says. `code` and `scope` lead to the members.
    """

    source: str
    text: str
    code: str = ""
    field: str = ""
    scope: str = WHOLE

    @property
    def is_field(self) -> bool:
        return self.source.startswith("{")


@dataclass(frozen=True, slots=True)
class Block:
    """A line of its own that is a table or a chart of indicators by area."""

    kind: str
    codes: tuple[str, ...]


class UnknownField(ValueError):
    """A field that nothing stands behind; the two arguments say why and how to mend it."""


def block_of(line: str) -> Block | None:
    """The table or chart that a line of its own asks for."""
    found = _FIELD.fullmatch(line.strip())
    match = _BLOCK.fullmatch(found.group(1).strip()) if found else None
    if match is None:
        return None
    return Block(match.group(1), tuple(code.strip() for code in match.group(2).split(",") if code.strip()))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a template may name before figures are taken: the codes of the indicators. Scopes are checked later."""

    codes: Collection[str]

    def check(self, inner: str) -> None:
        """Raises `UnknownField`."""
        name, scope = _split(inner)
        if name in PLAIN_FIELDS and not scope:
            return
        code, _dot, field = name.partition(".")
        if code == "states" and field in STATE_FIELDS and not scope:
            return
        if code in self.codes and field in INDICATOR_FIELDS:
            return
        if code in self.codes or code == "states":
            names = INDICATOR_FIELDS if code in self.codes else STATE_FIELDS
            raise UnknownField(_("“%(field)s” says nothing about it") % {"field": field or name}, _choose(code, names))
        raise UnknownField(
            _("There is no figure of this name"),
            _("Choose one of: %(names)s") % {"names": ", ".join(sorted(self.codes))},
        )


def _choose(code: str, names: Collection[str]) -> str:
    return _("Write one of: %(names)s") % {"names": ", ".join(f"{{{code}.{name}}}" for name in names)}


def _split(inner: str) -> tuple[str, str]:
    name, _at, scope = inner.strip().partition("@")
    return name.strip(), scope.strip()


def template_faults(text: str, codes: Collection[str]) -> list[Fault]:
    """The faulty fields of a template, with their places."""
    vocabulary = Vocabulary(codes)
    found = list(_stray_braces(text))
    for number, line in enumerate(text.split("\n"), start=1):
        block = block_of(line)
        if block is not None:
            found += _block_faults(block, codes, number, line)
            continue
        for match in _FIELD.finditer(line):
            try:
                vocabulary.check(match.group(1))
            except UnknownField as fault:
                found.append(Fault(number, match.start() + 1, match.group(), *fault.args))
    return sorted(found, key=lambda fault: (fault.line, fault.column))


def _block_faults(block: Block, codes: Collection[str], number: int, line: str) -> Iterator[Fault]:
    unknown = [code for code in block.codes if code not in codes]
    if unknown or not block.codes:
        why = _("There is no figure named “%(name)s”") % {"name": ", ".join(unknown)}
        yield Fault(number, 1, line.strip(), why, _("Choose among: %(names)s") % {"names": ", ".join(sorted(codes))})


def _stray_braces(text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), start=1):
        rest = _FIELD.sub(lambda match: " " * len(match.group()), line)
        for at, character in enumerate(rest):
            if character in "{}":
                yield Fault(
                    number,
                    at + 1,
                    line[at : at + 12],
                    _("A brace without its other half"),
                    _("Write a field as {name.part}, or leave the brace out"),
                )


def fields_of(line: str) -> list[str]:
    """The fields of a line, as they are written."""
    return [match.group() for match in _FIELD.finditer(line)]


def filled(line: str, figures: FrozenFigures) -> list[Piece]:
    """A line in pieces, its fields with their figures; one that nothing stands behind keeps its source as its text."""
    pieces, end = [], 0
    for match in _FIELD.finditer(line):
        if match.start() > end:
            pieces.append(Piece(line[end : match.start()], line[end : match.start()]))
        pieces.append(_piece(match.group(), match.group(1), figures))
        end = match.end()
    if end < len(line):
        pieces.append(Piece(line[end:], line[end:]))
    return pieces


def _piece(source: str, inner: str, figures: FrozenFigures) -> Piece:
    name, scope = _split(inner)
    code, _dot, field = name.partition(".")
    try:
        Vocabulary([item.code for item in figures.indicators]).check(inner)
        _known_scope(scope, figures)
    except UnknownField:
        return Piece(source, source)
    indicator = figures.indicator(code)
    if indicator is None:
        return Piece(source, _plain(name, figures), field=name)
    return Piece(source, _said(indicator, field, scope, figures), code, field, scope)


def _known_scope(scope: str, figures: FrozenFigures) -> None:
    if scope not in figures.scopes():
        known = [f"@{name}" for name in figures.scopes() if name]
        raise UnknownField(
            _("“%(scope)s” is no area, group or tag of this bulletin") % {"scope": scope},
            _("Choose one of: %(names)s") % {"names": ", ".join(known[:20])},
        )


def _plain(name: str, figures: FrozenFigures) -> str:
    states = figures.states
    last, first = figures.last_day, figures.first_day
    day = f"{last.month}月{last.day}日"
    if name.startswith("states."):
        field = name.partition(".")[2]
        expected, missing = sum(states.values()), states.get("missing", 0)
        counts = {"expected": expected, "reported": expected - missing}
        return counted(counts.get(field, states.get(field, 0)), "enterprise")
    return {
        "area": figures.area_name,
        "as_of": f"{day}{figures.hour}时" if figures.hour is not None else day,
        "day": day,
        "period": day if first == last else f"{first.month}月{first.day}日至{day}",
        "coverage": coverage(states),
        "excluded": exclusions(figures.excluded),
        "organisation": figures.organisation,
    }[name]


def _said(item: FrozenIndicator, field: str, scope: str, figures: FrozenFigures) -> str:
    ratio = item.of(scope)
    match field:
        case "numerator":
            return counted(ratio.numerator, item.unit)
        case "denominator":
            return counted(ratio.denominator, item.unit)
        case "change":
            since = "前一日" if figures.first_day == figures.last_day else "期初"
            return changed(ratio, item.before.get(scope), item.places, since)
        case "name":
            return item.name
        case "definition":
            return item.definition
        case "leaders":
            return leaders(item, figures)
    return percent(ratio.rounded(item.places))


def leaders(item: FrozenIndicator, figures: FrozenFigures) -> str:
    """经开区91.20%、茌平区90.20%等5个区域: the areas above the whole, the best first; 无 when none is."""
    whole = item.of(WHOLE).exact
    above = []
    for area in figures.areas:
        exact = item.of(area.code).exact
        if exact is not None and whole is not None and exact > whole:
            above.append((-exact, area.code, area))
    named = [
        f"{area.short_name or area.name}{percent(item.of(area.code).rounded(item.places))}"
        for _exact, _code, area in sorted(above, key=lambda one: one[:2])
    ]
    if not named:
        return "无"
    tail = f"等{len(named)}个区域" if len(named) > _NAMED_LEADERS else ""
    return "、".join(named[:_NAMED_LEADERS]) + tail


def text_faults(text: str, figures: FrozenFigures) -> list[Fault]:
    """What keeps a text from being approved: unknown fields and scopes, and words that its figures do not bear out."""
    found = template_faults(text, [item.code for item in figures.indicators])
    wrong = {(fault.line, fault.column) for fault in found}
    for number, line in enumerate(text.split("\n"), start=1):
        if block_of(line) is not None:
            continue
        for match in _FIELD.finditer(line):
            try:
                _known_scope(_split(match.group(1))[1], figures)
            except UnknownField as fault:
                if (number, match.start() + 1) not in wrong:
                    found.append(Fault(number, match.start() + 1, match.group(), *fault.args))
        found += _boasts(number, line, figures)
    return sorted(found, key=lambda fault: (fault.line, fault.column))


# Words that say "all"; each is refused where the rate beside it is below a hundred.
ALL_WORDS = re.compile("全部|均已|全面|全都|悉数|无一例外|百分之百")
_CLAUSE = re.compile("[^，。；：！？、\n]+")
_SENTENCE = re.compile("[^。；！？\n]+")


def _boasts(number: int, line: str, figures: FrozenFigures) -> Iterator[Fault]:
    for sentence in _SENTENCE.finditer(_shielded(line)):
        for clause in _CLAUSE.finditer(sentence.group()):
            start = sentence.start() + clause.start()
            words = line[start : sentence.start() + clause.end()]
            for match in ALL_WORDS.finditer(clause.group()):
                short = _short_of_all(words, line[sentence.start() : start], figures)
                if short is not None:
                    name, ratio, places = short
                    yield Fault(
                        number,
                        start + match.start() + 1,
                        words,
                        _("%(name)s is %(value)s, not 100 %%: it cannot read “%(word)s”")
                        % {"name": name, "value": percent(ratio.rounded(places)), "word": match.group()},
                        _("Write the number instead, or a scope in which all are open"),
                    )


def _shielded(line: str) -> str:
    """The line with its fields blanked, so that no comma inside one parts a clause and no name reads as a word."""
    return _FIELD.sub(lambda match: "\x00" * len(match.group()), line)


def _short_of_all(clause: str, before: str, figures: FrozenFigures) -> tuple[str, Ratio, int] | None:
    """The rate below a hundred that a clause speaks of: that of its own figures, else of the last figure before it in
    the sentence, else of the whole by the first indicator.
    """
    spoken = [piece for piece in filled(clause, figures) if piece.code]
    spoken = spoken or [piece for piece in filled(before, figures) if piece.code][-1:]
    asked = [(figures.indicator(piece.code), piece.scope) for piece in spoken]
    if not asked:
        asked = [(figures.indicators[0], WHOLE)] if figures.indicators else []
    for item, scope in asked:
        if item is None:
            continue
        ratio = item.of(scope)
        if ratio.exact is None or ratio.exact < 100:
            where = figures.scopes().get(scope, scope)
            return f"{where}{item.name}", ratio, item.places
    return None


_BY_HAND = re.compile(r"\d[\d,.]*\s*(?:万?[家人]|%|％|个百分点)")


def typed_by_hand(text: str) -> list[str]:
    """Figures that somebody typed instead of a field: they are checked against nothing."""
    return [match.group() for line in text.split("\n") for match in _BY_HAND.finditer(_shielded(line))]


def default_text(figures_codes: Collection[str], sentences: Collection[str]) -> str:
    """A text for a playbook that brings none: its indicators in their own sentences, coverage, a table."""
    said = []
    for code, sentence in zip(figures_codes, sentences, strict=True):
        said.append(re.sub(r"\{(\w+)\}", lambda match, code=code: f"{{{code}.{match.group(1)}}}", sentence))  # type: ignore[misc]
    return "截至{as_of}，{area}" + "".join(said) + "{coverage}{excluded}\n{table:" + ",".join(figures_codes) + "}"


__all__ = [
    "ABOVE_SCALE", "ALL_WORDS", "INDICATOR_FIELDS", "LONGEST_TEXT", "PLAIN_FIELDS", "STATE_FIELDS", "TAG", "Block",
    "Fault", "Piece", "UnknownField", "block_of", "default_text", "fields_of", "filled", "leaders", "template_faults",
    "text_faults", "typed_by_hand",
]  # fmt: skip
