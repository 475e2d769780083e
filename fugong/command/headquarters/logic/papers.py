"""Minutes and directive sheet of a meeting as official documents, always in Chinese. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fugong.base.documents.logic.official import Block, Heading, OfficialDocument, Paragraph, Table

_DIGITS = "零一二三四五六七八九"
_TEN = 10


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A directive as the sheet lists it."""

    number: str
    title: str
    body: str
    person: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class MinutedItem:
    """An item as the minutes tell it. `figures` are finished words, `outcome` what was agreed."""

    title: str
    reason: str
    figures: tuple[str, ...]
    outcome: str
    directives: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the papers say of the meeting itself. `is_closed`: before that they are drafts."""

    organisation: str
    office: str
    name: str
    number: int
    day: date
    times: str
    period: str
    chair: str
    attendees: str
    is_closed: bool


def ordinal(number: int) -> str:
    """The number of a heading: 一, 十二, 二十, 九十九. Raises `ValueError` from 100 on."""
    if not 0 < number < _TEN * _TEN:
        raise ValueError(number)
    tens, ones = divmod(number, _TEN)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def minutes_of(meeting: Record, items: Sequence[MinutedItem]) -> OfficialDocument:
    """会议纪要: who and when, each item with its figures, what was agreed, and the directives."""
    body: list[Block] = [Paragraph(f"时间：{meeting.times}。"), Paragraph(f"主持：{meeting.chair or '—'}。")]
    if meeting.attendees:
        body.append(Paragraph(f"参加：{meeting.attendees}。"))
    body.append(Paragraph(f"本次会议调度{meeting.period}的情况，议定以下事项。"))
    for number, item in enumerate(items, start=1):
        body.append(Heading(f"{ordinal(number)}、{item.title}"))
        if item.figures:
            body.append(Paragraph(f"{'；'.join(item.figures)}。"))
        if item.outcome:
            body.append(Paragraph(f"议定：{item.outcome.rstrip('。')}。"))
        for row in item.directives:
            person = f"（{row.person}）" if row.person else ""
            body.append(Paragraph(f"指令{row.number}：{row.title}。由{row.body}{person}牵头，{row.due}前办结。"))
    return _document(meeting, "会议纪要", tuple(body))


def sheet_of(meeting: Record, rows: Sequence[SheetRow]) -> OfficialDocument:
    """指令单: the directives of the meeting as a table."""
    head = ("编号", "事项", "牵头单位", "责任人", "期限", "状态")
    cells = tuple((row.number, row.title, row.body, row.person or "—", row.due, row.state) for row in rows)
    intro = f"第{meeting.number}次{meeting.name}共下达指令{len(rows)}条。"
    return _document(meeting, "指令单", (Paragraph(intro), Table(head, cells)) if rows else (Paragraph(intro),))


def _document(meeting: Record, kind: str, body: tuple[Block, ...]) -> OfficialDocument:
    return OfficialDocument(
        organisation=meeting.organisation,
        kind_title=kind,
        issue=f"第{meeting.number}次" if meeting.is_closed else None,
        issuer=meeting.office,
        day=meeting.day,
        title=f"第{meeting.number}次{meeting.name}{kind}",
        body=body,
        signature=meeting.office,
        is_draft=not meeting.is_closed,
    )
