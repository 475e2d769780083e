from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.base.areas.models import Area
from fugong.command.situation.logic.figures import Indicator

_LONGEST = 1000


def long_text(label: Any, *, required: bool = True, rows: int = 3, **more: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=_LONGEST, required=required, widget=widget, **more)


def moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    """A moment, chosen in the browser's own picker, in the zone of the place."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=widget)


class TextForm(forms.Form):
    text = long_text(_("In words"))


class OptionalTextForm(forms.Form):
    text = long_text(_("In words"), required=False)


class ProgressForm(forms.Form):
    text = long_text(_("What has been done"))
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=300,
        required=False,
        help_text=_("Where it can be seen: a document, a number, a place."),
    )
    percent = forms.IntegerField(label=_("Done, in per cent"), min_value=0, max_value=100, required=False)


class ClaimForm(forms.Form):
    text = long_text(_("What has been done"))
    evidence = forms.CharField(
        label=_("Evidence"), max_length=300, help_text=_("Where it can be seen: a document, a number, a place.")
    )


class SendBackForm(forms.Form):
    text = long_text(_("What is missing"))
    due_at = moment(_("New due time"), required=False)


class ExtendForm(forms.Form):
    due_at = moment(_("New due time"))
    text = long_text(_("Why"))


class PartForm(forms.Form):
    body = forms.ModelChoiceField(label=_("Body"), queryset=None)
    task = forms.CharField(label=_("What is to be done"), max_length=300)

    def __init__(self, bodies: QuerySet[Body], data: Any = None) -> None:
        super().__init__(data)
        self.fields["body"].queryset = bodies


class DirectiveForm(forms.Form):
    """What is to be done, by whom, until when; and the matter, one at most."""

    title = forms.CharField(label=_("What to do"), max_length=80)
    text = long_text(_("In words"), required=False)
    owner_body = forms.ModelChoiceField(label=_("Body that leads"), queryset=None)
    person = forms.CharField(
        label=_("Person"),
        max_length=50,
        required=False,
        help_text=_("By name, who serves in that body. Empty: whoever is on duty there."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_at = moment(_("Due"))
    enterprise = forms.CharField(label=_("Enterprise, by credit code"), max_length=18, required=False)
    request = forms.CharField(label=_("Request, by number"), max_length=20, required=False)
    figure = forms.ChoiceField(label=_("Indicator"), required=False)
    target = forms.DecimalField(
        label=_("Value that the figure is to reach"), max_digits=10, decimal_places=2, required=False
    )
    area = forms.ModelChoiceField(label=_("Area that it is about"), queryset=None, required=False)

    MATTER = ("enterprise", "request", "figure", "target", "area")

    def __init__(
        self, bodies: QuerySet[Body], areas: QuerySet[Area], figures: Iterable[Indicator], data: Any = None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.fields["owner_body"].queryset = bodies
        self.fields["area"].queryset = areas
        self.fields["figure"].choices = [("", "—"), *((item.code, item.label) for item in figures)]

    @property
    def said(self) -> list[forms.BoundField]:
        """The fields of what is to be done."""
        return [field for field in self if field.name not in self.MATTER]

    @property
    def matter(self) -> list[forms.BoundField]:
        """The fields of what exactly it is on."""
        return [self[name] for name in self.MATTER]


class DutyForm(forms.Form):
    body = forms.ModelChoiceField(label=_("Body"), queryset=None)
    person = forms.CharField(label=_("Person, by name"), max_length=50)
    starts_at = moment(_("Begins"))
    ends_at = moment(_("Until"))
    note = forms.CharField(label=_("Note"), max_length=100, required=False)

    def __init__(self, bodies: QuerySet[Body], data: Any = None) -> None:
        super().__init__(data)
        self.fields["body"].queryset = bodies
