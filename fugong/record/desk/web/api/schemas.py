"""What the interface takes and gives, as OpenAPI names it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

from fugong.record.desk.enums import EntryKind
from fugong.record.desk.models import Entry, Request
from fugong.record.desk.selectors.queue import Whole


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL")
    return text


Line = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]
Title = Annotated[str, Field(max_length=80), AfterValidator(_without_nul)]
Text = Annotated[str, Field(max_length=1000), AfterValidator(_without_nul)]


class _In(Schema):
    """A field that nobody asked for is a slip of the other program: it is named, never dropped."""

    model_config = ConfigDict(extra="forbid")


class RequestIn(_In):
    incident: Line = Field(description=_("Short name of the incident, as /reports/duties gives it."))
    enterprise: Line = Field(description=_("Credit code (18 characters) or provisional id."))
    category: Line = Field(description=_("Code of a category, as /requests/categories gives it."))
    title: Title = Field(description=_("What is asked, in a few words."))
    text: Text = ""
    people_waiting: int = Field(0, ge=0, le=1_000_000, description=_("People held up by it."))
    detail: dict[Line, Line] = Field({}, max_length=50, description=_("Details of the category's kind, by name."))
    client_key: UUID | None = Field(None, description=_("Made by the device: the same request is opened once."))


class WordIn(_In):
    text: Text = Field(description=_("A word to whoever works on it."))


class RatingIn(_In):
    was_contacted: bool
    outcome: Literal["solved", "partly", "informed", "nothing"] = Field(description=_("What came of it."))
    comment: Text = ""


class EntryOut(Schema):
    at: datetime
    kind: str
    label: str
    by: str
    text: str

    @staticmethod
    def of(entry: Entry) -> EntryOut:
        """A public step of the timeline."""
        label = str(EntryKind(entry.kind).label)
        return EntryOut(at=entry.at, kind=entry.kind, label=label, by=entry.actor_name, text=entry.text)


class RequestOut(Schema):
    number: str
    incident: str
    enterprise: str
    category: str
    kind: str
    title: str
    text: str
    detail: dict[str, str]
    people_waiting: int
    channel: str
    opened_at: datetime
    state: str
    end: str
    end_note: str
    body: str = Field(description=_("The body that has the duty."))
    contact_due_at: datetime
    plan_due_at: datetime
    close_due_at: datetime
    contacted_at: datetime | None
    planned_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    reopened: int
    level: int = Field(description=_("How many levels it went up."))
    watch_until: date | None = Field(description=_("Until when its reports must show that it moved."))

    @staticmethod
    def of(request: Request) -> RequestOut:
        """A request as its own enterprise reads it."""
        same = (
            "number", "category", "kind", "title", "text", "people_waiting", "channel", "opened_at", "state", "end",
            "end_note", "contact_due_at", "plan_due_at", "close_due_at", "contacted_at", "planned_at", "answered_at",
            "ended_at", "reopened", "level", "watch_until",
        )  # fmt: skip
        return RequestOut(
            incident=request.incident.slug,
            enterprise=request.enterprise.code,
            body=str(request.owner_body),
            detail={name: str(value) for name, value in request.detail.items()},
            **{name: getattr(request, name) for name in same},
        )


class WholeOut(RequestOut):
    timeline: list[EntryOut]
    rated: bool = Field(description=_("Whether this round was rated already."))

    @staticmethod
    def of_whole(whole: Whole) -> WholeOut:
        """One request with what happened to it."""
        rated = any(rating.round == whole.request.reopened for rating in whole.ratings)
        timeline = [EntryOut.of(entry) for entry in whole.entries]
        return WholeOut(**RequestOut.of(whole.request).dict(), timeline=timeline, rated=rated)


class RequestsOut(Schema):
    requests: list[RequestOut]
    next: int | None = Field(description=_("Pass it as `before` for the next page; null: there is none."))


class DetailOut(Schema):
    name: str
    type: str
    label: str
    is_required: bool


class CategoryOut(Schema):
    code: str
    label: str
    kind: str
    details: list[DetailOut]


class CategoriesOut(Schema):
    incident: str
    categories: list[CategoryOut]
