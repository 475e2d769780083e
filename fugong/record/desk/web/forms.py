from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body, User
from fugong.record.desk.enums import PartState, RequestEnd, Usefulness
from fugong.record.desk.logic.asking import AskForm
from fugong.record.desk.logic.section import DeskSection
from fugong.record.registry.enums import SizeClass


def _long(label: Any, *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=1000, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class EnterForm(AskForm):
    """The same, entered by an official who has the enterprise on the line or at the gate."""

    def __init__(self, section: DeskSection, data: Any = None, **kwargs: Any) -> None:
        super().__init__(section, data, **kwargs)
        self.fields["caller"] = forms.CharField(
            label=_("Who asks"), max_length=50, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )
        self.fields["hotline"] = forms.BooleanField(label=_("It came by the hotline"), required=False, initial=True)
        self.fields["category"].widget.attrs["autofocus"] = True


class TextForm(forms.Form):
    text = _long(_("In words"))


class OptionalTextForm(forms.Form):
    text = _long(_("In words"), required=False)


class ContactForm(forms.Form):
    reached = forms.ChoiceField(
        label=_("Was anybody reached?"),
        choices=[("yes", _("Reached")), ("no", _("Not reached"))],
        widget=forms.RadioSelect,
    )
    text = _long(_("In words"), required=False)


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why does the clock stand still?"))
    note = forms.CharField(label=_("In words"), max_length=200, required=False)

    def __init__(self, section: DeskSection, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].choices = section.pause_reasons


class BodyForm(forms.Form):
    """A body of the surroundings, with a word."""

    body = forms.ModelChoiceField(label=_("Body"), queryset=None)
    text = forms.CharField(label=_("In words"), max_length=300)

    def __init__(self, bodies: QuerySet[Body], data: Any = None) -> None:
        super().__init__(data)
        self.fields["body"].queryset = bodies


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Person"), queryset=None)

    def __init__(
        self, people: QuerySet[User], loads: Mapping[int, int], away: Mapping[int, date], data: Any = None
    ) -> None:
        super().__init__(data)
        self.fields["to"].queryset = people
        self.fields["to"].label_from_instance = lambda user: self._words(user, loads.get(user.pk, 0), away.get(user.pk))

    @staticmethod
    def _words(user: User, load: int, until: date | None) -> str:
        """The name with the load, so that it is seen before one more is given."""
        values = {"name": user.name, "load": load, "until": until and f"{until:%m-%d}"}
        return (
            _("%(name)s (%(load)d open, away until %(until)s)") if until else _("%(name)s (%(load)d open)")
        ) % values


class AbsenceForm(forms.Form):
    first_day = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))


class EndForm(forms.Form):
    end = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[(end, end.label) for end in (RequestEnd.NO_HELP, RequestEnd.ELSEWHERE)],
        widget=forms.RadioSelect,
    )
    text = _long(_("In words"))


class DuplicateForm(forms.Form):
    number = forms.CharField(label=_("Number of the request that it repeats"), max_length=20)


class PartStateForm(forms.Form):
    part = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), choices=PartState.choices)
    text = forms.CharField(label=_("In words"), max_length=300, required=False)


class RatingForm(forms.Form):
    was_contacted = forms.ChoiceField(
        label=_("Did anybody contact you?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(label=_("What came of it?"), choices=Usefulness.choices, widget=forms.RadioSelect)
    text = _long(_("Anything else"), required=False, rows=2)


class RouteForm(forms.Form):
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    area = forms.ModelChoiceField(label=_("Area"), queryset=None)
    size = forms.ChoiceField(label=_("Size class"), choices=[("", _("any")), *SizeClass.choices], required=False)
    tag = forms.CharField(label=_("Tag"), max_length=50, required=False)
    body = forms.ModelChoiceField(label=_("Body"), queryset=None)

    def __init__(self, section: DeskSection, areas: Any, bodies: QuerySet[Body], data: Any = None) -> None:
        super().__init__(data)
        tops = [(item.code, item.label) for item in section.categories if not item.parent]
        seconds = [(item.code, section.label(item.code)) for item in section.categories if item.parent]
        self.fields["category"].choices = [("", _("everything")), *sorted(tops + seconds)]
        self.fields["area"].queryset = areas
        self.fields["body"].queryset = bodies
