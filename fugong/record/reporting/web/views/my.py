from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.core import clock
from fugong.record.registry.enums import ChangeKind
from fugong.record.registry.selectors.grants import my_enterprise, my_enterprises
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.submit import ReportLocked, ReportRefused, Sending, submit_reports
from fugong.record.reporting.logic.times import Times
from fugong.record.reporting.logic.words import SOON_MINUTES, due_words, minutes_left, shown
from fugong.record.reporting.models import DailyReport, ReportDraft
from fugong.record.reporting.selectors.drafts import draft_for, drafts_of, standing
from fugong.record.reporting.selectors.duties import Duty, duties_for, duty_for, history_of
from fugong.record.reporting.selectors.items import item_labels, section_of
from fugong.record.reporting.selectors.locks import day_rules, opened_days, times_on
from fugong.record.reporting.web.forms import NUMBERS, ReportForm, ids_from, initial_from, key_from
from fugong.record.reporting.web.tables import history_row, report_rows
from fugong.record.reporting.web.views.drafts import forget_screen, keep_screen
from fugong.record.reporting.web.views.screen import (
    Screen,
    also_forms,
    beside_words,
    initial_of,
    offline,
    same_again,
    screen_as_left,
)


def _times(duty: Duty) -> Times:
    area_id = duty.report.managing_area_id if duty.report else duty.enterprise.managing_area_id
    return times_on(duty.incident, area_id, duty.day)


def _summary(report: DailyReport | None) -> dict[str, Any] | None:
    if report is None:
        return None
    return {
        "day": report.day,
        "state_label": report.get_state_display(),
        "on_post": report.on_post,
        "roster": report.roster,
        "capacity": report.capacity,
        "submitted_at": report.submitted_at,
        "seconds": report.seconds_taken,
    }


def _card(duty: Duty) -> dict[str, Any]:
    times = _times(duty)
    minutes = minutes_left(clock.now(), times.due_at)
    args = [duty.enterprise.pk, duty.incident.slug]
    return {
        "enterprise_name": duty.enterprise.name,
        "area_name": str(duty.enterprise.managing_area),
        "incident_name": str(duty.incident),
        "day": duty.day,
        "due_time": timezone.localtime(times.due_at),
        "due_words": due_words(minutes),
        "is_due_soon": 0 <= minutes <= SOON_MINUTES,
        "is_overdue": minutes < 0,
        "report": _summary(duty.report),
        "yesterday": _summary(duty.previous),
        "is_yesterday": duty.previous is not None and (duty.day - duty.previous.day).days == 1,
        "client_key": uuid4(),
        "report_url": reverse("reporting:report", args=args),
        "same_url": reverse("reporting:same", args=args),
        "send_url": reverse("reporting:send", args=args),
        "receipt_url": reverse("reporting:receipt", args=args),
        "history_url": reverse("reporting:history", args=args[:1]),
        "register_url": reverse("registry_my:changes", args=args[:1]),
    }


def _cards(duties: list[Duty], drafts: dict[tuple[int, int], ReportDraft]) -> list[dict[str, Any]]:
    """One card for each report that is in, and one for all incidents of an enterprise that still wait."""
    cards: list[dict[str, Any]] = []
    waiting: dict[int, dict[str, Any]] = {}
    for duty in duties:
        first = waiting.get(duty.enterprise.pk)
        if duty.report is None and first is not None:
            first["incident_name"] += _(", ") + str(duty.incident)
            continue
        cards.append(_card(duty) | {"draft": standing(duty, drafts)})
        if duty.report is None:
            waiting[duty.enterprise.pk] = cards[-1]
    return cards


