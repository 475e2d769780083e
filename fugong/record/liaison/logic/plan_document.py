"""The plan of an enterprise as an official document. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fugong.base.documents.logic.official import Block, Heading, OfficialDocument, Paragraph, Table

_HEAD = ("序号", "要办的事", "办到什么算成", "责任", "期限", "进度")


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """An item as it is printed: finished texts."""

    title: str
    basis: str
    goal: str
    owner: str
    due: str
    progress: str


def document_of(
    enterprise: str, organisation: str, day: date, items: Sequence[PrintedItem], *, done: int, agreed: str
) -> OfficialDocument:
    """The plan on paper: the items as a table, and beneath it the fact that each rests on.

    `organisation`: the body that prints it; `agreed`: who agreed and when, empty for a draft.
    """
    rows = tuple(
        (str(number), one.title, one.goal or "—", one.owner or "未定", one.due or "未定", one.progress or "—")
        for number, one in enumerate(items, start=1)
    )
    body: list[Block] = [
        Paragraph(f"共{len(items)}项，办成{done}项。进度由填报、诉求、走访等事实得出，不另行填写。"),
        Table(_HEAD, rows),
    ]
    bases = [f"{number}．{one.basis}" for number, one in enumerate(items, start=1) if one.basis]
    if bases:
        body += [Heading("依据的事实"), *(Paragraph(line) for line in bases)]
    return OfficialDocument(
        organisation=organisation,
        kind_title="一企一策",
        issue=None,
        issuer=organisation,
        day=day,
        title=f"{enterprise}一企一策方案",
        body=tuple(body),
        signature=organisation,
        is_draft=not agreed,
        red_head=False,
        notes=(agreed,) if agreed else (),
    )
