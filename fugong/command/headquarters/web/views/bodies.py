"""The bodies of an incident, their people, and who is on duty."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from fugong.base.accounts.selectors import bodies_within
from fugong.command.headquarters import permissions
from fugong.command.headquarters.actions.bodies import enter_duty, remove_duty, set_up_bodies
from fugong.command.headquarters.selectors import bodies as reading
from fugong.command.headquarters.selectors.rules import section_on
from fugong.command.headquarters.web.forms.directives import DutyForm
from fugong.command.headquarters.web.tables import directives as tables
from fugong.command.headquarters.web.views.directives import area_of, blame
from fugong.core import clock


def _back(request: HttpRequest, slug: str) -> HttpResponse:
    query = request.scope.query()
    return redirect(reverse("headquarters:bodies", args=[slug]) + (f"?{query}" if query else ""))


@require_http_methods(["GET", "HEAD", "POST"])
def bodies(request: HttpRequest, slug: str) -> HttpResponse:
    """Headquarters, office and groups of an area, who serves in them, the duty roster; POST enters a duty."""
    viewer, incident, area = request.viewer, request.scope.incident, area_of(request)
    section = section_on(incident, clock.today())
    serving = reading.bodies_with_people(viewer, incident, area)
    served = bodies_within(area).filter(pk__in=[one.row.body_id for one in serving])
    form = DutyForm(served, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        permissions.can_keep_roster(viewer, area.pk).require()
        if form.is_valid() and _entered(request, form):
            messages.success(request, _("On the roster."))
            return _back(request, slug)
    may_keep = bool(permissions.can_keep_roster(viewer, area.pk))
    groups = {group.code: group.duty for group in section.groups}
    context = {
        "views": tables.views_of(viewer, slug, "bodies", request.scope.query()),
        "area": area,
        "serving": [tables.serving_row(one, groups.get(one.row.code, ""), slug) for one in serving],
        "roster": [
            tables.shift_row(shift, slug, may_remove=may_keep) for shift in reading.roster_of(viewer, incident, area)
        ],
        "form": form,
        "may_keep": may_keep,
        "may_set_up": permissions.can_set_up(viewer, area.pk),
        "is_whole": len(serving) >= len(section.groups) + 2,
        "set_up_url": reverse("headquarters:bodies_set_up", args=[slug])
        + (f"?{request.scope.query()}" if request.scope.query() else ""),
    }
    return render(request, "headquarters/bodies.html", context, status=422 if form.errors else 200)


def _entered(request: HttpRequest, form: DutyForm) -> bool:
    said = form.cleaned_data
    person = reading.person_in(request.viewer, said["body"], said["person"])
    if person is None:
        form.add_error("person", _("Nobody of this name serves in this body."))
        return False
    try:
        enter_duty(
            actor=request.viewer,
            incident=request.scope.incident,
            body=said["body"],
            user=person,
            starts_at=said["starts_at"],
            ends_at=said["ends_at"],
            note=said["note"],
        )
    except ValidationError as error:
        blame(form, error)
        return False
    return True


@require_POST
def set_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the area its headquarters, office and groups by the playbook."""
    added = set_up_bodies(actor=request.viewer, incident=request.scope.incident, area=area_of(request))
    words = ngettext("%(n)d body added.", "%(n)d bodies added.", len(added))
    messages.success(request, words % {"n": len(added)})
    return _back(request, slug)


@require_POST
def duty_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a duty off the roster."""
    try:
        remove_duty(actor=request.viewer, shift=reading.shift_for(request.viewer, request.scope.incident, pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(request, slug)
