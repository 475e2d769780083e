from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.selectors import areas_for
from fugong.base.spreadsheets.logic.values import tidy
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import EnterpriseKind
from fugong.record.registry.logic.uscc import check_code, explain
from fugong.record.registry.models import Enterprise

_SHORTEST_NAME = 2


class EnterpriseForm(forms.Form):
    """What a clerk types about an enterprise."""

    name = forms.CharField(label=_("Name"), max_length=200)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        required=False,
        help_text=_("18 characters from the business licence. Leave it empty for a shop that has none yet."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EnterpriseKind.choices, initial=EnterpriseKind.ENTERPRISE)
    managing_area = forms.ModelChoiceField(label=_("Managing area"), queryset=None)
    established_on = forms.DateField(
        label=_("Established on"),
        required=False,
        # A date input takes ISO only; in the format of the language it stays empty and saving erases the day.
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    registered_address = forms.CharField(label=_("Registered address"), max_length=300, required=False)

    def __init__(self, viewer: Viewer, enterprise: Enterprise | None = None, data: Any = None) -> None:
        names = [name for name in self.base_fields if name != "managing_area"]
        initial = {name: getattr(enterprise, name) or "" for name in names} if enterprise else {}
        super().__init__(data, initial=initial | ({"managing_area": enterprise.managing_area_id} if enterprise else {}))
        self.enterprise = enterprise
        self.fields["managing_area"].queryset = areas_for(viewer).valid_on(clock.today()).order_by("path")

    def clean_name(self) -> str:
        """A name is what a file's row must have too: two visible characters, not a number."""
        name = tidy(self.cleaned_data["name"])
        if len(name) < _SHORTEST_NAME or name.isdecimal():
            raise forms.ValidationError(_("Enter the full name from the business licence."))
        return name

    def clean_uscc(self) -> str:
        text = self.cleaned_data["uscc"]
        if not text.strip():
            return ""
        checked = check_code(text)
        if checked.problem is not None:
            fault = explain(checked)
            raise forms.ValidationError(f"{fault.reason} — {fault.mend}")
        return checked.code

    def clean_established_on(self) -> Any:
        day = self.cleaned_data["established_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("This day lies in the future. Check the year on the licence."))
        return day


class ReporterForm(forms.Form):
    """Whom a clerk invites to report for an enterprise."""

    name = forms.CharField(label=_("Name"), max_length=50)
    phone = forms.RegexField(
        r"^[0-9 +-]{0,20}$",
        label=_("Phone"),
        required=False,
        error_messages={"invalid": _("A phone number has digits, spaces, + and - only.")},
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
