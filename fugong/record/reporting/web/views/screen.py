"""One screen for all incidents of an enterprise's day: what the views of forms and of kept reports share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.incidents.models import Incident
from fugong.record.reporting.actions.submit import ReportRefused
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.models import ReportDraft
from fugong.record.reporting.selectors.duties import Duty, overtaken_beside
from fugong.record.reporting.selectors.items import section_of
from fugong.record.reporting.web.forms import AlsoForm, ReportForm, ids_from, initial_from


def offline(keep: list[str]) -> dict[str, Any]:
    """What my.js needs: the time of the place, and the addresses to keep on the device for a day without network."""
    now = timezone.localtime(clock.now())
    return {
        "now": now.isoformat(timespec="seconds"),
        "day": now.date().isoformat(),
        "keep": [*keep, reverse("reporting:outbox")],
    }


def initial_of(duty: Duty) -> dict[str, Any]:
    """What stands: today's report when it was sent, else the last one before."""
    stands = duty.report or duty.previous
    initial = initial_from(stands.said()) if stands else {}
    if duty.report:
        initial |= {"remark": duty.report.remark, "warning_reason": duty.report.warning_reason}
    beside = " ".join(str(other.incident.pk) for other in duty.beside)
    seen = str(duty.report.revision if duty.report else 0)
    return initial | {"day": duty.day.isoformat(), "seen": seen, "beside": beside}


def beside_words(viewer: Viewer, duty: Duty, form: ReportForm) -> str:
    """What somebody else reported meanwhile for another incident of the screen; nothing: empty. The form is valid."""
    data = form.cleaned_data
    if data["gives_way"]:
        return ""
    words = _("%(incident)s: %(name)s reported %(on_post)d on post of %(roster)d at %(time)s. Look at it there.")
    return " ".join(
        words
        % {
            "incident": report.incident,
            "name": report.reported_by_name,
            "on_post": report.on_post,
            "roster": report.roster,
            "time": f"{timezone.localtime(report.submitted_at):%H:%M}",
        }
        for report in overtaken_beside(viewer, duty, ids_from(data["beside"]), data["client_key"])
    )


def also_forms(duty: Duty, data: Any = None, begun: dict[str, list[str]] | None = None) -> list[AlsoForm]:
    """One form for each other incident, with what only it asks; `begun`: as a draft left it."""
    first = section_of(duty)
    forms = []
    for other in duty.beside:
        section = section_of(other)
        named = {"initial": initial_of(other), "prefix": f"i{other.incident.pk}"}
        as_left = AlsoForm.begun(begun, section, first, **named) if begun is not None else None
        forms.append(as_left or AlsoForm(section, first, data=data, **named))
    return forms


@dataclass(frozen=True, slots=True)
class Screen:
    """The form of one incident, with what the other incidents of the day ask besides."""

    duty: Duty
    form: ReportForm
    also: list[AlsoForm]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(form.is_valid() for form in self.also)])

    def said(self) -> list[tuple[Incident, ReportValues]]:
        """Incident and report, the shared answers in each; the forms must be valid."""
        first = self.form.values()
        pairs = zip(self.duty.beside, self.also, strict=True)
        return [(self.duty.incident, first), *((other.incident, form.values_beside(first)) for other, form in pairs)]

    def refuse(self, refused: ReportRefused) -> None:
        """Put the errors beside their fields; those of another incident under its name."""
        for other, form in zip(self.duty.beside, self.also, strict=True):
            if refused.incident == other.incident:
                form.refuse(refused.errors)
                for error in form.non_field_errors():
                    self.form.add_error(None, f"{other.incident}：{error}")
                return
        self.form.refuse(refused.errors)

    def names(self) -> list[str]:
        """The names of all its fields, as a browser sends them."""
        return [form.add_prefix(name) for form in (self.form, *self.also) for name in form.fields]

    def parts(self) -> list[dict[str, Any]]:
        """Per other incident its name and the fields that only it asks."""
        return [
            {"name": str(other.incident), "fields": list(form), "lead": str(self.duty.incident)}
            for other, form in zip(self.duty.beside, self.also, strict=True)
        ]


def screen_as_left(duty: Duty, draft: ReportDraft) -> Screen:
    """The screen with what its person had filled in when leaving it."""
    fields = draft.fields | {"drafted": ["1"], "client_key": [str(uuid4())]}
    section = section_of(duty)
    form = ReportForm.begun(fields, section, initial=initial_of(duty))
    return Screen(duty, form, also_forms(duty, begun=fields))


def same_again(duty: Duty) -> list[tuple[Incident, ReportValues]]:
    """The last values for the day, for each incident that waits and has some.

    The remark is of its day. What explained the unusual yesterday explains the same today.
    """
    return [
        (one.incident, replace(one.previous.said(), remark="", extra=_still_asked(one, one.previous.extra)))
        for one in (duty, *duty.beside)
        if one.previous is not None
    ]


def _still_asked(duty: Duty, extra: dict[str, str]) -> dict[str, str]:
    names = {item["name"] for item in section_of(duty).items}
    return {name: value for name, value in extra.items() if name in names}