def _of_day(pk: int, slug: str, day: date) -> str:
    return f"{reverse('reporting:report', args=[pk, slug])}?day={day.isoformat()}"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one thing due, per enterprise and incident."""
    enterprises = list(my_enterprises(request.viewer))
    if not enterprises:
        raise Http404
    today = clock.today()
    cards = _cards(duties_for(request.viewer, enterprises, today), drafts_of(request.viewer, today))
    keep = [reverse("reporting:home"), *(card["report_url"] for card in cards)]
    opened = [
        {
            "name": one.enterprise.name,
            "day": one.day,
            "until": one.until,
            "reason": one.reason,
            "url": _of_day(one.enterprise.pk, one.incident.slug, one.day),
        }
        for one in opened_days(request.viewer, enterprises)
    ]
    as_before = sum(card["report"] is None and card["yesterday"] is not None for card in cards)
    context = {"enterprises": cards, "opened": opened, "as_before": as_before, "offline": offline(keep)}
    return render(request, "reporting/my_home.html", context)


def _duty(request: HttpRequest, pk: int, incident: str, beside: str = "") -> Duty:
    """Of today, or of the opened day of the address. `beside`: the other incidents that the screen answers."""
    day = clock.day_or_today(request.GET.get("day", ""))
    duty = duty_for(request.viewer, pk, incident, day, ids_from(request.POST.get("beside", beside)))
    if duty is None:
        raise Http404
    return duty


def _rows(form: ReportForm, duty: Duty) -> list[dict[str, Any]]:
    units = {"roster": _("people"), "on_post": _("people"), "capacity": "%", "supply_days": _("days")}
    units |= {form.item_name(item): item.get("unit", "") for item in form.items}
    before = duty.previous
    names = [*NUMBERS, *(form.item_name(item) for item in form.items)]
    extra = {f"extra_{name}": value for name, value in before.extra.items()} if before else {}
    return [
        {
            "field": form[name],
            "unit": units.get(name, ""),
            "yesterday": shown(getattr(before, name, extra.get(name))) if before else "",
            "help": form.fields[name].help_text,
        }
        for name in names
    ]


def _opened(duty: Duty) -> bool:
    """The duty officer has opened this past day for the enterprise."""
    area_id = duty.report.managing_area_id if duty.report else duty.enterprise.managing_area_id
    return day_rules(duty.incident, duty.day).opened(area_id, duty.enterprise.pk, duty.day) is not None


def _form_page(
    request: HttpRequest, screen: Screen, warnings: tuple[Any, ...] = (), draft: ReportDraft | None = None
) -> HttpResponse:
    duty, form = screen.duty, screen.form
    wrong = bool(form.errors or warnings or any(one.errors for one in screen.also))
    before = duty.previous
    carried = initial_from(before.said()) if before else {}
    context = {
        "form": form,
        "also": screen.parts(),
        "rows": _rows(form, duty),
        "yesterday": {name: shown(value) for name, value in carried.items()},
        "yesterday_day": before.day if before else None,
        "is_correction": duty.report is not None,
        "asks_reason": duty.report is not None and clock.now() > _times(duty).due_at,
        "enterprise_name": duty.enterprise.name,
        "incident_name": str(duty.incident),
        "day": duty.day,
        "warnings": [
            {"field": w.field, "text": _("%(reason)s.") % {"reason": w.reason}, "question": w.mend} for w in warnings
        ],
        "answers": [
            {"label": kind.label, "url": reverse("registry_my:propose", args=[duty.enterprise.pk, kind.value])}
            for kind in (ChangeKind.AREA, ChangeKind.NOT_OURS, ChangeKind.CLOSING)
        ],
        "home_url": reverse("reporting:home"),
        "report_url": reverse("reporting:report", args=[duty.enterprise.pk, duty.incident.slug]),
        "send_url": reverse("reporting:send", args=[duty.enterprise.pk, duty.incident.slug]),
        "offline": offline([reverse("reporting:home")]),
        "draft": draft,
        "draft_url": reverse("reporting:draft", args=[duty.enterprise.pk, duty.incident.slug]),
        "refused": wrong,
    }
    return render(request, "reporting/report_form.html", context, status=422 if wrong else 200)


def _overtaken(duty: Duty, data: dict[str, Any]) -> str:
    """What happened since the page was opened: midnight passed, or somebody else reported; nothing: empty."""
    if data["day"] and data["day"] != duty.day.isoformat():
        return _("This page was opened for another day. Check the numbers for today and send them again.")
    report = duty.report
    if report is None or data["seen"] is None or data["seen"] == report.revision:
        return ""
    if report.client_key == data["client_key"] and data["client_key"] is not None:
        return ""
    return _("%(name)s reported %(on_post)d on post of %(roster)d at %(time)s. Send again to replace it by yours.") % {
        "name": report.reported_by_name,
        "on_post": report.on_post,
        "roster": report.roster,
        "time": f"{timezone.localtime(report.submitted_at):%H:%M}",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int, incident: str) -> HttpResponse:
    """Today's report with the last values filled in; a correction when it was sent already."""
    duty = _duty(request, pk, incident)
    permissions.can_report(request.viewer, duty.enterprise).require()
    is_opened = duty.day != clock.today() and _opened(duty)
    permissions.can_report_day(request.viewer, duty.incident, duty.day, is_opened=is_opened).require()
    section = section_of(duty)
    initial = initial_of(duty)
    if request.method != "POST":
        if draft := draft_for(request.viewer, duty):
            duty = _duty(request, pk, incident, " ".join(draft.fields.get("beside", ())))
            return _form_page(request, screen_as_left(duty, draft), draft=draft)
        form = ReportForm(section, initial=initial | {"client_key": uuid4()})
        return _form_page(request, Screen(duty, form, also_forms(duty)))
    form = ReportForm(section, data=request.POST, initial=initial)
    screen = Screen(duty, form, also_forms(duty, request.POST))
    if form.is_valid() and (fault := _overtaken(duty, form.cleaned_data) or beside_words(request.viewer, duty, form)):
        # The page is shown again with what holds now; sending it once more is then meant.
        _show_instead(form, day=initial["day"], seen=initial["seen"], beside=initial["beside"])
        form.add_error(None, fault)
    if not screen.is_valid():
        return _refused(request, screen)
    return _send(request, screen)


