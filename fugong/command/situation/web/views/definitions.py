"""What the figures mean and are to reach: read by every official, stated by clerks and commanders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fugong.base.areas.models import Area
from fugong.command.situation.actions.indicators import end_indicator, set_target, state_indicator
from fugong.command.situation.logic.figures import Indicator
from fugong.command.situation.permissions import can_define_figures, can_set_target
from fugong.command.situation.selectors.figures import area_in_view, figures_on
from fugong.command.situation.selectors.indicators import (
    indicators_on,
    target_history,
    targets_on,
    versions_of,
)
from fugong.command.situation.web import tables
from fugong.command.situation.web.forms import DefinitionForm, EndForm, TargetForm

_STATE = 422


def _area(request: HttpRequest) -> Area:
    return area_in_view(request.viewer, request.scope.incident, request.scope.area_code)


def _list_url(request: HttpRequest, slug: str, code: str = "") -> str:
    url = tables.with_query(reverse("situation:definitions", args=[slug]), request.scope.query())
    return f"{url}#{code}" if code else url


def _indicator(request: HttpRequest, code: str) -> Indicator:
    for indicator in indicators_on(request.scope.incident, request.scope.day):
        if indicator.code == code:
            return indicator
    raise Http404


@require_safe
def definitions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every figure of the day: what it means, since when and by whom, what it is to reach here, what it was before."""
    scope, area, viewer = request.scope, _area(request), request.viewer
    figures = figures_on(viewer, scope.incident, scope.day, area, parts=False)
    targets = targets_on(viewer, scope.incident, scope.day, [area], [figure.indicator for figure in figures])
    history = target_history(viewer, scope.incident, area)
    versions = versions_of(viewer, scope.incident)
    query = scope.query()

    def url(name: str, *args: str) -> str:
        return tables.with_query(reverse(f"situation:{name}", args=[slug, *args]), query)

    context: dict[str, Any] = {
        "rows": [
            {
                "code": figure.indicator.code,
                "label": figure.indicator.label,
                "value": figure.value,
                "unit": tables.value_unit(figure.indicator),
                "figure_url": url("figure", figure.indicator.code),
                "definition": tables.definition_of(figure),
                "target": targets.get((figure.indicator.code, area.pk)),
                "targets": history.get(figure.indicator.code, []),
                "versions": versions.get(figure.indicator.code, []),
                "target_url": url("target_new", figure.indicator.code),
                "change_url": url("definition_change", figure.indicator.code),
                "end_url": url("definition_end", figure.indicator.code),
            }
            for figure in figures
        ],
        "area_name": str(area),
        "day": scope.day,
        "may_define": bool(can_define_figures(viewer, scope.incident.area_id)),
        "may_target": bool(can_set_target(viewer, area.pk)),
        "new_url": url("definition_new"),
        "views": tables.views_of(slug, query, "definitions"),
    }
    return render(request, "situation/definitions.html", context)


def _form_page(request: HttpRequest, form: Any, title: str, submit: str, back: str, note: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "back_url": back, "note": note}
    return render(request, "situation/definition_form.html", context, status=_STATE if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def target_new(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Set what a figure is to reach in the scope's area, and beneath it where no own target stands."""
    scope, area = request.scope, _area(request)
    can_set_target(request.viewer, area.pk).require()
    indicator = _indicator(request, code)
    form = TargetForm(request.POST if request.method == "POST" else None, day=scope.day)
    if form.is_bound and form.is_valid():
        try:
            set_target(actor=request.viewer, incident=scope.incident, area=area, code=code, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The target is set."))
            return HttpResponseRedirect(_list_url(request, slug, code))
    title = _("Target of “%(name)s” in %(area)s") % {"name": indicator.label, "area": area}
    return _form_page(request, form, title, _("Set the target"), _list_url(request, slug, code))


@require_http_methods(["GET", "HEAD", "POST"])
def definition_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A further figure of the incident, beside the others."""
    return _definition(request, slug, None, _("A new figure"))


@require_http_methods(["GET", "HEAD", "POST"])
def definition_change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A figure means something else from a day on; days before keep what they had."""
    can_define_figures(request.viewer, request.scope.incident.area_id).require()
    return _definition(request, slug, _indicator(request, code), _("Change what a figure means"))


def _definition(request: HttpRequest, slug: str, like: Indicator | None, title: str) -> HttpResponse:
    incident = request.scope.incident
    can_define_figures(request.viewer, incident.area_id).require()
    form = DefinitionForm(request.POST if request.method == "POST" else None, like=like, day=request.scope.day)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            stated = state_indicator(
                actor=request.viewer,
                incident=incident,
                content=form.content(),
                valid_from=data["valid_from"],
                reason=data["reason"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The definition is stated. Its figures are counted now."))
            return HttpResponseRedirect(_list_url(request, slug, stated.code))
    note = _(
        "Both languages are asked for: the figure is read in either. Days before the first one keep their figures."
    )
    return _form_page(request, form, title, _("State the definition"), _list_url(request, slug), note)


@require_http_methods(["GET", "HEAD", "POST"])
def definition_end(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A figure leaves the board from a day on; days before keep it."""
    incident = request.scope.incident
    can_define_figures(request.viewer, incident.area_id).require()
    indicator = _indicator(request, code)
    form = EndForm(request.POST if request.method == "POST" else None, day=request.scope.day)
    if form.is_bound and form.is_valid():
        try:
            end_indicator(actor=request.viewer, incident=incident, code=code, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The figure ends. Days before keep it."))
            return HttpResponseRedirect(_list_url(request, slug))
    title = _("End “%(name)s”") % {"name": indicator.label}
    return _form_page(request, form, title, _("End the figure"), _list_url(request, slug, code))
