from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.core import clock
from fugong.core.registries import Filter
from fugong.record.desk.logic.asking import AskForm
from fugong.record.liaison.actions.plans import Wanted
from fugong.record.liaison.enums import Purpose, Way
from fugong.record.liaison.logic.section import Kind
from fugong.record.liaison.models import PlanItem
from fugong.record.liaison.selectors.planning import Rule

# The choice of who sees to an item of a plan.
_ENTERPRISE = "enterprise"


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
    """A visit or a call. `phone_time` and `phone_now` are filled by the phone, which may have waited for a network.

    `has_checks`: a checklist was filled in with it, so that nothing else has to be said; `lost_check`: one was whose
    form or version does not exist.
    """

    has_checks = lost_check = False

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
        if self.lost_check:
            raise forms.ValidationError(
                _("A checklist of this page is not known here. Open the visit anew and fill it in.")
            )
        if not values.get("findings") and values.get("seen_people") is None and not self.has_checks:
            raise forms.ValidationError(_("Say what was found, how many people were seen, or fill a checklist in."))
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            values["latitude"] = values["longitude"] = None
        return values


def _rounded(degrees: Decimal | None) -> Decimal | None:
    """To a metre; the phone gives more digits than it knows."""
    return None if degrees is None else round(degrees, 5)


class PhotoForm(forms.Form):
    """A photo that the phone has kept, with the key of its visit."""

    visit_key = forms.UUIDField()
    client_key = forms.UUIDField()
    photo = forms.FileField(label=_("Photo"))


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


class ItemForm(forms.Form):
    """An item of a plan: its words, who sees to it, until when."""

    title = forms.CharField(label=_("Things to do"), max_length=100)
    goal = forms.CharField(label=_("What counts as done"), max_length=200, required=False)
    owner = forms.ChoiceField(label=_("Who sees to it"), required=False)
    due_on = forms.DateField(label=_("Until which day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, bodies: Iterable[Body], officers: Iterable[User], item: PlanItem | None, data: Any) -> None:
        initial = _initial(item) if item else {}
        super().__init__(data, initial=initial)
        self._bodies = {f"body:{one.pk}": one for one in bodies}
        self._users = {f"user:{one.pk}": one for one in officers}
        if item and item.body:
            self._bodies.setdefault(f"body:{item.body.pk}", item.body)
        if item and item.user:
            self._users.setdefault(f"user:{item.user.pk}", item.user)
        self.fields["owner"].choices = [
            ("", _("not decided")),
            (_ENTERPRISE, _("the enterprise itself")),
            *((key, user.name) for key, user in self._users.items()),
            *((key, str(body)) for key, body in self._bodies.items()),
        ]
        if item and item.source:
            for name in ("title", "goal"):
                self.fields[name].required = False
                self.fields[name].help_text = _("Left empty: in the words of the fact.")

    def wanted(self) -> Wanted:
        values = self.cleaned_data
        owner = values["owner"]
        return Wanted(
            title=values["title"],
            goal=values["goal"],
            body=self._bodies.get(owner),
            user=self._users.get(owner),
            is_enterprises=owner == _ENTERPRISE,
            due_on=values["due_on"],
            note=values["note"],
        )

    def sent(self, act: Callable[[], object]) -> bool:
        """Whether the act was done; its reasons against it stand in the form otherwise."""
        try:
            act()
        except ValidationError as error:
            self.add_error(None, error.messages)
            return False
        return True


def _initial(item: PlanItem) -> dict[str, Any]:
    owner = f"body:{item.body_id}" if item.body_id else f"user:{item.user_id}" if item.user_id else ""
    return {
        "title": item.title,
        "goal": item.goal,
        "owner": _ENTERPRISE if item.is_enterprises else owner,
        "due_on": item.due_on,
        "note": item.note,
    }
