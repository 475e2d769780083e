from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.base.tokens.actions import LONGEST_DAYS
from fugong.core.registries import api_scopes, granted_names
from fugong.core.viewer import Viewer


class TokenForm(forms.Form):
    """What a new key is for. The limit offers what the person holds: areas, or the enterprises of the grants."""

    name = forms.CharField(
        label=_("Name of the key"), max_length=100, help_text=_("The system that will use it, such as ERP of the park.")
    )
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=_("Valid for how many days"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=90,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    area = forms.ChoiceField(label=_("Only for the area"), required=False)
    enterprises = forms.MultipleChoiceField(
        label=_("Only for these enterprises"),
        required=False,
        help_text=_("None ticked: all that you report for."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, viewer: Viewer, areas: list[Area], data: Any = None) -> None:
        super().__init__(data)
        entries = sorted(api_scopes.values(), key=lambda entry: entry.order)
        self.fields["scopes"].choices = [(entry.name, entry.label) for entry in entries if entry.may(viewer)]
        self._areas = {area.code: area for area in areas}
        self.fields["area"].choices = [
            ("", _("All that I see")),
            *((code, str(area)) for code, area in self._areas.items()),
        ]
        if not areas:
            del self.fields["area"]
        names = [name for source in granted_names.values() for name in source(viewer)]
        if names:
            self.fields["enterprises"].choices = names
        else:
            del self.fields["enterprises"]

    def clean_area(self) -> Area | None:
        return self._areas.get(self.cleaned_data["area"])

    def clean_enterprises(self) -> frozenset[int] | None:
        return frozenset(int(pk) for pk in self.cleaned_data["enterprises"]) or None
