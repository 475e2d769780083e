from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import clock
from fugong.core.registries import Filter
from fugong.record.desk.logic.asking import AskForm
from fugong.record.liaison.enums import Purpose, Way
from fugong.record.liaison.logic.section import Kind
from fugong.record.liaison.selectors.planning import Rule


def _area_choices(areas: Iterable[Area], first: str) -> list[tuple[str, Any]]:
    return [("", first), *((area.code, str(area)) for area in areas)]


class RuleForm(forms.Form):
    """Which enterprises, as what; the officer is chosen beside it."""

    kind = forms.ChoiceField(label=_("As"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    tag = forms.CharField(label=_("Tag"), max_length=50, required=False)
    open = forms.BooleanField(label=_("Only those without anybody of this kind"), required=False)

    def __init__(
        self, kinds: list[Kind], areas: Iterable[Area], industries: list[tuple[str, str]], data: Any = None
    ) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]
        self.fields["area"].choices = _area_choices(areas, _("those chosen"))
        self.fields["industry"].choices = [("", _("any")), *industries]

    def rule(self, ids: frozenset[int]) -> Rule:
        """The rule that a valid form states; chosen enterprises go before areas."""
        values = self.cleaned_data
        which = Filter(
            areas=() if ids or not values["area"] else (values["area"],),
            industries=(values["industry"],) if values["industry"] else (),
            tags=(values["tag"],) if values["tag"] else (),
        )
        # An industry or a tag of no place would be one of the whole city: it needs its area or its chosen ones.
        named = ids or values["area"]
        return Rule(ids, which, values["kind"] if values["open"] else "") if named else Rule()


class TeamForm(forms.Form):
    """A body that looks after an area."""

    kind = forms.ChoiceField(label=_("As"))
    body = forms.ModelChoiceField(label=_("Team"), queryset=None)
    area = forms.ModelChoiceField(label=_("Area"), queryset=None)

    def __init__(self, kinds: list[Kind], bodies: Any, areas: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]
        self.fields["body"].queryset = bodies
        self.fields["area"].queryset = areas


class AbsenceForm(forms.Form):
    first_on = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    acting = forms.ChoiceField(label=_("Who acts meanwhile"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, people: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["acting"].choices = people
        self.fields["first_on"].initial = self.fields["last_on"].initial = clock.today()


class OfficerForm(forms.Form):
    """Somebody who has no account yet."""

    name = forms.CharField(label=_("Name"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    area = forms.ModelChoiceField(label=_("Area"), queryset=None)

    def __init__(self, areas: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["area"].queryset = areas


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class VisitForm(forms.Form):
    """A visit or a call. `phone_time` and `phone_now` are filled by the phone, which may have waited for a network."""

    way = forms.ChoiceField(label=_("How"), choices=Way.choices, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    seen_people = forms.IntegerField(
        label=_("People seen at work"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=_("Counted or told on the spot; it stands beside the report."),
    )
    spoke_with = forms.CharField(label=_("Spoke with"), max_length=50, required=False)
    findings = forms.CharField(
        label=_("What was found"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    phone_time = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    phone_now = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    latitude = forms.DecimalField(required=False, max_digits=12, decimal_places=9, widget=forms.HiddenInput)
    longitude = forms.DecimalField(required=False, max_digits=12, decimal_places=9, widget=forms.HiddenInput)

    def clean_latitude(self) -> Decimal | None:
        return _rounded(self.cleaned_data["latitude"])

    def clean_longitude(self) -> Decimal | None:
        return _rounded(self.cleaned_data["longitude"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("findings") and values.get("seen_people") is None:
            raise forms.ValidationError(_("Say what was found, or how many people were seen."))
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            values["latitude"] = values["longitude"] = None
        return values


def _rounded(degrees: Decimal | None) -> Decimal | None:
    """To a metre; the phone gives more digits than it knows."""
    return None if degrees is None else round(degrees, 5)


class SpotForm(AskForm):
    """A request opened at the gate. Its key is made on the phone, as that of a visit."""

    spoke_with = forms.CharField(label=_("Spoke with"), max_length=50, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    key = None


class PlanForm(forms.Form):
    """A visit that is to come."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    purpose = forms.CharField(label=_("Purpose"), max_length=100)
