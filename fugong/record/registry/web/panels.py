from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.areas.selectors import area_tree
from fugong.base.audit.models import AuditEntry
from fugong.base.spreadsheets.selectors import import_notes
from fugong.core.registries import Panel, PersonPanel, enterprise_panels, person_panels
from fugong.core.viewer import Viewer
from fugong.record.incidents.selectors import incident_by_id
from fugong.record.registry import permissions
from fugong.record.registry.enums import FactKind
from fugong.record.registry.logic.fact_values import fact_words
from fugong.record.registry.logic.reasons import reason_words
from fugong.record.registry.logic.size_words import rule_words, size_label
from fugong.record.registry.models import EnterpriseFact, ScopeDecision
from fugong.record.registry.selectors.changes import imports_of, timeline_of
from fugong.record.registry.selectors.contacts import contacts_of
from fugong.record.registry.selectors.enterprises import enterprise_for
from fugong.record.registry.selectors.facts import FactSheet, fact_sheet
from fugong.record.registry.selectors.grants import enterprises_of_person
from fugong.record.registry.selectors.scope import decisions_of
from fugong.record.registry.web.tables import grant_row


def sources_told(viewer: Viewer, sources: Iterable[str]) -> dict[str, str]:
    """Source → in words, for those that name an import: which file, sent by whom, when."""
    notes = import_notes(viewer, sources)
    return {
        source: _("file %(file)s, %(day)s, %(name)s")
        % {"file": note.file, "day": f"{localtime(note.at):%Y-%m-%d}", "name": note.by}
        for source, note in notes.items()
    }


def _row(fact: EnterpriseFact, held: set[int], told: dict[str, str]) -> dict[str, Any]:
    return {
        "label": fact.get_kind_display(),
        "value": fact_words(FactKind(fact.kind), fact.number, fact.text),
        "since": fact.valid_from,
        "until": fact.valid_to,
        "source": told.get(fact.source, fact.source),
        "by": "" if fact.source in told else fact.entered_by_name,
        "holds": fact.pk in held,
    }


def _history(viewer: Viewer, sheet: FactSheet) -> list[dict[str, Any]]:
    """Every value over time, kind by kind in the order of the form, the latest first."""
    order = {kind: position for position, kind in enumerate(FactKind.values)}
    held = {fact.pk for fact in sheet.holding}
    told = sources_told(viewer, [fact.source for fact in sheet.history])
    return [_row(fact, held, told) for fact in sorted(sheet.history, key=lambda fact: order[fact.kind])]


