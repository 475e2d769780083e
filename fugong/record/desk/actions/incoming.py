"""Requests from one file: judged, given to the bodies that the routes name, written in sets, all or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.issues import Fault, Issue
from fugong.base.spreadsheets.logic.kinds import AddedRow, ChangedRow, Delivery, Written
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows
from fugong.core.decision import Denied
from fugong.core.events import announce
from fugong.core.memo import remembering
from fugong.core.registries import request_kinds
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer, service_viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.drafting import Asked, Opening
from fugong.record.desk.enums import Channel, EntryKind, RequestState
from fugong.record.desk.events import RequestOpened
from fugong.record.desk.logic.details import BadDetail, clean_detail
from fugong.record.desk.logic.request_rows import RequestRow, RowReader
from fugong.record.desk.logic.section import NobodyToTurnTo
from fugong.record.desk.models import Entry, Request
from fugong.record.desk.selectors.rules import NoDesk, Route, section_on
from fugong.record.incidents.models import Incident
from fugong.record.incidents.selectors import incident_named
from fugong.record.registry.models import Enterprise
from fugong.record.registry.selectors.enterprises import enterprises_for
from fugong.record.registry.selectors.facts import NOTHING_KNOWN, FactsOfDay, facts_on
from fugong.record.reporting.selectors.readings import last_reports

T = TypeVar("T")
_DESK = service_viewer("desk")
_CHUNK = 5_000
_NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('desk_request', 'id')) FROM generate_series(1, %(many)s)"
_TOLD = ("request_id", "at", "kind", "actor_id", "actor_name", "text", "is_public")
# What happens to a request without a hand on it: a file of such may still be taken back.
_BY_ITSELF = (EntryKind.OPENED, EntryKind.ROUTED, EntryKind.ESCALATED, EntryKind.REMINDED)


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


@dataclass(frozen=True, slots=True)
class Meant:
    """A row with the enterprise that it means, and the key under which it is known when the file comes again."""

    row: RequestRow
    enterprise: Enterprise
    key: UUID


class IncomingRequests:
    """The rows of one file within one transaction. A row is recognised by the sender’s number, else by what it says."""

    def __init__(self, delivery: Delivery) -> None:
        self.outcome = ImportOutcome()
        self._delivery, self._actor = delivery, delivery.actor
        self._incident: Incident = incident_named(delivery.scope["incident"])
        try:
            section = section_on(self._incident, clock.today())
        except NoDesk as error:
            raise Denied(_("The playbook of this incident says nothing about requests.")) from error
        self._section, self._reader = section, RowReader(section, delivery.columns)
        self._new: list[Meant] = []

    def check(self) -> None:
        """Judge every row: its enterprise is of the sender’s areas, its category exists, it is not on the desk yet."""
        self.outcome, self._new = ImportOutcome(), []
        rows = [row for line, cells in self._delivery.rows(self.outcome) if (row := self._read(line, cells))]
        meant = self._meant(rows)
        known = self._known(meant)
        self.outcome.same = sum(one.key in known for one in meant)
        self._new = [one for one in meant if one.key not in known]
        self.outcome.new = len(self._new)
        self.outcome.area_id = area_tree().smallest_over([one.enterprise.managing_area_id for one in meant])

    def _read(self, line: int, cells: Sequence[str]) -> RequestRow | None:
        row, issues = self._reader.read(line, cells)
        self.outcome.refused += issues
        return row

    def _refuse(self, row: RequestRow, field: str, value: str, fault: Fault) -> None:
        self.outcome.refused.append(Issue.of(row.line, self._delivery.columns.label(field), value[:200], fault))

    def _meant(self, rows: Sequence[RequestRow]) -> list[Meant]:
        """The rows whose enterprise is found and which stand once in the file; the others are refused."""
        by_code, by_name = self._enterprises(rows)
        found: dict[UUID, Meant] = {}
        for row in rows:
            fits = by_code.get(row.code, []) if row.code else by_name.get(row.name, [])
            field, value = ("code", row.code) if row.code else ("name", row.name)
            if len(fits) != 1:
                self._refuse(row, field, value, _no_such() if not fits else _several(len(fits)))
                continue
            if not permissions.can_take_request(self._actor, fits[0].managing_area_id):
                self._refuse(row, field, value, _not_yours())
                continue
            if fault := self._bad_detail(row):
                self._refuse(row, *fault)
                continue
            key = uuid5(NAMESPACE_URL, f"{self._incident.pk} {fits[0].pk} {row.content}")
            if key in found:
                field, value = ("number", row.number) if row.number else ("title", row.title)
                self._refuse(row, field, value, _twice(found[key].row.line))
                continue
            found[key] = Meant(row, fits[0], key)
        return list(found.values())

    def _bad_detail(self, row: RequestRow) -> tuple[str, str, Fault] | None:
        category = self._section.category(row.category)
        assert category is not None
        try:
            clean_detail(request_kinds[category.kind], row.detail)
        except BadDetail as error:
            name, words = next(iter(error.faults.items()))
            return f"{category.kind}.{name}", row.detail.get(name, ""), Fault(words.rstrip("。."), _("Mend the cell"))
        return None

    def _enterprises(
        self, rows: Sequence[RequestRow]
    ) -> tuple[Mapping[str, list[Enterprise]], Mapping[str, list[Enterprise]]]:
        """Those that the rows name, of the incident’s area and the sender’s: by code, and by name where no code is."""
        seen = enterprises_for(self._actor).filter(managing_area__path__startswith=self._incident.area.path)
        codes: dict[str, list[Enterprise]] = {}
        names: dict[str, list[Enterprise]] = {}
        for chunk in _chunks(sorted({row.code for row in rows if row.code})):
            for enterprise in seen.filter(Q(uscc__in=chunk) | Q(provisional_id__in=chunk)):
                codes.setdefault(enterprise.code, []).append(enterprise)
        for chunk in _chunks(sorted({row.name for row in rows if not row.code})):
            for enterprise in seen.filter(name__in=chunk):
                names.setdefault(enterprise.name, []).append(enterprise)
        return codes, names

    def _known(self, meant: Sequence[Meant]) -> frozenset[UUID]:
        """The keys of those that are on the desk already, whatever became of them."""
        found: set[UUID] = set()
        for chunk in _chunks(meant):
            ids, keys = {one.enterprise.pk for one in chunk}, [one.key for one in chunk]
            known = Request.objects.filter(enterprise__in=ids, client_key__in=keys)
            found |= {key for key in known.order_by().values_list("client_key", flat=True) if key}
        return frozenset(found)

    def additions(self, limit: int) -> list[AddedRow]:
        """The first rows that open a request, each with the body that would take it."""
        with remembering():
            return self._additions(limit)

    def _additions(self, limit: int) -> list[AddedRow]:
        opening = Opening.at_once(self._actor, self._incident)
        some = self._new[:limit]
        routes = self._routes(opening, some)
        return [
            AddedRow(
                one.row.line,
                one.enterprise.code,
                one.enterprise.name,
                (one.row.title, self._section.label(one.row.category), str(route.body) if route else "—"),
            )
            for one, route in zip(some, routes, strict=True)
        ]

    def changes(self, limit: int) -> list[ChangedRow]:
        """None: a request that is on the desk is worked on there, no file changes it."""
        return []

    def _routes(self, opening: Opening, meant: Sequence[Meant]) -> list[Route | None]:
        """To whom each goes; None where nobody is set up that could take it."""
        areas, today = area_tree().areas, clock.today()
        facts: dict[int, FactsOfDay] = {}
        asks = opening.routing.asks_facts
        for chunk in _chunks(sorted({one.enterprise.pk for one in meant}) if asks else []):
            facts |= facts_on(_DESK, chunk, today)
        known: dict[tuple[Any, ...], Route | None] = {}
        found = []
        for one in meant:
            fact = facts.get(one.enterprise.pk, NOTHING_KNOWN)
            size = str(fact.size(one.enterprise.kind, today).size or "") if asks else ""
            key = one.row.category, one.enterprise.managing_area_id, size, fact.tags
            if key not in known:
                try:
                    known[key] = opening.routing.route(key[0], areas[key[1]], size, fact.tags)
                except NobodyToTurnTo:
                    known[key] = None
            found.append(known[key])
        return found

    def write(self, now: datetime) -> None:
        """Judge anew and open the requests: each goes straight to the body of its rule, and its clock starts now."""
        take_turns(alone=f"desk.import {self._incident.pk}")  # the same file twice at once comes in once
        self.check()
        with remembering():
            self._write()

    def _write(self) -> None:
        opening = Opening.at_once(self._actor, self._incident)
        routes = self._routes(opening, self._new)
        last = self._last_reports(opening)
        drafts, words = [], []
        for one, route in zip(self._new, routes, strict=True):
            if route is None:
                raise ValidationError(_("No body is set up that could take it. An administrator sets one up first."))
            request = opening.draft(one.enterprise, self._asked(one), route, last.get(one.enterprise.pk))
            request.import_run_id = self._delivery.run_id or None
            drafts.append(request)
            words.append(route.words())
        self._store(opening, drafts, words)

    def _asked(self, one: Meant) -> Asked:
        row = one.row
        return Asked(
            category=row.category,
            title=row.title,
            text=row.text,
            detail=row.detail,
            people_waiting=row.people,
            channel=Channel.FILE,
            client_key=one.key,
            asked_by_name=row.asked_by,
        )

    def _last_reports(self, opening: Opening) -> dict[int, Any]:
        """The last daily report of each enterprise that asks for something its reports must show."""
        metric: Callable[[Meant], str] = lambda one: opening.category(one.row.category).metric  # noqa: E731
        found: dict[int, Any] = {}
        for chunk in _chunks(sorted({one.enterprise.pk for one in self._new if metric(one)})):
            found |= last_reports(_DESK, self._incident, chunk, clock.today())
        return found

    def _store(self, opening: Opening, drafts: list[Request], words: list[str]) -> None:
        """Numbers last: whoever opens a request meanwhile waits for them."""
        if not drafts:
            return
        for request, number in zip(drafts, opening.next_numbers(len(drafts)), strict=True):
            request.number = number
        for request, (pk,) in zip(drafts, all_rows(_NEXT_IDS, {"many": len(drafts)}), strict=True):
            request.pk = pk
        fields = Request._meta.concrete_fields
        rows = ([_cell(getattr(request, field.attname)) for field in fields] for request in drafts)
        copy_rows(Request._meta.db_table, [f'"{field.column}"' for field in fields], rows)
        copy_rows(Entry._meta.db_table, _TOLD, self._told(opening, drafts, words))
        for request in drafts:
            announce(
                RequestOpened(
                    request.pk, request.incident_id, request.enterprise_id, request.managing_area_id, clock.today()
                )
            )

    def _told(self, opening: Opening, drafts: list[Request], words: list[str]) -> Iterator[tuple[Any, ...]]:
        """The first two steps of each timeline."""
        actor = self._actor
        for request, routed in zip(drafts, words, strict=True):
            for kind, text in ((EntryKind.OPENED, request.text), (EntryKind.ROUTED, routed)):
                yield request.pk, opening.now, kind.value, actor.id, actor.name, text, True

    def close(self) -> None:
        """Nothing is kept between."""


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _no_such() -> Fault:
    return Fault(_("The register of your areas has no such enterprise"), _("Check it, or enter the enterprise first"))


def _several(number: int) -> Fault:
    return Fault(_("%(n)d enterprises are called so") % {"n": number}, _("Write the credit code"))


def _not_yours() -> Fault:
    return Fault(_("You see this area and do not enter requests there"), _("Send the row to its own officials"))


def _twice(line: int) -> Fault:
    return Fault(_("Row %(row)d asks for the same") % {"row": line}, _("Keep one of them"))


@transaction.atomic
def undo_requests(*, actor: Viewer, written: Written) -> dict[str, Any]:
    """Remove the requests that a file opened; raises `Denied` once a hand was laid on one of them."""
    permissions.can_take_request(actor).require()
    opened = Request.objects.filter(import_run=written.run_id)
    rows = opened.select_for_update(of=("self",)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    told = Entry.objects.filter(request__in=ids)
    touched = set(told.exclude(kind__in=_BY_ITSELF).values_list("request", flat=True))
    touched |= set(opened.exclude(state=RequestState.RECEIVED).values_list("pk", flat=True))
    if touched:
        raise Denied(
            ngettext(
                "%(count)d request of this file was worked on since, so the file stays. Withdraw the others by hand.",
                "%(count)d requests of this file were worked on since, so the file stays. Withdraw the others by hand.",
                len(touched),
            )
            % {"count": len(touched)}
        )
    try:
        told.delete()
        opened.delete()
    except ProtectedError as error:
        raise Denied(_("Something else stands on these requests by now, so the import stays.")) from error
    return {"removed": len(ids)}