def _show_instead(form: ReportForm, **values: str) -> None:
    """Put other values into a form that was sent."""
    form.data = form.data.copy()
    for name, value in values.items():
        form.data[name] = value


def _refused(request: HttpRequest, screen: Screen, warnings: tuple[Any, ...] = ()) -> HttpResponse:
    """The form with what is wrong with it. It is kept as a draft: whoever leaves the page finds it again."""
    keep_screen(request, screen)
    _show_instead(screen.form, drafted="1")
    return _form_page(request, screen, warnings)


def _send(request: HttpRequest, screen: Screen) -> HttpResponse:
    duty, form = screen.duty, screen.form
    try:
        submit_reports(
            actor=request.viewer,
            enterprise=duty.enterprise,
            day=duty.day,
            said=screen.said(),
            sending=form.sending(),
        )
    except ReportRefused as refused:
        screen.refuse(refused)
        return _refused(request, screen, refused.warnings)
    except ReportLocked as locked:
        form.add_error(None, str(locked))
        return _refused(request, screen)
    forget_screen(request, screen)
    return _to_receipt(duty)


def _to_receipt(duty: Duty) -> HttpResponse:
    url = reverse("reporting:receipt", args=[duty.enterprise.pk, duty.incident.slug])
    return redirect(url if duty.day == clock.today() else f"{url}?day={duty.day.isoformat()}")


@require_POST
def same_as_before(request: HttpRequest, pk: int, incident: str) -> HttpResponse:
    """One tap: the last report's values hold for today too."""
    duty = _duty(request, pk, incident)
    permissions.can_report(request.viewer, duty.enterprise).require()
    if duty.report is not None or duty.previous is None:
        return redirect("reporting:receipt" if duty.report else "reporting:report", pk, incident)
    try:
        submit_reports(
            actor=request.viewer,
            enterprise=duty.enterprise,
            day=duty.day,
            said=same_again(duty),
            sending=Sending(
                seconds=0,
                client_key=key_from(request.POST.get("client_key", "")),
                warning_reason=duty.previous.warning_reason,
            ),
        )
    except (ReportRefused, ReportLocked) as refused:
        messages.warning(request, str(refused))
        return redirect("reporting:report", pk, incident)
    return redirect("reporting:receipt", pk, incident)


def _until_words(duty: Duty) -> str:
    """Until when it can be changed, and who opens it afterwards."""
    times = _times(duty)
    midnight = timezone.make_aware(datetime.combine(duty.day + timedelta(days=1), time.min))
    due = {"time": f"{timezone.localtime(times.due_at):%H:%M}"}
    if times.locks_at is None or times.locks_at >= midnight:
        return _("You can change it until midnight; it is due at %(time)s.") % due
    due["lock"] = f"{timezone.localtime(times.locks_at):%H:%M}"
    return _("You can change it until %(lock)s; after that the duty officer opens it.") % due


@require_safe
def receipt(request: HttpRequest, pk: int, incident: str) -> HttpResponse:
    """It arrived: when, how long it took, who sees it, what was said."""
    duty = _duty(request, pk, incident)
    if duty.report is None:
        return redirect("reporting:home")
    section = section_of(duty)
    report = duty.report
    context = {
        "enterprise_name": duty.enterprise.name,
        "report": {
            "received_at": report.submitted_at,
            "seconds": report.seconds_taken,
            "day": report.day,
            "revision": report.revision,
            "rows": report_rows(report, duty.previous, section),
        },
        "due_words": _until_words(duty),
        "edit_url": reverse("reporting:report", args=[pk, incident]),
        "home_url": reverse("reporting:home"),
        "history_url": reverse("reporting:history", args=[pk]),
        # What was just sent is what tomorrow's form begins with, also without a network.
        "offline": offline([reverse("reporting:home"), reverse("reporting:report", args=[pk, incident])]),
        "seen_by": [str(duty.enterprise.managing_area), str(duty.incident.area)],
    }
    return render(request, "reporting/receipt.html", context)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise's own reports, newest first."""
    enterprise = my_enterprise(request.viewer, pk)
    reports = history_of(request.viewer, pk)
    labels = {one: item_labels(one) for one in dict.fromkeys(report.incident for report in reports)}
    rows = [history_row(report, labels[report.incident]) for report in reports]
    context = {
        "enterprise_name": enterprise.name,
        "rows": rows,
        "home_url": reverse("reporting:home"),
        "offline": offline([]),
    }
    return render(request, "reporting/history.html", context)
