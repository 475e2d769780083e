from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.core import clock
from fugong.record.incidents.logic.risk import RiskLevel


class RiskForm(forms.Form):
    """The risk level of an area from a day on."""

    level = forms.ChoiceField(label=_("Risk level"), required=False, widget=forms.RadioSelect)
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    source = forms.CharField(
        label=_("Source document"), max_length=300, help_text=_("Title, number and date of the notice that sets it.")
    )
    decided_by = forms.CharField(
        label=_("Decided by"), max_length=100, required=False, help_text=_("The headquarters or person; empty: you.")
    )

    def __init__(self, levels: list[RiskLevel], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={"valid_from": clock.today()} | dict(initial or {}))
        self.fields["level"].choices = [
            *((level.code, level.label) for level in levels),
            ("", _("As the area above")),
        ]
