"""The bulletin of a day: figures into the sentences and the table of an official document. Pure; always Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from fugong.base.documents.logic.official import OfficialDocument, Paragraph, Table
from fugong.command.situation.logic.figures import FIELD, Indicator, Ratio, half_up

_UNITS = {"enterprise": "家", "person": "人"}
_MYRIAD = 10_000
REST = "其他（未划入各区域）"


@dataclass(frozen=True, slots=True)
class Statement:
    """One indicator of the bulletin's area: today, and the day before (None without reports then)."""

    indicator: Indicator
    unit: str
    ratio: Ratio
    before: Ratio | None


@dataclass(frozen=True, slots=True)
class BulletinFacts:
    """Everything the text is made of. `rows`: area name → ratio by indicator code; `hour`: of the same day's count.

    `excluded`: why not counted → enterprises, in the order to be written.
    """

    organisation: str
    issuer: str
    area_name: str
    day: date
    hour: int | None
    states: Mapping[str, int]
    statements: tuple[Statement, ...]
    rows: tuple[tuple[str, Mapping[str, Ratio]], ...]
    excluded: Mapping[str, int] = field(default_factory=dict)


def counted(number: int, unit: str) -> str:
    """5853家; from ten thousand people on 27.74万人 (half up to two places, as official texts write)."""
    if unit == "person" and number >= _MYRIAD:
        return f"{half_up(Fraction(number, _MYRIAD), 2).normalize():f}万{_UNITS[unit]}"
    return f"{number}{_UNITS[unit]}"


def percent(value: Decimal | None) -> str:
    """85.89%; — for 0 of 0. Whole hundred is written 100%."""
    if value is None:
        return "—"
    return "100%" if value == 100 else f"{value}%"


def changed(statement: Statement) -> str:
    """，较前一日提高0.74个百分点 — nothing without a day before."""
    if statement.before is None:
        return ""
    change = statement.ratio.change_from(statement.before, statement.indicator.places)
    if change is None:
        return ""
    if change == 0:
        return "，与前一日持平"
    return f"，较前一日{'提高' if change > 0 else '下降'}{abs(change)}个百分点"


def sentence(statement: Statement) -> list[tuple[str, bool]]:
    """The indicator's own sentence in pieces: words as they are, and (true) figures filled in."""
    fields = {
        "numerator": counted(int(statement.ratio.numerator), statement.unit),
        "denominator": counted(int(statement.ratio.denominator), statement.unit),
        "value": percent(statement.ratio.rounded(statement.indicator.places)),
        "change": changed(statement),
    }
    pieces = []
    # Splitting by a pattern with one group gives words and field names in turn.
    for number, piece in enumerate(FIELD.split(statement.indicator.content["sentence"])):
        is_figure = number % 2 == 1
        pieces.append((fields[piece] if is_figure else piece, is_figure and piece != "change"))
    return [piece for piece in pieces if piece[0]]


def plain_sentence(statement: Statement) -> str:
    return "".join(text for text, _is_figure in sentence(statement))


def opening_words(facts: BulletinFacts) -> str:
    """截至3月24日10时，聊城市 — the hour only while the day is still being counted."""
    hour = f"{facts.hour}时" if facts.hour is not None else ""
    return f"截至{facts.day.month}月{facts.day.day}日{hour}，{facts.area_name}"


def coverage(states: Mapping[str, int]) -> str:
    """How many have reported, and that the missing are guessed by nobody."""
    missing = states.get("missing", 0)
    reported = sum(states.values()) - missing
    tail = f"缺报{missing}家，不沿用前日数" if missing else "无缺报"
    return f"当日已报{reported}家，未开工{states.get('closed', 0)}家；{tail}。"


def exclusions(excluded: Mapping[str, int]) -> str:
    """Who is in business and yet in no figure, with the reasons; nothing when everybody counts."""
    if not excluded:
        return ""
    reasons = "；".join(f"{reason}{number}家" for reason, number in excluded.items())
    return f"另有{sum(excluded.values())}家在业企业经认定不计入本通报各项数据（{reasons}）。"


def _table(facts: BulletinFacts) -> Table:
    indicators = [statement.indicator for statement in facts.statements]
    head = ["区域"]
    for indicator in indicators:
        head += [indicator.content["columns"]["zh"], indicator.content["name"]["zh"]]
    rows = []
    for name, ratios in facts.rows:
        row = [name]
        for indicator in indicators:
            ratio = ratios[indicator.code]
            row += [f"{ratio.numerator}/{ratio.denominator}", percent(ratio.rounded(indicator.places))]
        rows.append(tuple(row))
    return Table(tuple(head), tuple(rows), frozenset(range(1, len(head))))


def compose(facts: BulletinFacts) -> OfficialDocument:
    """The draft of the day's bulletin, on one page. What each figure means is said where it opens, on the board."""
    text = "".join(plain_sentence(statement) for statement in facts.statements)
    tail = coverage(facts.states) + exclusions(facts.excluded)
    body: list[Paragraph | Table] = [Paragraph(opening_words(facts) + text + tail)]
    if facts.rows:
        body.append(_table(facts))
    return OfficialDocument(
        organisation=facts.organisation,
        kind_title="复工复产情况通报",
        issue=None,
        issuer=facts.issuer,
        day=facts.day,
        title=f"{facts.area_name}企业复工复产进展情况",
        body=tuple(body),
        signature=facts.organisation,
        is_draft=True,
        # The red head is the issuing body’s; a draft has none, and keeps to one page.
        red_head=False,
    )