def dated_facts(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """Facts over time, and the size class on the day with the rule that gives it; above-scale stands beside it."""
    sheet = fact_sheet(viewer, enterprise_id, day)
    slug = incident_by_id(incident_id).slug
    above = sheet.facts.above_scale
    context = {
        "day": day,
        "size": size_label(sheet.size),
        "is_classed": sheet.size.size is not None,
        "rule": rule_words(sheet.size, sheet.facts.numbers),
        "above_scale": None if above is None else _("above scale") if above else _("below scale"),
        "rows": _history(viewer, sheet),
        "can_state": permissions.can_state_fact(viewer, sheet.enterprise),
        "state_url": reverse("registry:fact", args=[slug, enterprise_id]),
    }
    return render_to_string("registry/includes/dated_facts.html", context)


def _in_force(decision: ScopeDecision, day: date) -> bool:
    if decision.revoked_at is not None or decision.valid_from > day:
        return False
    return decision.valid_to is None or decision.valid_to >= day


def scope(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """Whether the enterprise counts on the day, who decided so and why, and every decision before."""
    enterprise, slug = enterprise_for(viewer, enterprise_id), incident_by_id(incident_id).slug
    rows = [
        {
            "reason": reason_words(decision.reason),
            "note": decision.note,
            "since": decision.valid_from,
            "until": decision.valid_to,
            "by": decision.decided_by_name,
            "at": decision.decided_at,
            "revoked": decision.revoked_at is not None,
            "ended_by": decision.ended_by_name,
            "in_force": _in_force(decision, day),
        }
        for decision in decisions_of(viewer, enterprise_id)
    ]
    context = {
        "day": day,
        "rows": rows,
        "counted": enterprise.in_business_on(day) and not any(row["in_force"] for row in rows),
        "can_decide": permissions.can_decide_scope(viewer, enterprise),
        "exclude_url": reverse("registry:exclude", args=[slug, enterprise_id]),
        "include_url": reverse("registry:include", args=[slug, enterprise_id]),
    }
    return render_to_string("registry/includes/scope_decisions.html", context)


def contacts(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """Whom to call, with the numbers masked."""
    enterprise, slug = enterprise_for(viewer, enterprise_id), incident_by_id(incident_id).slug
    people = contacts_of(viewer, enterprise_id)
    told = sources_told(viewer, [person.source for person in people])
    rows = [
        {
            "role": person.get_role_display(),
            "name": person.name,
            "phone": person.masked,
            "open_url": reverse("oversight:personal", args=["contact", person.pk]),
            "source": told.get(person.source, person.entered_by_name),
            "end_url": reverse("registry:contact_end", args=[slug, enterprise_id, person.pk]),
        }
        for person in people
    ]
    context = {
        "rows": rows,
        "can_keep": permissions.can_keep_contacts(viewer, enterprise),
        "new_url": reverse("registry:contact", args=[slug, enterprise_id]),
    }
    return render_to_string("registry/includes/contacts.html", context)


enterprise_panels.register("registry.contacts", Panel("registry.contacts", 40, gettext_lazy("Contacts"), contacts))
enterprise_panels.register("registry.facts", Panel("registry.facts", 20, gettext_lazy("Dated facts"), dated_facts))
enterprise_panels.register("registry.scope", Panel("registry.scope", 30, gettext_lazy("Counted or not"), scope))


# What the trail's verbs mean on a screen. Names of accounts, phone numbers and passwords are never in it.
_ACTS = {
    "registry.enterprise.registered": gettext_lazy("Entered by hand"),
    "registry.enterprise.edited": gettext_lazy("Changed"),
    "registry.enterprise.closed": gettext_lazy("Closed for good"),
    "registry.enterprise.reopened": gettext_lazy("Reopened"),
    "registry.enterprise.moved": gettext_lazy("Moved to another managing area"),
    "registry.enterprise.code_given": gettext_lazy("Credit code given"),
    "registry.enterprise.merged": gettext_lazy("Merged with another entry"),
    "registry.contact.added": gettext_lazy("A contact was added"),
    "registry.contact.ended": gettext_lazy("A contact was removed"),
    "registry.fact.stated": gettext_lazy("Fact stated"),
    "registry.scope.excluded": gettext_lazy("Taken out of the count"),
    "registry.scope.included": gettext_lazy("Counted again"),
    "registry.grant.given": gettext_lazy("Somebody may act for it"),
    "registry.change.proposed": gettext_lazy("The enterprise proposed a change"),
    "registry.change.withdrawn": gettext_lazy("The enterprise withdrew a proposal"),
    "registry.change.accepted": gettext_lazy("A proposed change was accepted"),
    "registry.change.refused": gettext_lazy("A proposed change was refused"),
    "reporting.report.taken_over": gettext_lazy("Reports taken over from the other entry"),
}
# Acts of the enterprise's own people: who it was is personal, that it was the enterprise is not.
_OWN = {"registry.change.proposed", "registry.change.withdrawn"}
_FIELDS = {
    "name": gettext_lazy("Name"),
    "uscc": gettext_lazy("Credit code"),
    "kind": gettext_lazy("Kind"),
    "established_on": gettext_lazy("Established"),
    "registered_address": gettext_lazy("Address"),
}


def _changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """(field, before, after) of an entry that kept both."""
    detail = entry.detail
    if entry.verb == "registry.enterprise.edited":
        after = detail.get("after", {})
        return [(str(_FIELDS.get(name, name)), old, after.get(name, "")) for name, old in detail["before"].items()]
    if entry.verb == "registry.enterprise.moved":
        tree = area_tree()
        places = [tree.by_code(detail[side]) for side in ("from", "to")]
        return [(_("Managing area"), *(str(place or "—") for place in places))]
    if entry.verb == "registry.enterprise.code_given":
        return [(_("Credit code"), detail.get("provisional_id") or "", detail["code"])]
    if entry.verb == "registry.enterprise.closed":
        return [(_("Closed from"), "", detail["closed_on"])]
    if entry.verb == "registry.enterprise.reopened":
        return [(_("Reopened from"), "", detail["reopened_on"])]
    if entry.verb == "registry.fact.stated":
        return [(str(FactKind(detail["kind"]).label), detail["before"], f"{detail['value']} ({detail['day']})")]
    if entry.verb == "registry.scope.excluded":
        return [(_("Not counted from"), "", f"{detail['from']} · {reason_words(detail['reason'])}")]
    if entry.verb == "registry.scope.included":
        return [(_("Counted again from"), "", detail["from"])]
    return []


def timeline(viewer: Viewer, enterprise_id: int, incident_id: int, day: date) -> str:
    """Who did what to the enterprise when, from the trail; field by field where it was changed."""
    rows: list[dict[str, Any]] = [
        {
            "words": _ACTS.get(entry.verb) or _("Changed"),
            "by": _("the enterprise") if entry.verb in _OWN else entry.actor_name,
            "at": entry.at,
            "reason": entry.reason,
            "changes": _changes(entry),
        }
        for entry in timeline_of(viewer, enterprise_id)
    ]
    rows += [
        {
            "words": _("Entered by an import") if brought.entered else _("Changed by an import"),
            "by": brought.by,
            "at": brought.at,
            "reason": _("File %(file)s") % {"file": brought.file},
            "changes": [],
        }
        for brought in imports_of(viewer, enterprise_id)
    ]
    rows.sort(key=lambda row: row["at"], reverse=True)
    return render_to_string("registry/includes/timeline.html", {"rows": rows})


enterprise_panels.register("registry.timeline", Panel("registry.timeline", 90, gettext_lazy("History"), timeline))


def _of_person(viewer: Viewer, user_id: int) -> str:
    rows = [
        grant_row(grant) | {"enterprise": grant.enterprise.name, "area": str(grant.enterprise.managing_area)}
        for grant in enterprises_of_person(viewer, user_id)
    ]
    return render_to_string("registry/includes/person_enterprises.html", {"rows": rows}) if rows else ""


person_panels.register(
    "registry.enterprises", PersonPanel("registry.enterprises", 10, gettext_lazy("Acts for enterprises"), _of_person)
)
