from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.services.policies.enums import Aspect
from fugong.services.policies.logic.drafting import HOWS, BadRow, Tier, condition_of, number_facts, rule_of
from fugong.services.policies.logic.facts import MOST, facts
from fugong.services.policies.logic.parsing import BadRule, read_condition, read_rule

CONDITIONS, TIERS, FIRMS = 5, 3, 3
_MONEY = {"max_digits": 17, "decimal_places": 2, "required": False, "min_value": 0, "max_value": MOST}
_HOW_WORDS = {
    "at_least": _("at least"),
    "above": _("more than"),
    "at_most": _("at most"),
    "below": _("less than"),
    "is": _("is (yes or no)"),
    "in": _("one of"),
    "begins_with": _("code begins with"),
    "has": _("is on the list"),
}
_OTHER_GRANTS = [("", _("not asked")), ("hiring", _("the same people hired")), ("equipment", _("the same equipment"))]


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class MeasureForm(forms.Form):
    """A measure with its document, conditions and tiers of money, and up to three enterprises to try it on."""

    title = forms.CharField(label=_("Title"), max_length=80)
    title_en = forms.CharField(label=_("Title in English"), max_length=80, required=False)
    aspect = forms.ChoiceField(label=_("Aspect"), choices=Aspect.choices)
    competent_body = forms.CharField(label=_("Competent body"), max_length=80)
    valid_from = _day(_("Holds from"))
    valid_to = _day(_("Holds until"), required=False)
    deadline_on = _day(_("Apply by"), required=False)
    plain = forms.CharField(label=_("In plain words"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    how = forms.CharField(label=_("How to get it"), max_length=300, required=False)
    document = forms.ChoiceField(label=_("Document"), required=False)
    area = forms.ChoiceField(label=_("Holds in"))
    doc_title = forms.CharField(label=_("Title of the document"), max_length=120, required=False)
    doc_number = forms.CharField(label=_("Document number"), max_length=60, required=False)
    doc_body = forms.CharField(label=_("Issuing body"), max_length=80, required=False)
    doc_issued_on = _day(_("Issued on"), required=False)
    doc_source = forms.CharField(label=_("Source"), max_length=200, required=False)
    joined = forms.ChoiceField(
        label=_("Of the conditions"),
        choices=[("all", _("all must hold")), ("any", _("one is enough"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    no_other_grant_for = forms.ChoiceField(label=_("No other grant for"), choices=_OTHER_GRANTS, required=False)
    line = forms.CharField(label=_("Name of the money"), max_length=40, required=False)
    tier_of = forms.ChoiceField(label=_("Tiers by"), required=False)
    per = forms.ChoiceField(label=_("Times"), required=False)
    cap = forms.DecimalField(label=_("At most in all, yuan"), **_MONEY)
    firms = forms.CharField(
        label=_("Try it on"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Up to three enterprises, one a line: a name or a credit code."),
    )

    def __init__(self, documents: list[tuple[str, str]], areas: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["document"].choices = [("", _("a new one, written below")), *documents]
        self.fields["area"].choices = areas
        numbers = [(name, facts()[name].label) for name in number_facts()]
        self.fields["tier_of"].choices = [("", _("no tiers: one amount")), *numbers]
        self.fields["per"].choices = [("", _("nothing: a fixed amount")), *numbers]
        names = [("", _("no condition"))] + [(name, fact.label) for name, fact in facts().items()]
        for number in range(CONDITIONS):
            self.fields[f"fact_{number}"] = forms.ChoiceField(label=_("Fact"), choices=names, required=False)
            hows = [(how, _HOW_WORDS[how]) for how in HOWS]
            self.fields[f"how_{number}"] = forms.ChoiceField(label=_("Comparison"), choices=hows, required=False)
            self.fields[f"value_{number}"] = forms.CharField(label=_("Value"), max_length=100, required=False)
        for number in range(TIERS):
            self.fields[f"low_{number}"] = forms.DecimalField(label=_("from"), **_MONEY)
            self.fields[f"below_{number}"] = forms.DecimalField(label=_("below"), **_MONEY)
            self.fields[f"give_{number}"] = forms.DecimalField(label=_("yuan"), **_MONEY)

    def _rows(self, count: int, *names: str) -> list[list[Any]]:
        return [[self[f"{name}_{number}"] for name in names] for number in range(count)]

    @property
    def condition_rows(self) -> list[list[Any]]:
        return self._rows(CONDITIONS, "fact", "how", "value")

    @property
    def tier_rows(self) -> list[list[Any]]:
        return self._rows(TIERS, "low", "below", "give")

    def _conditions(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for number in range(CONDITIONS):
            fact = cleaned.get(f"fact_{number}")
            if not fact:
                continue
            try:
                one = condition_of(fact, cleaned.get(f"how_{number}") or "", cleaned.get(f"value_{number}") or "")
                read_condition(one, "")
            except BadRow as error:
                self.add_error(
                    f"{error.key}_{number}", _("This does not fit the fact %(fact)s.") % {"fact": facts()[fact].label}
                )
            except BadRule as error:
                self.add_error(f"value_{number}", error.message)
            else:
                found.append(one)
        return found

    def _tiers(self, cleaned: dict[str, Any]) -> list[Tier]:
        tiers = []
        for number in range(TIERS):
            low, below, give = (cleaned.get(f"{name}_{number}") for name in ("low", "below", "give"))
            if give is None:
                if low is not None or below is not None:
                    self.add_error(f"give_{number}", _("Say how much this tier gives."))
                continue
            if cleaned.get("tier_of") and low is None and below is None:
                self.add_error(f"low_{number}", _("Say from which value on, or below which."))
            elif not cleaned.get("tier_of") and tiers:
                self.add_error("tier_of", _("Say by which number the tiers are told apart."))
            else:
                tiers.append(Tier(low, below, give))
        return tiers

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("document"):
            for name in ("doc_title", "doc_body", "doc_issued_on", "doc_source"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A new document needs this."))
        firms = [line.strip() for line in (cleaned.get("firms") or "").splitlines() if line.strip()]
        if len(firms) > FIRMS:
            self.add_error("firms", _("Name at most %(most)s enterprises.") % {"most": FIRMS})
        cleaned["firms"] = firms
        conditions, tiers = self._conditions(cleaned), self._tiers(cleaned)
        if self.errors:
            return cleaned
        rule = rule_of(
            conditions,
            joined=cleaned["joined"],
            tiers=tiers,
            tier_of=cleaned["tier_of"],
            per=cleaned["per"],
            line=(cleaned["line"] or cleaned["title"], cleaned["title_en"]),
            cap=cleaned["cap"],
            no_other_grant_for=cleaned["no_other_grant_for"],
        )
        try:
            read_rule(rule)
        except BadRule as error:
            self.add_error(None, f"{error.path}: {error.message}")
        return cleaned | {"rule": rule}
