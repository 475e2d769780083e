"""The rows of one file of reports in a table of the transaction: judged, held against what stands, written in sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.areas.selectors import area_tree
from fugong.base.spreadsheets.logic.issues import Fault, Issue
from fugong.base.spreadsheets.logic.kinds import AddedRow, ChangedRow, Delivery
from fugong.base.spreadsheets.logic.outcome import ImportOutcome
from fugong.core import clock
from fugong.core.bulk import all_rows, copy_rows, execute, one_row
from fugong.core.events import announce
from fugong.core.text import in_language
from fugong.core.turns import take_turns
from fugong.record.incidents.models import PlaybookVersion
from fugong.record.incidents.selectors import playbook_on, playbooks_of
from fugong.record.reporting.enums import Channel, ReportState
from fugong.record.reporting.events import ReportsImported
from fugong.record.reporting.logic import import_sql as sql
from fugong.record.reporting.logic.checks import Finding, ReportValues, check_report, field_label
from fugong.record.reporting.logic.names import turn_of_day
from fugong.record.reporting.logic.rows import ReportContext, ReportRows
from fugong.record.reporting.logic.section import ReportSection, rules_of
from fugong.record.reporting.selectors.items import questions_of
from fugong.record.reporting.selectors.locks import day_rules, late_cells
from fugong.record.reporting.selectors.places import Places, incident_of, places_to_report

_NO_ENTERPRISE = 0


class IncomingReports:
    """The reports of one file within one transaction: judged and compared, or judged and written."""

    def __init__(self, delivery: Delivery) -> None:
        self.outcome = ImportOutcome()
        self._delivery, self._actor = delivery, delivery.actor
        self._incident = incident_of(delivery.scope)
        self._columns = delivery.columns.found
        self._questions = questions_of(self._incident)
        self._section = ReportSection(playbook_on(self._incident, clock.today()).content["report"])

    def check(self) -> None:
        """Judge the rows and count what is new, changed and the same."""
        self._load()
        cells = self._cells()
        self._refuse_unasked()
        self._refuse_locked(cells)
        self._keep_unasked()
        accepted, known, changed = one_row(sql.COUNTS, self._values())
        self.outcome.new, self.outcome.changed = accepted - known, changed
        self.outcome.same = known - changed

    def additions(self, limit: int) -> list[AddedRow]:
        """The first rows that report a day for the first time."""
        return [
            AddedRow(line, code, name, (day.isoformat(), str(ReportState(state).label), f"{on_post} / {roster}"))
            for line, code, name, day, state, on_post, roster in all_rows(sql.NEW, self._values(limit=limit))
        ]

    def changes(self, limit: int) -> list[ChangedRow]:
        """The first rows that correct what stands."""
        found = []
        for line, code, name, *pairs in all_rows(sql.CHANGES, self._values(limit=limit)):
            sides = zip(sql.SHOWN, zip(pairs[::2], pairs[1::2], strict=True), strict=True)
            differing = [(field_label(f), _shown(f, old), _shown(f, new)) for f, (old, new) in sides if old != new]
            found.append(ChangedRow(line, code, name, differing))
        return found

    def write(self, now: datetime) -> None:
        """New rows first; where a report stands already, keep it in the history if the file says something else."""
        self._load()
        cells = self._cells()
        for day in sorted({day for day, _area in cells}):
            take_turns(shared=turn_of_day(self._incident.pk, day))
        self._refuse_unasked()
        self._refuse_locked(cells)
        outcome, stamp = self.outcome, self._values(now=now)
        accepted = outcome.read - outcome.refused_rows
        late = late_cells(self._incident, cells, now)
        late_by = {"late_days": [day for day, _area in late], "late_areas": [area for _day, area in late]}
        outcome.new = execute(sql.INSERT, stamp | late_by)
        if outcome.new < accepted:
            # The planner's statistics do not know the rows just written; a nested loop was seen to run for minutes.
            execute("SET LOCAL enable_nestloop = off")
            execute(sql.LOCK, stamp)
            self._keep_unasked()
            outcome.changed = execute(sql.CHANGED, stamp)
            outcome.same = accepted - outcome.new - outcome.changed
            execute(sql.HISTORY)
            execute(sql.CORRECT, stamp)
            cells = self._cells()
            execute("SET LOCAL enable_nestloop = on")
            execute("DROP TABLE changed_report")
        announce(ReportsImported(self._incident.pk, cells))

    def close(self) -> None:
        execute("DROP TABLE incoming_report")

    def _values(self, **more: Any) -> dict[str, Any]:
        own = {"incident": self._incident.pk, "channel": Channel.IMPORT.value}
        return own | {"name": self._actor.name, "actor": self._actor.id} | more

    def _load(self) -> None:
        """Fill the table with the rows that can be accepted; refusals and warnings go into the outcome."""
        places = places_to_report(self._actor, self._incident)
        execute(sql.INCOMING)
        # Everything the rows need is read before: while COPY holds the connection no query can run.
        rows = self._accepted(self._parser(places), places, playbooks_of(self._incident))
        copy_rows("incoming_report", sql.COLUMNS, rows)
        execute("ANALYZE incoming_report")
        self._refuse((line, code, self._out_of_business(day)) for line, code, day in all_rows(sql.NOT_IN_BUSINESS))
        self._warn_of_jumps()

    def _parser(self, places: Places) -> ReportRows:
        section = self._section
        context = ReportContext(
            enterprises=places,
            rules=rules_of(section),
            first_day=self._incident.started_on,
            last_day=min(clock.today(), self._incident.ended_on or clock.today()),
            reasons=section.spellings("closed_reasons"),
            obstacles=section.spellings("obstacles"),
            items={item["name"]: item["type"] for item in (*section.items, *self._questions.all)},
        )
        return ReportRows(self._delivery.columns, context)

    def _accepted(
        self, parser: ReportRows, places: Places, playbook_of: Callable[[date], PlaybookVersion]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows to write; what is refused or doubtful goes into the outcome on the way."""
        parse, outcome = parser.parse, self.outcome
        versions: dict[date, int] = {}
        for line, cells in self._delivery.rows(outcome):
            report, refusals, warnings = parse(line, cells)
            if report is None:
                outcome.refused += refusals
                continue
            day, values = report.day, report.values
            if warnings:
                outcome.warnings += warnings
            if day not in versions:
                versions[day] = playbook_of(day).pk
            enterprise_id, area_id = places[report.uscc]
            yield (
                line, report.uscc, enterprise_id, area_id, versions[day], day, values.state, values.closed_reason,
                values.roster, values.on_post, values.capacity, list(values.obstacles), values.supply_days,
                values.remark, json.dumps(values.extra, ensure_ascii=False) if values.extra else "{}",
            )  # fmt: skip

    def _refuse_unasked(self) -> None:
        """Refuse rows that answer what the area of their day does not ask, or miss what must be answered there.

        What a report says already need not be in a file that has no column for it. 3 queries at most, however many
        days and areas.
        """
        questions = {item["name"]: item for item in self._questions.all}
        not_asked: list[tuple[date, int, str]] = []
        required: list[tuple[date, int, str]] = []
        for day, area_id in all_rows(sql.CELLS) if questions else ():
            asked = {item["name"]: item["is_required"] for item in self._questions.on(area_id, day)}
            not_asked += [(day, area_id, name) for name in questions if name not in asked]
            required += [(day, area_id, name) for name in questions if asked.get(name)]
        fault = Fault(_("The area of the enterprise does not ask this on the day"), _("Leave the cell empty"))
        found = [(*row, fault) for row in self._of_questions(sql.ANSWERED, not_asked)]
        for line, name, text in self._of_questions(sql.UNANSWERED, required):
            label = {"label": in_language(questions[name]["label"])}
            found.append((line, name, text, Fault(_("“%(label)s” must be answered") % label, _("Fill it in"))))
        if found:
            order = {name: place for place, name in enumerate(questions)}
            found.sort(key=lambda one: (one[0], order[one[1]]))
            execute(sql.REFUSE, {"lines": [line for line, *_more in found]})
            label_of = self._delivery.columns.label
            self.outcome.refuse_late(
                [Issue.of(line, label_of(f"extra.{name}"), text, fault) for line, name, text, fault in found]
            )

    def _of_questions(self, statement: str, cells: list[tuple[date, int, str]]) -> list[tuple[int, str, str]]:
        """Line, name and answer of the rows that a statement finds in these days, areas and questions."""
        if not cells:
            return []
        days, areas, names = zip(*cells, strict=True)
        columns = [f"extra.{name}" in self._columns for name in names]
        return all_rows(
            statement,
            self._values(days=list(days), areas=list(areas), names=list(names), has_columns=columns),
        )

    def _refuse(self, rows: Iterator[tuple[int, str, Fault]]) -> None:
        label = self._delivery.columns.label("uscc")
        self.outcome.refuse_late([Issue.of(line, label, code, fault) for line, code, fault in rows])

    def _out_of_business(self, day: date) -> Fault:
        return Fault(
            _("The enterprise was not in business on %(day)s") % {"day": day.isoformat()},
            _("Correct the day, or the dates of the enterprise in the register"),
            _("Not in business on the day"),
        )

    def _cells(self) -> frozenset[tuple[date, int]]:
        """The days and areas that the rows touch; a correction counts where its day counted."""
        execute(sql.AREA_OF_THE_DAY, self._values())
        cells = frozenset(all_rows(sql.CELLS))
        self.outcome.area_id = area_tree().smallest_over(area_id for _day, area_id in cells)
        return cells

    def _refuse_locked(self, cells: frozenset[tuple[date, int]]) -> None:
        """Refuse the rows of locked days, but those of enterprises for which the duty officer opened one."""
        if not cells:
            return
        days = [day for day, _area in cells]
        rules = day_rules(self._incident, min(days), max(days))
        refused = []
        for day, area_id in sorted(cells):
            if rules.locked(area_id, _NO_ENTERPRISE, day) is None:
                continue
            for line, code, enterprise_id in all_rows(sql.OF_A_CELL, {"day": day, "area": area_id}):
                if locked := rules.locked(area_id, enterprise_id, day):
                    fault = Fault(locked.words, _("Ask the duty officer to open it"), _("Days that are locked"))
                    refused.append((line, code, fault))
        if refused:
            execute(sql.REFUSE, {"lines": [line for line, _code, _fault in refused]})
            self._refuse(iter(refused))

    def _keep_unasked(self) -> None:
        """Give the rows the stored values of the fields that the file has no column for."""
        kept = [change for field, change in sql.KEPT.items() if field not in self._columns]
        execute(
            f"""UPDATE incoming_report AS i SET {", ".join([*kept, "extra = r.extra || i.extra"])}
            FROM reporting_dailyreport AS r
            WHERE r.incident_id = %(incident)s AND r.enterprise_id = i.enterprise_id AND r.day = i.day""",  # noqa: S608
            self._values(),
        )

    def _warn_of_jumps(self) -> None:
        """What is unusual against the last report before, in the words of the form; the row is accepted."""
        rules = rules_of(self._section)
        limits = {
            "roster": rules.roster_change_percent,
            "on_post": rules.on_post_change_percent,
            "capacity": rules.capacity_fall_points,
        }
        days = [day for (day,) in all_rows("SELECT DISTINCT day FROM incoming_report ORDER BY day")]
        for day in days:
            for line, *row in all_rows(sql.JUMPS, self._values(day=day, **limits)):
                now, before = _plain(*row[:5]), _plain("open", "", *row[5:])
                # What contradicts itself was said when the row was read.
                (_none, own), (_errors, all_of_it) = check_report(now, None, rules), check_report(now, before, rules)
                found = [finding for finding in all_of_it if finding not in own]
                self.outcome.warnings += [self._warning(line, now, finding) for finding in found]

    def _warning(self, line: int, now: ReportValues, finding: Finding) -> Issue:
        value = getattr(now, finding.field, "")
        fault = Fault(finding.reason, finding.mend, _("Unusual against the day before"))
        return Issue.of(line, self._delivery.columns.label(finding.field), str(value), fault)


def _plain(state: str, reason: str, roster: int, on_post: int, capacity: Any) -> ReportValues:
    return ReportValues(state, reason, roster, on_post, capacity, (), None, "", {})


def _shown(field: str, value: Any) -> str:
    if field == "state":
        return str(ReportState(value).label)
    return "" if value is None else str(value)
