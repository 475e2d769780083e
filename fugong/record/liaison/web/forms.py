from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import clock
from fugong.core.registries import Filter
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
