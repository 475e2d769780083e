from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.services.policies.logic.facts import MOST, NUMBERS, Fact, Value
from fugong.services.policies.logic.words import unit_words

_YES_NO = [("yes", _("yes")), ("no", _("no"))]


def field_for(fact: Fact) -> forms.Field:
    """The field that asks for a fact, with its question as label."""
    label = fact.question or fact.label
    if fact.type in NUMBERS:
        places = 0 if fact.unit in ("people", "months", "years") else 2
        field: forms.Field = forms.DecimalField(
            label=label,
            min_value=0,
            max_value=MOST,
            decimal_places=places,
            widget=forms.NumberInput(attrs={"inputmode": "decimal" if places else "numeric", "autocomplete": "off"}),
        )
    elif fact.type == "date":
        field = forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))
    elif fact.type == "yes_no":
        field = forms.ChoiceField(label=label, choices=_YES_NO, widget=forms.RadioSelect)
    else:
        field = forms.CharField(label=label, max_length=60)
    field.unit = unit_words(fact)
    return field


def as_text(value: Any) -> str:
    """A cleaned value as facts are stored."""
    return f"{value:f}" if hasattr(value, "is_finite") else str(value)


class AnswersForm(forms.Form):
    """Some questions at once; each may be left open."""

    def __init__(self, asked: list[Fact], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for fact in asked:
            self.fields[fact.name] = field_for(fact)
            self.fields[fact.name].required = False

    def answers(self) -> dict[str, str]:
        """Fact → text, of those that were answered."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return {name: as_text(value) for name, value in given.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(value not in (None, "") for value in cleaned.values()):
            raise forms.ValidationError(_("Answer at least one question."))
        return cleaned


class SupposeForm(AnswersForm):
    """What if: values that are supposed, not stored."""

    def supposed(self, asked: list[Fact]) -> dict[str, Value]:
        """Fact → value."""
        facts = {fact.name: fact for fact in asked}
        return {name: facts[name].read(text) for name, text in self.answers().items()}
