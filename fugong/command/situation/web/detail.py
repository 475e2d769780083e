"""Bulletins as the templates draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.documents.logic.official import (
    OfficialDocument,
    chinese_date,
    laid_out,
    number_line,
    numbered_notes,
)
from fugong.command.situation.enums import BulletinKind, BulletinState
from fugong.command.situation.logic.bulletin_document import heading_level, said
from fugong.command.situation.logic.bulletin_figures import ABOVE_SCALE, TAG, WHOLE, FrozenFigures
from fugong.command.situation.logic.bulletin_members import EXCLUDED, TOTAL, Changed, Difference, MemberLine
from fugong.command.situation.logic.bulletin_text import INDICATOR_FIELDS, Fault, Piece, block_of, fields_of, filled
from fugong.command.situation.models import Bulletin
from fugong.command.situation.selectors.bulletins import NamedMember
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry.logic.reasons import reason_words
from fugong.record.reporting.enums import ReportState

_LONG = timedelta(seconds=40)


class Run(NamedTuple):
    """A piece of a paragraph; `url` opens the figure that it is."""

    text: str
    url: str = ""


def page_of(document: OfficialDocument) -> dict[str, Any]:
    """The printed page: head, blocks, end."""
    return {
        "red_head": document.red_head,
        "organisation": document.organisation,
        "kind_title": document.kind_title,
        "number_line": number_line(document),
        "issuer": document.issuer,
        "date": chinese_date(document.day),
        "title": document.title,
        "blocks": laid_out(document.body),
        "signature": document.signature,
        "notes": numbered_notes(document),
    }


def heading_of(bulletin: Bulletin) -> str:
    """No. 42 of 2020, or the kind and day of a draft."""
    if bulletin.number:
        words = _("No. %(number)d of %(year)d") % {"number": bulletin.number, "year": bulletin.year}
        if bulletin.revision > 1:
            words += " · " + _("revision %(count)d") % {"count": bulletin.revision - 1}
        return words
    return f"{BulletinKind(bulletin.kind).label} {bulletin.last_day.isoformat()}"


def chip_of(bulletin: Bulletin) -> dict[str, str]:
    kind = {BulletinState.DRAFT: "brand", BulletinState.SUBMITTED: "risk", BulletinState.PUBLISHED: "ok"}
    icon = {BulletinState.DRAFT: "pencil", BulletinState.SUBMITTED: "clock", BulletinState.PUBLISHED: "circle-check"}
    if bulletin.is_counting:
        return {"kind": "idle", "icon": "refresh", "label": _("figures are being taken")}
    state = BulletinState(bulletin.state)
    return {"kind": kind[state], "icon": icon[state], "label": str(state.label)}


def is_late(asked_at: datetime | None) -> bool:
    """A job is waited for longer than one takes: the worker may not be running."""
    return asked_at is not None and clock.now() - asked_at > _LONG


def list_rows(bulletins: Iterable[Bulletin], slug: str, query: str) -> list[dict[str, Any]]:
    return [
        {
            "url": with_query(reverse("situation:bulletin_page", args=[slug, item.pk]), query),
            "heading": heading_of(item),
            "kind": BulletinKind(item.kind).label,
            "first_day": item.first_day if item.first_day != item.last_day else None,
            "last_day": item.last_day,
            "chip": chip_of(item),
            "by": item.approved_by_name or item.edited_by_name,
            "reason": item.reason,
        }
        for item in bulletins
    ]


def with_query(url: str, query: str = "", **more: str) -> str:
    """The url with a query and further parameters; empty ones are left out."""
    parts = "&".join(part for part in (query, urlencode({k: v for k, v in more.items() if v})) if part)
    return f"{url}?{parts}" if parts else url


def paragraphs(text: str, figures: FrozenFigures, slug: str, pk: int) -> list[dict[str, Any]]:
    """The text with its figures as links to who is behind them."""
    found = []
    for line in text.split("\n"):
        block = block_of(line)
        if block is not None:
            names = [item.name for code in block.codes if (item := figures.indicator(code))]
            found.append({"level": 0, "runs": [Run("▦ " + "、".join(names))]})
            continue
        pieces = filled(line.strip(), figures)
        if pieces:
            runs = [run for piece in pieces for run in _runs(piece, slug, pk)]
            found.append({"level": heading_level(said(pieces)), "runs": runs})
    return found


def _runs(piece: Piece, slug: str, pk: int) -> list[Run]:
    """A figure as a link; the comma that a change begins with stays outside it."""
    url = _opens(piece, slug, pk)
    if url and piece.text.startswith("，"):
        return [Run("，"), Run(piece.text[1:], url)]
    return [Run(piece.text, url)]


def _opens(piece: Piece, slug: str, pk: int) -> str:
    if not piece.code or not piece.text:
        return ""
    return with_query(reverse("situation:bulletin_figure", args=[slug, pk, piece.code]), scope=piece.scope)


def used_figures(bulletin: Bulletin, text: str, figures: FrozenFigures, slug: str) -> list[dict[str, Any]]:
    """The figures that a text uses: unrounded, as written, with what they count."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for line in text.split("\n"):
        for piece in filled(line, figures):
            item = figures.indicator(piece.code)
            if item is None:
                continue
            ratio = item.of(piece.scope)
            row = rows.setdefault(
                (piece.code, piece.scope),
                {
                    "name": item.name,
                    "scope": figures.scopes().get(piece.scope, piece.scope),
                    "numerator": ratio.numerator,
                    "denominator": ratio.denominator,
                    "exact": ratio.rounded(6),
                    "written": [],
                    "definition": item.definition,
                    "url": _opens(piece, slug, bulletin.pk),
                },
            )
            if piece.text and piece.text not in row["written"]:
                row["written"].append(piece.text)
    return list(rows.values())


