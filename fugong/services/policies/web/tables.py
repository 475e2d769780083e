"""Answers of rules as templates draw them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.services.policies.enums import Verdict
from fugong.services.policies.logic.deciding import Checked, Decision, LineWorked
from fugong.services.policies.logic.facts import facts
from fugong.services.policies.logic.rule import conditions_of
from fugong.services.policies.logic.words import (
    amount_words,
    condition_words,
    found_words,
    gap_words,
    number_words,
    value_words,
    worked_words,
)
from fugong.services.policies.models import MeasureVersion
from fugong.services.policies.selectors.catalogue import Funnel
from fugong.services.policies.selectors.offers import Offer, Offers
from fugong.services.policies.selectors.profiles import Known, values_of

_SIGNS = {True: "check", False: "x", None: "help-circle"}
_LOOKS = {Verdict.YES: "yes", Verdict.UNKNOWN: "maybe", Verdict.NO: "no"}
_ICONS = {Verdict.YES: "circle-check", Verdict.UNKNOWN: "help-circle", Verdict.NO: "circle-dashed"}
_CHIPS = {Verdict.YES: "ok", Verdict.UNKNOWN: "none", Verdict.NO: "idle"}


def money_words(amount: Decimal) -> str:
    """25,000元."""
    return number_words(amount, _("yuan"))


def worth_words(decision: Decision | None) -> str:
    """The headline of an offer: an amount, what it could be at most, or nothing to count."""
    if decision is None:
        return _("title only")
    if decision.total is not None:
        return money_words(decision.total)
    if not decision.is_money:
        return ""
    if decision.verdict is Verdict.NO:
        return ""
    return _("at most %(amount)s") % {"amount": money_words(decision.most)} if decision.most is not None else ""


def why_no_amount(decision: Decision) -> str:
    """Why no amount stands there, where one should; never a guess."""
    if decision.total is not None or not decision.is_money or decision.verdict is Verdict.NO:
        return ""
    if decision.unpublished:
        return _("%(what)s is not published; no amount can be worked out.") % {
            "what": _("; ").join(decision.unpublished)
        }
    return ""


def reason_words(offer: Offer) -> str:
    """In one line why: what is missing, which condition says no and by how much, or what holds."""
    decision = offer.decision
    if decision is None:
        return _("The text was not found; nothing is decided from it.")
    if offer.is_over:
        return _("Over since %(day)s.") % {"day": offer.version.last_day}
    if decision.verdict is Verdict.NO:
        excluding = decision.excluding or decision.checked
        return _("; ").join(part for part in (condition_words(excluding.condition), gap_words(excluding)) if part)
    if decision.missing:
        names = _(", ").join(facts()[name].label for name in decision.missing)
        return _("Missing: %(facts)s") % {"facts": names}
    if decision.undefined:
        return _("The text leaves open: %(what)s") % {"what": _("; ").join(decision.undefined)}
    return why_no_amount(decision) or ngettext(
        "the condition is met", "all %(count)s conditions are met", len(decision.conditions)
    ) % {"count": len(decision.conditions)}


def closing_words(offer: Offer) -> str:
    """Until when, and how long that is."""
    if offer.closes_on is None:
        return _("no end is known")
    if offer.deadline_passed:
        return _("Applications ended on %(day)s") % {"day": f"{offer.closes_on:%Y-%m-%d}"}
    left = offer.days_left or 0
    words = _("Apply by %(day)s") if offer.version.deadline_on else _("Holds until %(day)s")
    days = ngettext("%(count)s day left", "%(count)s days left", left) % {"count": left}
    return _("%(until)s, %(left)s") % {"until": words % {"day": f"{offer.closes_on:%Y-%m-%d}"}, "left": days}


def offer_row(offer: Offer, url: str) -> dict[str, Any]:
    """An offer in a list."""
    decision = offer.decision
    return {
        "url": url,
        "title": str(offer.version.measure),
        "aspect": offer.version.measure.get_aspect_display(),
        "body": offer.version.competent_body,
        "look": _LOOKS.get(offer.verdict, ""),
        "chip": _CHIPS.get(offer.verdict, "none"),
        "answer": offer.verdict.label
        if offer.verdict
        else (_("no longer in force") if offer.is_over else _("title only")),
        "worth": worth_words(decision) if offer.verdict else "",
        "reason": reason_words(offer),
        "closes": closing_words(offer) if offer.verdict in (Verdict.YES, Verdict.UNKNOWN) else "",
    }


def _parts(checked: Checked) -> list[dict[str, Any]]:
    return [condition_row(part) for part in checked.parts] if len(checked.parts) > 1 else []


def condition_row(checked: Checked) -> dict[str, Any]:
    """A condition: what is asked, what the enterprise has, and by how much it is off."""
    return {
        "sign": _SIGNS[checked.answer],
        "answer": checked.answer,
        "words": condition_words(checked.condition),
        "found": found_words(checked),
        "gap": gap_words(checked),
        "parts": _parts(checked),
    }


def _line_row(number: int, worked: LineWorked, known: dict[str, Known]) -> dict[str, Any]:
    line = worked.line
    unknown = [facts()[name].label for name in facts() if name in worked.raw.missing]
    return {
        "number": number,
        "name": line.label,
        "formula": worked_words(line.amount, values_of(known)),
        "applies": worked.applies,
        "raw": number_words(worked.raw.value) if worked.raw.value is not None else "",
        "value": number_words(worked.value) if worked.value is not None else "",
        "cap": number_words(line.cap) if worked.is_capped and line.cap is not None else "",
        "missing": _(", ").join(unknown),
        "unpublished": _("; ").join(worked.raw.unpublished),
    }


def source_words(known: Known) -> str:
    """Who says so, and since when."""
    named = {"enterprise": _("your answer"), "official": _("told to an official"), "report": _("daily report")}
    source = named.get(known.source, _("register"))
    return _("%(source)s, %(day)s") % {"source": source, "day": f"{known.since:%Y-%m-%d}"} if known.since else source


def offer_page(offers: Offers, offer: Offer) -> dict[str, Any]:
    """Everything on the page of one measure for one enterprise."""
    decision, version = offer.decision, offer.version
    used = [name for name in facts() if decision and name in offers.known and _uses(version.rule, name)]
    return {
        "offer": offer_row(offer, ""),
        "icon": _ICONS.get(offer.verdict, "file-text"),
        "measure": version.measure,
        "version": version,
        "document": version.document,
        "plain": version.plain_words,
        "conditions": [condition_row(one) for one in decision.conditions] if decision else [],
        "lines": [_line_row(number, line, offers.known) for number, line in enumerate(decision.lines, start=1)]
        if decision and decision.verdict is not Verdict.NO
        else [],
        "total": number_words(decision.total) if decision and decision.total is not None else "",
        "uncapped": number_words(decision.uncapped)
        if decision and decision.is_capped and decision.uncapped is not None
        else "",
        "cap": number_words(decision.rule.cap) if decision and decision.rule.cap is not None else "",
        "no_amount": why_no_amount(decision) if decision else "",
        "used": [
            {
                "label": facts()[name].label,
                "value": value_words(name, offers.known[name].value),
                "source": source_words(offers.known[name]),
            }
            for name in used
        ],
    }


def _uses(rule: Any, name: str) -> bool:
    """The rule, as JSON, names the fact."""
    if isinstance(rule, dict):
        if name == f"granted_{rule.get('no_other_grant_for')}":
            return True
        return rule.get("fact") == name or rule.get("by") == name or any(_uses(one, name) for one in rule.values())
    return isinstance(rule, list) and any(_uses(one, name) for one in rule)


def catalogue_row(version: MeasureVersion, today: date, url: str) -> dict[str, Any]:
    """A measure in the catalogue of officials."""
    over = version.ended_by(today)
    if not version.is_published:
        chip, state = "brand", version.get_state_display()
    elif over:
        chip, state = "idle", _("no longer in force")
    elif version.valid_from > today:
        chip, state = "brand", _("not begun")
    elif version.rule is None:
        chip, state = "none", _("title only")
    else:
        chip, state = "ok", _("in force")
    return {
        "url": url,
        "title": str(version.measure),
        "aspect": version.measure.get_aspect_display(),
        "document": str(version.document),
        "body": version.competent_body,
        "since": version.valid_from,
        "until": version.last_day,
        "chip": chip,
        "state": state,
    }


def rule_words(version: MeasureVersion) -> dict[str, Any]:
    """A rule as people read it: conditions one by one, lines of money, the cap."""
    rule = version.read()
    if rule is None:
        return {}
    return {
        "conditions": [condition_words(one) for one in conditions_of(rule)],
        "lines": [{"name": line.label, "formula": amount_words(line.amount)} for line in rule.lines],
        "cap": money_words(rule.cap) if rule.cap is not None else "",
    }


def funnel_steps(funnel: Funnel) -> list[dict[str, Any]]:
    """The steps of the funnel with their share of the step before; and what keeps most out."""
    steps = [(_("entitled"), funnel.yes), (_("told"), funnel.told), (_("read by them"), funnel.opened)]
    widest = max((number for _label, number in steps), default=0)
    rows = []
    before: int | None = None
    for label, number in steps:
        share = Decimal(number) * 100 / before if before else None
        rows.append(
            {"label": label, "number": number, "share": share, "width": number * 100 // widest if widest else 0}
        )
        before = number
    return rows


def excluding_words(version: MeasureVersion, funnel: Funnel) -> list[dict[str, Any]]:
    """The conditions that keep enterprises out, the one that keeps most first."""
    rule = version.read()
    conditions = conditions_of(rule) if rule else ()
    return [
        {"words": condition_words(conditions[number]), "number": count}
        for number, count in funnel.excluding
        if number < len(conditions)
    ]


def tried_row(name: str, decision: Decision, known: dict[str, Known]) -> dict[str, Any]:
    """A rule tried on an enterprise: the answer, each condition, the money."""
    return {
        "name": name,
        "look": _LOOKS[decision.verdict],
        "icon": _ICONS[decision.verdict],
        "answer": decision.verdict.label,
        "worth": worth_words(decision),
        "missing": _(", ").join(facts()[name].label for name in decision.missing),
        "conditions": [condition_row(one) for one in decision.conditions],
        "lines": [_line_row(number, line, known) for number, line in enumerate(decision.lines, start=1)]
        if decision.verdict is not Verdict.NO
        else [],
    }
