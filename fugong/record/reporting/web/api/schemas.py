"""What the interface takes and gives, as OpenAPI names it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.logic.totals import rates_of
from fugong.record.reporting.models import AreaTotal, DailyReport

MOST_REPORTS = 500
_LONGEST = 1000


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL")
    return text


Line = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]
Text = Annotated[str, Field(max_length=_LONGEST), AfterValidator(_without_nul)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Rate = Annotated[Decimal, Field(ge=0, le=9999, decimal_places=1, max_digits=5)]


class _In(Schema):
    """A field that nobody asked for is a slip of the other program: it is named, never dropped."""

    model_config = ConfigDict(extra="forbid")


class ReportIn(_In):
    incident: Line = Field(description=_("Short name of the incident, as /reports/duties gives it."))
    enterprise: Line = Field(description=_("Credit code (18 characters) or provisional id."))
    day: date | None = Field(None, description=_("Today when nothing is said; another day once it is opened for you."))
    state: Literal["open", "partial", "closed"]
    closed_reason: Line = Field("", description=_("Code of the playbook's list; needed when closed."))
    roster: Count = Field(description=_("People on the roster."))
    on_post: Count = Field(description=_("People on post."))
    capacity: Rate | None = Field(None, description=_("Per cent of normal capacity; may exceed 100."))
    obstacles: list[Line] = Field([], max_length=50, description=_("Codes of the playbook's list."))
    supply_days: Rate | None = Field(None, description=_("Days of supplies left."))
    remark: Text = ""
    extra: dict[Line, Line] = Field(
        {}, max_length=50, description=_("Further items of the playbook and the areas, by name.")
    )
    warning_reason: Line = Field("", description=_("Code of the playbook's list; answers what is unusual."))
    correction_reason: Literal["", "mistyped", "news", "misunderstood", "checked", "other"] = Field(
        "", description=_("Why it is corrected after the due time.")
    )
    seconds: int | None = Field(None, ge=0, le=86_400, description=_("How long filling it in took a person."))
    client_key: UUID | None = Field(None, description=_("Made by the device: the same report is stored once."))

    def values(self) -> ReportValues:
        """As the checks and the action read it."""
        return ReportValues(
            state=self.state,
            closed_reason=self.closed_reason if self.state == "closed" else "",
            roster=self.roster,
            on_post=self.on_post,
            capacity=self.capacity,
            obstacles=tuple(self.obstacles),
            supply_days=self.supply_days,
            remark=self.remark.strip(),
            extra={name: value for name, value in self.extra.items() if value},
        )


class BatchIn(_In):
    reports: list[ReportIn] = Field(min_length=1, max_length=MOST_REPORTS)


class ReportOut(Schema):
    id: int
    incident: str
    enterprise: str
    day: date
    state: str
    closed_reason: str
    roster: int
    on_post: int
    capacity: Decimal | None
    obstacles: list[str]
    supply_days: Decimal | None
    remark: str
    extra: dict[str, str]
    warning_reason: str
    channel: str
    reported_by: str
    received_at: datetime
    revision: int

    @staticmethod
    def of(report: DailyReport, incident: str, enterprise: str) -> ReportOut:
        """A stored report, with the names by which the interface calls incident and enterprise."""
        same = ("state", "closed_reason", "roster", "on_post", "capacity", "supply_days", "remark", "warning_reason")
        return ReportOut(
            id=report.pk,
            incident=incident,
            enterprise=enterprise,
            day=report.day,
            obstacles=list(report.obstacles),
            extra={name: str(value) for name, value in report.extra.items()},
            channel=report.channel,
            reported_by=report.reported_by_name,
            received_at=report.submitted_at,
            revision=report.revision,
            **{name: getattr(report, name) for name in same},
        )


class ReportsOut(Schema):
    reports: list[ReportOut]
    next: int | None = Field(description=_("Pass it as `before` for the next page; null: there is none."))


class FaultOut(Schema):
    field: str
    reason: str
    mend: str


class BatchLine(Schema):
    index: int
    status: Literal["stored", "refused"]
    report: ReportOut | None
    errors: list[FaultOut]


class BatchOut(Schema):
    stored: int
    refused: int
    lines: list[BatchLine]


class DutyOut(Schema):
    enterprise: str
    name: str
    incident: str
    incident_name: str
    day: date
    due_time: str
    report: ReportOut | None


class DutiesOut(Schema):
    duties: list[DutyOut]


class ChoiceOut(Schema):
    code: str
    label: str


class ItemOut(Schema):
    name: str
    type: str
    label: str
    hint: str
    area: str = Field(description=_("Code of the area that asks it besides the playbook; empty: the playbook."))
    unit: str
    is_required: bool


class ItemsOut(Schema):
    incident: str
    day: date
    due_time: str
    closed_reasons: list[ChoiceOut]
    obstacles: list[ChoiceOut]
    warning_reasons: list[ChoiceOut]
    items: list[ItemOut]


class TotalIn(_In):
    incident: Line
    area: Line = Field(description=_("Code of the area."))
    day: date
    scope: Line = Field("", description=_("Part of the economy in your words; empty: everything in the area."))
    enterprises: Count | None = None
    enterprises_open: Count | None = None
    roster: Count | None = None
    on_post: Count | None = None
    people_unit: Literal["", "people", "person_times"] = ""
    opening_rate: Line = Field("", description=_("As typed, in per cent; held against the counts."))
    return_rate: Line = ""
    as_of: time | None = None
    source: Line
    remark: Text = ""
    counts: bool | None = Field(None, description=_("Whether figures take it instead of single reports."))


class RateOut(Schema):
    verdict: Literal["none", "agrees", "contradicts", "unchecked"]
    typed: str
    true: str


class TotalOut(Schema):
    id: int
    area: str
    area_name: str
    day: date
    scope: str
    enterprises: int | None
    enterprises_open: int | None
    roster: int | None
    on_post: int | None
    people_unit: str
    opening_rate: RateOut
    return_rate: RateOut
    as_of: time | None
    source: str
    remark: str
    counts: bool
    entered_by: str
    revision: int

    @staticmethod
    def of(total: AreaTotal) -> TotalOut:
        """A stored total, with its typed rates held against its counts."""
        same = (
            "day", "scope", "enterprises", "enterprises_open", "roster", "on_post", "people_unit", "as_of", "source",
            "remark", "counts", "revision",
        )  # fmt: skip
        rates = {
            name: RateOut(verdict=check.verdict.value, typed=check.typed, true=check.true)
            for name, check in rates_of(total.said()).items()
        }
        return TotalOut(
            id=total.pk,
            area=total.area.code,
            area_name=str(total.area),
            entered_by=total.entered_by_name,
            **rates,
            **{name: getattr(total, name) for name in same},
        )


class TotalsOut(Schema):
    totals: list[TotalOut]
