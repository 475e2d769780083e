"""What the phone's own store talks to: a form token, the sending of a kept report, the list of those that wait."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fugong.core import clock
from fugong.core.decision import Denied
from fugong.core.roles import Role
from fugong.record.incidents.models import Incident
from fugong.record.reporting import permissions
from fugong.record.reporting.actions.submit import ReportLocked, ReportRefused, Sending, submit_reports
from fugong.record.reporting.logic.checks import ReportValues
from fugong.record.reporting.selectors.duties import Duty, duty_for
from fugong.record.reporting.selectors.items import section_of
from fugong.record.reporting.web.forms import ReportForm, ids_from, key_from
from fugong.record.reporting.web.views.drafts import forget_screen
from fugong.record.reporting.web.views.screen import (
    Screen,
    also_forms,
    beside_words,
    initial_of,
    offline,
    same_again,
)

Said = list[tuple[Incident, ReportValues]]
_SHELL = (
    "tokens.css", "phone.css", "app.js", "my.js", "phone.js", "field.js", "forms.js", "expressions.js", "outbox.js",
    "favicon.svg",
)  # fmt: skip


@lru_cache(maxsize=1)
def _worker_text() -> str:
    """The service worker with its list of files; its version changes with any of them."""
    files = {name: (settings.STATICFILES_DIRS[0] / "fugong" / name).read_bytes() for name in (*_SHELL, "worker.js")}
    version = hashlib.sha256(b"".join(files.values())).hexdigest()[:16]
    urls = [static(f"fugong/{name}") for name in _SHELL]
    return f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(urls)};\n" + files["worker.js"].decode()


@login_not_required
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it lies here because it may open what lies beneath its own address."""
    return HttpResponse(_worker_text(), content_type="text/javascript; charset=utf-8")


@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and a form token for what waits on the device: a page kept there has an old one."""
    return JsonResponse({"person": request.viewer.id, "token": get_token(request)})


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The reports that wait on this device. The list itself is drawn there: the server does not know it yet."""
    permissions.can_open_outbox(request.viewer).require()
    # An officer who reports for no enterprise starts elsewhere.
    home = reverse("reporting:home" if request.viewer.has(Role.REPORTER) else "home")
    return render(request, "reporting/outbox.html", {"home_url": home, "offline": offline([home])})


def _refused(text: str) -> HttpResponse:
    return JsonResponse({"state": "refused", "text": text}, status=422)


def _received(duty: Duty) -> HttpResponse:
    url = reverse("reporting:receipt", args=[duty.enterprise.pk, duty.incident.slug])
    return JsonResponse({"state": "received", "url": url})


def _conflict(duty: Duty, form: ReportForm) -> HttpResponse | None:
    """Somebody else reported the day since: both words, for the person to choose."""
    report, data = duty.report, form.cleaned_data
    if report is None or data["seen"] is None or data["seen"] == report.revision or data["gives_way"]:
        return None
    if data["client_key"] is not None and report.client_key == data["client_key"]:
        return None
    words = {
        "name": report.reported_by_name,
        "channel": report.get_channel_display(),
        "time": f"{timezone.localtime(report.submitted_at):%H:%M}",
    }
    answer = {
        "state": "conflict",
        "text": _("Two different reports of this day. Which one holds?"),
        "mine": f"{data['on_post']} / {data['roster']}",
        "theirs": f"{report.on_post} / {report.roster}",
        "by": _("%(name)s, %(channel)s, %(time)s") % words,
        "seen": report.revision,
    }
    return JsonResponse(answer, status=409)


@require_POST
def send(request: HttpRequest, pk: int, incident: str) -> HttpResponse:
    """Take one report that the device kept, of the day it was filled in for; answers in JSON.

    `received` (also for one that has arrived before), `refused` with the reason, `conflict` with both words.
    """
    day = clock.day_or_today(request.POST.get("day", ""))
    duty = duty_for(request.viewer, pk, incident, day, ids_from(request.POST.get("beside", "")))
    if duty is None:
        return _refused(_("Nothing is reported here any more: the incident has ended or the enterprise is closed."))
    if request.POST.get("same") == "1":
        return _same(request, duty)
    form = ReportForm(section_of(duty), data=request.POST, initial=initial_of(duty))
    screen = Screen(duty, form, also_forms(duty, request.POST))
    if not screen.is_valid():
        return _refused(" ".join(_faults(one) for one in (form, *screen.also)).strip())
    if conflict := _conflict(duty, form):
        return conflict
    if words := beside_words(request.viewer, duty, form):
        return _refused(words)
    answer = _submit(request, duty, screen.said(), form.sending())
    if answer.status_code == 200:
        forget_screen(request, screen)
    return answer


def _faults(form: ReportForm) -> str:
    said = [f"{form.fields[name].label}：{text}" for name, found in form.errors.items() for text in found]
    return " ".join(said)


def _same(request: HttpRequest, duty: Duty) -> HttpResponse:
    """The last report's values hold for the day; a report that is in already stays as it is."""
    if duty.report is not None:
        return _received(duty)
    if duty.previous is None:
        return _refused(_("There is no earlier report to repeat. Fill in the form."))
    sending = Sending(
        seconds=0,
        client_key=key_from(request.POST.get("client_key", "")),
        warning_reason=duty.previous.warning_reason,
    )
    return _submit(request, duty, same_again(duty), sending)


def _submit(request: HttpRequest, duty: Duty, said: Said, sending: Sending) -> HttpResponse:
    try:
        submit_reports(actor=request.viewer, enterprise=duty.enterprise, day=duty.day, said=said, sending=sending)
    except (ReportRefused, ReportLocked) as refused:
        return _refused(str(refused))
    except Denied as denied:
        return _refused(str(denied.reason))
    return _received(duty)
