"""The people of a body at the desk: how much each has in hand, who is away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fugong.base.accounts.models import Body, User
from fugong.base.accounts.selectors import bodies_within, body_by_id, people_of
from fugong.base.areas.selectors import area_tree
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.desk import permissions
from fugong.record.desk.actions.people import end_absence, note_absence
from fugong.record.desk.selectors.people import people_at_desk
from fugong.record.desk.web.forms import AbsenceForm


def _body(viewer: Viewer, text: str) -> Body | None:
    """The body that is asked for, if it is the viewer's own or of an area that the viewer covers; else the own one."""
    pk = int(text) if text.isdecimal() and len(text) < 10 else min(viewer.body_ids, default=0)
    body = body_by_id(pk)
    if body is None or not (pk in viewer.body_ids or viewer.covers(body.area_id)):
        return None
    return body


def _bodies(viewer: Viewer, body: Body) -> list[Body]:
    """Those that the viewer may look at, of the surroundings of one."""
    near = bodies_within(area_tree().areas[body.area_id])
    return [one for one in near if one.pk in viewer.body_ids or viewer.covers(one.area_id)]


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works on requests in a body: the load is seen before more is given."""
    viewer = request.viewer
    permissions.can_see_requests(viewer).require()
    body = _body(viewer, request.GET.get("body", ""))
    if body is None:
        raise Http404
    context = {
        "body": body,
        "bodies": _bodies(viewer, body),
        "rows": [
            {
                "name": load.user.name,
                "open": load.open,
                "overdue": load.overdue,
                "away_until": load.away_until,
                "may_note": bool(permissions.can_note_absence(viewer, body, load.user.pk)),
                "away_url": reverse("desk:away", args=[slug, body.pk, load.user.pk]),
            }
            for load in people_at_desk(viewer, body)
        ],
        "form": AbsenceForm(initial={"first_day": clock.today(), "last_day": clock.today()}),
        "queue_url": reverse("desk:queue", args=[slug]),
    }
    return render(request, "desk/people.html", context)


@require_POST
def away(request: HttpRequest, slug: str, body_pk: int, pk: int) -> HttpResponse:
    """A person is away for some days, or back."""
    viewer = request.viewer
    permissions.can_see_requests(viewer).require()
    body = _body(viewer, str(body_pk))
    user: User | None = people_of(viewer, body, clock.today()).filter(pk=pk).first() if body else None
    if body is None or user is None:
        raise Http404
    back = redirect(reverse("desk:people", args=[slug]) + f"?body={body.pk}")
    if request.POST.get("back"):
        end_absence(actor=viewer, body=body, user=user)
        messages.success(request, _("%(name)s is at the desk again.") % {"name": user.name})
        return back
    form = AbsenceForm(request.POST)
    permissions.can_note_absence(viewer, body, user.pk).require()
    try:
        if form.is_valid():
            note_absence(actor=viewer, body=body, user=user, **form.cleaned_data)
            words = _("Noted. Requests in hand go over within a minute of the first day.")
            messages.success(request, words)
            return back
        words = " ".join(f"{form.fields[name].label}: {' '.join(errors)}" for name, errors in form.errors.items())
    except ValidationError as error:
        words = " ".join(error.messages)
    messages.error(request, words)
    return back
