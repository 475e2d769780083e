"""Officers: who has how many, what one has, absences, and who is new."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fugong.base.accounts.models import User
from fugong.base.areas.selectors import area_tree, areas_for
from fugong.core import clock
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.absences import end_absence, enter_absence
from fugong.record.liaison.actions.assigning import end_assignments
from fugong.record.liaison.actions.people import open_officer
from fugong.record.liaison.selectors.officers import (
    absence_for,
    absences_of,
    acted_for,
    areas_looked_after,
    candidates,
    choosable,
    officer_for,
    officers_for,
    spread,
)
from fugong.record.liaison.selectors.planning import loads
from fugong.record.liaison.selectors.portfolio import portfolio
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.web.forms import AbsenceForm, OfficerForm, ReasonForm
from fugong.record.liaison.web.tables import field_tabs, held_row, officer_row
from fugong.record.liaison.web.views.assigning import numbers


@require_safe
def officers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who looks after how many, the heaviest load first."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_field(viewer).require()
    text = request.GET.get("q", "").strip()[:50]
    page = officers_for(viewer, incident, text, request.GET.get("after", ""))
    section = field_section(incident, clock.today())
    query = {"q": text, "after": page.after}
    context = {
        "rows": [officer_row(row, section, slug) for row in page.rows],
        "spread": spread(viewer, incident),
        "text": text,
        "next_url": "?" + urlencode({key: value for key, value in query.items() if value}) if page.after else "",
        "tabs": field_tabs(slug, "officers"),
        "may_assign": permissions.can_assign(viewer),
        "new_url": reverse("liaison:officer_new", args=[slug]),
        "assign_url": reverse("liaison:assign", args=[slug]),
    }
    return render(request, "liaison/officers.html", context)


@require_safe
def officer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One officer: the enterprises, for whom else, when away."""
    viewer, incident = request.viewer, request.scope.incident
    user = officer_for(viewer, incident, pk)
    section = field_section(incident, clock.today())
    rows = portfolio(viewer, incident, pk)
    args = [slug, pk]
    context = {
        "officer": user,
        "rows": [held_row(row, section, slug) for row in rows],
        "own": sum(row.absence_id is None for row in rows),
        "acting": sum(row.absence_id is not None for row in rows),
        "absences": [
            {"row": row, "end_url": reverse("liaison:absence_end", args=[*args, row.pk])}
            for row in absences_of(viewer, user)
        ],
        "acted_for": acted_for(viewer, user),
        "may_assign": permissions.can_assign(
            viewer, {row.enterprise.managing_area_id for row in rows if row.enterprise}
        ),
        "may_absence": permissions.can_enter_absence(viewer, pk, areas_looked_after(viewer, pk)),
        "form": ReasonForm(),
        "hand_over_url": reverse("liaison:hand_over", args=args),
        "absence_url": reverse("liaison:absence", args=args),
        "end_url": reverse("liaison:end", args=args),
        "assign_url": reverse("liaison:assign", args=[slug]) + f"?officer={pk}",
        "officers_url": reverse("liaison:officers", args=[slug]),
    }
    return render(request, "liaison/officer.html", context)


@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the ticked enterprises away from an officer; they are holes until somebody else has them."""
    viewer, incident = request.viewer, request.scope.incident
    officer_for(viewer, incident, pk)
    wanted = numbers(request.POST.getlist("a"))
    rows = [row for row in portfolio(viewer, incident, pk) if row.pk in wanted and row.absence_id is None]
    permissions.can_assign(viewer, {row.enterprise.managing_area_id for row in rows if row.enterprise}).require()
    form = ReasonForm(request.POST)
    if not rows or not form.is_valid():
        messages.error(request, _("Tick the enterprises and say why."))
        return redirect("liaison:officer", slug, pk)
    number = end_assignments(actor=viewer, rows=rows, reason=form.cleaned_data["reason"])
    messages.success(request, _("Taken away: %(number)d.") % {"number": number})
    return redirect("liaison:officer", slug, pk)


def _acting_choices(request: HttpRequest, user: User) -> list[tuple[str, str]]:
    """Colleagues of the same areas, the one with the least load first: that is whom the form proposes."""
    incident = request.scope.incident
    tree = area_tree()
    areas = areas_looked_after(request.viewer, user.pk)
    home = {pk for area in areas for pk in tree.within(tree.reporting_area(area) or tree.areas[area])}
    people = [one for one in candidates(request.viewer, incident, "", frozenset(home), 200) if one.pk != user.pk]
    load = loads(request.viewer, incident, [one.pk for one in people])
    ordered = sorted(people, key=lambda one: (load[one.pk], one.name))
    return [
        (str(one.pk), _("%(name)s (%(number)d enterprises)") % {"name": one.name, "number": load[one.pk]})
        for one in ordered
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An officer is away; another has the enterprises from the first day to the last, by itself."""
    viewer, incident = request.viewer, request.scope.incident
    user = officer_for(viewer, incident, pk)
    permissions.can_enter_absence(viewer, pk, areas_looked_after(viewer, pk)).require()
    form = AbsenceForm(_acting_choices(request, user), request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        acting = choosable(viewer, incident, numbers([values["acting"]]))[0]
        try:
            enter_absence(
                actor=viewer,
                user=user,
                acting=acting,
                first_on=values["first_on"],
                last_on=values["last_on"],
                reason=values["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(name)s acts in these days.") % {"name": acting.name})
            return redirect("liaison:officer", slug, pk)
    context = {"form": form, "officer": user, "cancel_url": reverse("liaison:officer", args=[slug, pk])}
    return render(request, "liaison/absence.html", context, status=422 if form.errors else 200)


@require_POST
def absence_end(request: HttpRequest, slug: str, pk: int, absence_pk: int) -> HttpResponse:
    """The officer is back."""
    user = officer_for(request.viewer, request.scope.incident, pk)
    end_absence(actor=request.viewer, absence=absence_for(request.viewer, user, absence_pk))
    messages.success(request, _("%(name)s is back; nobody acts any more.") % {"name": user.name})
    return redirect("liaison:officer", slug, pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody who has no account yet; the code for the first sign-in is shown once."""
    viewer = request.viewer
    permissions.can_see_field(viewer).require()
    permissions.can_open_officer(viewer).require()
    form = OfficerForm(areas_for(viewer).valid_on(clock.today()).order_by("path"), request.POST or None)
    back_url = reverse("liaison:officers", args=[slug])
    if form.is_valid():
        try:
            user, code = open_officer(actor=viewer, username=f"o{uuid4().int % 10**8:08d}", **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            assign_url = reverse("liaison:assign", args=[slug]) + f"?officer={user.pk}"
            context = {"officer": user, "code": code, "back_url": back_url, "assign_url": assign_url}
            return render(request, "liaison/officer_code.html", context)
    context = {"form": form, "cancel_url": back_url}
    return render(request, "liaison/officer_new.html", context, status=422 if form.errors else 200)