def fault_rows(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    return [
        {
            "place": _("title")
            if fault.line == 0
            else _("line %(line)d, character %(column)d") % {"line": fault.line, "column": fault.column},
            "quoted": fault.quoted,
            "why": fault.why,
            "mend": fault.mend,
        }
        for fault in faults
    ]


def insertable(figures: FrozenFigures) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be inserted: group → (field as it is written, what it says now)."""
    groups = []
    scopes = figures.scopes()
    for item in figures.indicators:
        options = []
        for scope, label in scopes.items():
            tail = f"@{scope}" if scope else ""
            wanted = INDICATOR_FIELDS[:4] if scope in (WHOLE, ABOVE_SCALE) or scope.startswith(TAG) else ("value",)
            for field in wanted:
                source = f"{{{item.code}.{field}{tail}}}"
                (piece,) = filled(source, figures)
                options.append((source, f"{label} · {piece.text or '—'}"))
        options.append(
            (
                f"{{{item.code}.leaders}}",
                f"{_('areas above the whole')} · {filled(f'{{{item.code}.leaders}}', figures)[0].text}",
            )
        )
        groups.append((item.name, options))
    codes = ",".join(item.code for item in figures.indicators)
    groups.append(
        (
            _("Tables and charts"),
            [(f"{{table:{codes}}}", _("table by areas")), (f"{{chart:{codes}}}", _("chart by areas"))],
        )
    )
    plain = [
        (f"{{{name}}}", f"{filled(f'{{{name}}}', figures)[0].text[:24] or '—'}")
        for name in ("as_of", "area", "period", "coverage", "excluded", "states.missing")
    ]
    groups.append((_("Words"), plain))
    return groups


def field_values(text: str, figures: FrozenFigures) -> dict[str, str]:
    """What the fields of a text, and those that can be inserted, say now; one that nothing stands behind is absent."""
    sources = {source for _group, options in insertable(figures) for source, _label in options}
    sources |= {match for line in text.split("\n") for match in fields_of(line)}
    return {source: words for source in sources if (words := _field_words(source, figures)) != source}


def _field_words(source: str, figures: FrozenFigures) -> str:
    block = block_of(source)
    if block is None:
        return said(filled(source, figures))
    names = [item.name for code in block.codes if (item := figures.indicator(code))]
    kind = _("table by areas") if block.kind == "table" else _("chart by areas")
    return f"{kind}：{'、'.join(names)}" if len(names) == len(block.codes) else source


def state_words(state: str) -> str:
    if state == EXCLUDED:
        return str(_("not counted"))
    if state == TOTAL:
        return str(_("total of the area"))
    return str(_("not reported")) if state == "missing" else str(ReportState(state).label)


def member_rows(named: Iterable[NamedMember], code: str, figures: FrozenFigures, language: str) -> list[dict[str, Any]]:
    areas = figures.scopes()
    rows = []
    for one in named:
        adds = one.line.adds.get(code)
        rows.append(
            {
                "pk": one.line.enterprise,
                "name": one.name or one.line.code,
                "code": one.line.code,
                "area": areas.get(one.line.area, one.line.area),
                "state": state_words(one.line.state),
                "numerator": adds.numerator if adds else None,
                "denominator": adds.denominator if adds else None,
                "because": reason_words(one.line.excluded_because, language) if one.line.excluded_because else "",
            }
        )
    return rows


DIFFERENCES = {
    Difference.CORRECTED: gettext_lazy("corrected"),
    Difference.REPORTED: gettext_lazy("reported later"),
    Difference.MOVED: gettext_lazy("moved to another area"),
    Difference.LEFT: gettext_lazy("left the register"),
    Difference.JOINED: gettext_lazy("new in the register"),
    Difference.EXCLUDED: gettext_lazy("no longer counted"),
    Difference.COUNTED: gettext_lazy("counted again"),
}


def change_rows(changes: Iterable[Changed], names: dict[int, str], figures: FrozenFigures) -> list[dict[str, Any]]:
    return [
        {
            "name": names.get(change.line.enterprise) or change.line.code,
            "code": change.line.code,
            "what": str(DIFFERENCES[change.what]),
            "before": _line_words(change.before, figures),
            "after": _line_words(change.after, figures),
        }
        for change in changes
    ]


def change_counts(changes: Iterable[Changed]) -> list[tuple[str, int]]:
    counts = Counter(change.what for change in changes)
    return [(str(DIFFERENCES[what]), counts[what]) for what in Difference if counts[what]]


def _line_words(line: MemberLine | None, figures: FrozenFigures) -> str:
    if line is None:
        return "—"
    words = [figures.scopes().get(line.area, line.area), state_words(line.state)]
    for item in figures.indicators:
        adds = line.adds.get(item.code)
        if item.unit == "person" and adds is not None and adds.denominator:
            words.append(f"{adds.numerator}/{adds.denominator}")
    return " · ".join(words)


def acts_of(viewer: Viewer, bulletin: Bulletin, decisions: dict[str, Any], slug: str) -> dict[str, dict[str, Any]]:
    """Act → its address, and why not where it is refused."""
    return {
        act: {
            "url": reverse("situation:bulletin_act", args=[slug, bulletin.pk, act]),
            "allowed": bool(decision),
            "reason": decision.reason,
        }
        for act, decision in decisions.items()
    }
