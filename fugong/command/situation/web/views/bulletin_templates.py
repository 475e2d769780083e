from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.command.situation import permissions
from fugong.command.situation.actions.bulletin_templates import save_template
from fugong.command.situation.actions.bulletins import TextFaulty
from fugong.command.situation.enums import BulletinKind
from fugong.command.situation.logic.bulletin_text import INDICATOR_FIELDS, PLAIN_FIELDS, STATE_FIELDS, Fault
from fugong.command.situation.selectors.bulletin_templates import template_for
from fugong.command.situation.selectors.figures import area_in_view, indicators_on
from fugong.command.situation.web import detail as tables


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The template of a kind of bulletin in an area: read it, write the next version."""
    scope, viewer = request.scope, request.viewer
    area = area_in_view(viewer, scope.incident, scope.area_code)
    permissions.can_edit_template(viewer, area.pk).require()
    if kind not in BulletinKind.values:
        raise Http404
    found = template_for(viewer, scope.incident, area, kind, scope.day)
    title, text, version = found.title, found.text, str(found.version)
    faults: list[Fault] = []
    errors: list[str] = []
    if request.method == "POST":
        title, text = request.POST.get("title", ""), request.POST.get("text", "")
        version = request.POST.get("version", "0")
        number = int(version) if version.isdecimal() and len(version) < 9 else 0
        try:
            save_template(
                actor=viewer, incident=scope.incident, area=area, kind=kind, title=title, text=text, version=number
            )
        except TextFaulty as error:
            faults = error.faults
        except ValidationError as error:
            errors = error.messages
        else:
            messages.success(request, _("Saved as a new version."))
            return redirect(tables.with_query(reverse("situation:bulletin", args=[slug]), scope.query()))
    context = {
        "area": area,
        "kind_label": BulletinKind(kind).label,
        "template": found,
        "title": title,
        "text": text,
        "version": version,
        "faults": tables.fault_rows(faults),
        "errors": errors,
        "list_url": tables.with_query(reverse("situation:bulletin", args=[slug]), scope.query()),
        "fields": [
            (item.label, [f"{{{item.code}.{field}}}" for field in INDICATOR_FIELDS])
            for item in indicators_on(scope.incident, scope.day)
        ]
        + [(_("Words"), [f"{{{name}}}" for name in PLAIN_FIELDS] + [f"{{states.{name}}}" for name in STATE_FIELDS])],
    }
    return render(request, "situation/bulletin_template.html", context, status=422 if faults or errors else 200)
