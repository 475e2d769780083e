"""Giving enterprises to officers, one or many at a time: first shown, then done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.base.areas.selectors import area_tree, areas_for
from fugong.core import clock
from fugong.record.incidents.models import Incident
from fugong.record.liaison import permissions
from fugong.record.liaison.actions.assigning import BY_HAND, BY_RULE, assign_officer, hand_over
from fugong.record.liaison.enums import Holder, Target
from fugong.record.liaison.selectors.officers import candidates, choosable, officer_for
from fugong.record.liaison.selectors.planning import assigning, handing_over, loads, meant
from fugong.record.liaison.selectors.section import field_section
from fugong.record.liaison.web.forms import ReasonForm, RuleForm
from fugong.record.liaison.web.views.coverage import area_of
from fugong.record.registry.logic.industries import industry_words, sections

_SHOWN = 12


def numbers(values: Iterable[str]) -> frozenset[int]:
    """The ids among the values of an address or a form; others mean nothing."""
    return frozenset(int(value) for value in values if value.isdecimal() and len(value) < 19)


def _areas(request: HttpRequest) -> list[Area]:
    """The areas of the incident that the viewer sees, parents before children."""
    top = request.scope.incident.area.path
    return [
        one for one in areas_for(request.viewer).valid_on(clock.today()).order_by("path") if one.path.startswith(top)
    ]


def _people(request: HttpRequest, incident: Incident, text: str) -> list[User]:
    within = area_tree().within(area_of(request))
    return candidates(request.viewer, incident, text, within)


def people_rows(request: HttpRequest, incident: Incident, people: list[User], given: QueryDict, key: str) -> list[Any]:
    """Who could be chosen, each with the load and the address that chooses; the least loaded first."""
    load = loads(request.viewer, incident, [person.pk for person in people])
    rows = []
    for person in sorted(people, key=lambda one: (load[one.pk], one.name)):
        query = given.copy()
        query[key] = str(person.pk)
        rows.append({"pk": person.pk, "name": person.name, "username": person.username, "load": load[person.pk]})
        rows[-1]["url"] = f"?{query.urlencode()}"
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Which enterprises, to whom: the choice stands in the address, the preview beneath it, the act is the button."""
    viewer, incident = request.viewer, request.scope.incident
    permissions.can_see_field(viewer).require()
    permissions.can_assign(viewer).require()
    given = request.POST if request.method == "POST" else request.GET
    kinds = field_section(incident, clock.today()).of(Holder.PERSON, Target.ENTERPRISE)
    data = given.copy()
    data.setdefault("kind", kinds[0].code if kinds else "")
    data["area"] = given.get("rule_area", "")
    form = RuleForm(kinds, _areas(request), [(one, industry_words(one)) for one in sections()], data)
    ids = numbers(given.getlist("e"))
    user = next(iter(choosable(viewer, incident, numbers([given.get("officer", "")]))), None)
    plan, rule = None, form.rule(ids) if form.is_valid() else None
    if rule is not None and user is not None:
        kind = next(kind for kind in kinds if kind.code == form.cleaned_data["kind"])
        if request.method == "POST":
            return _assigned(request, slug, kind.code, user, rule)
        plan = assigning(viewer, incident, kind, user, rule)
    chosen = meant(viewer, incident, rule) if rule is not None and plan is None else []
    text = request.GET.get("q", "").strip()[:50]
    query = request.GET.copy()
    for name in ("q", "officer"):
        query.pop(name, None)
    context = {
        "form": form,
        "ids": sorted(ids),
        "chosen": chosen[:_SHOWN],
        "chosen_number": len(chosen),
        "user": user,
        "plan": plan,
        "shown": plan.new[:_SHOWN] if plan else [],
        "held": plan.held[:_SHOWN] if plan else [],
        "people": people_rows(request, incident, _people(request, incident, text), query, "officer"),
        "text": text,
        "kept": list(query.lists()),
        "again_url": f"?{query.urlencode()}",
        "new_url": reverse("liaison:officer_new", args=[slug]),
        "cancel_url": reverse("liaison:coverage", args=[slug]),
    }
    return render(request, "liaison/assign.html", context, status=422 if request.method == "POST" else 200)


def _assigned(request: HttpRequest, slug: str, kind: str, user: User, rule: Any) -> HttpResponse:
    try:
        done = assign_officer(
            actor=request.viewer,
            incident=request.scope.incident,
            kind=kind,
            user=user,
            rule=rule,
            source=BY_HAND if rule.ids else BY_RULE,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("liaison:assign", slug)
    words = ngettext(
        "%(name)s looks after %(number)d enterprise more.", "%(name)s looks after %(number)d enterprises more.",
        len(done.new),
    )  # fmt: skip
    messages.success(request, words % {"name": user.name, "number": len(done.new)})
    return redirect("liaison:officer", slug, user.pk) if done.new else redirect("liaison:coverage", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What an officer looks after goes to others, shared out by their load; shown before it is done."""
    viewer, incident = request.viewer, request.scope.incident
    user = officer_for(viewer, incident, pk)
    permissions.can_assign(viewer).require()
    given = request.POST if request.method == "POST" else request.GET
    receivers = choosable(viewer, incident, numbers(given.getlist("to")) - {user.pk})
    ids = numbers(given.getlist("a"))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and receivers and form.is_valid():
        try:
            done = hand_over(
                actor=viewer,
                incident=incident,
                user=user,
                receivers=receivers,
                reason=form.cleaned_data["reason"],
                ids=ids,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Handed over: %(number)d.") % {"number": done.moved + len(done.doubled)})
            return redirect("liaison:officer", slug, pk)
    text = request.GET.get("q", "").strip()[:50]
    people = [one for one in _people(request, incident, text) if one.pk != user.pk]
    chosen = {receiver.pk for receiver in receivers}
    people += [one for one in receivers if one not in people]
    load = loads(viewer, incident, [one.pk for one in people])
    section = field_section(incident, clock.today())
    context = {
        "officer": user,
        "plan": handing_over(viewer, incident, user, receivers, ids) if receivers else None,
        "people": [
            {"pk": one.pk, "name": one.name, "username": one.username, "load": load[one.pk], "chosen": one.pk in chosen}
            for one in sorted(people, key=lambda one: (load[one.pk], one.name))
        ],
        "ids": sorted(ids),
        "to": sorted(chosen),
        "text": text,
        "form": form,
        "kind_labels": {kind.code: kind.label for kind in section.kinds},
        "cancel_url": reverse("liaison:officer", args=[slug, pk]),
    }
    wrong = request.method == "POST"
    return render(request, "liaison/hand_over.html", context, status=422 if wrong else 200)
