from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import Body
from fugong.command.headquarters.web.forms.directives import long_text, moment


class OpeningForm(forms.Form):
    chair = forms.CharField(label=_("Chair"), max_length=50)
    attendees = forms.CharField(
        label=_("Who takes part"),
        max_length=300,
        required=False,
        help_text=_("Bodies or people, as the minutes name them."),
    )


class ItemForm(forms.Form):
    title = forms.CharField(label=_("What is it about?"), max_length=80)
    reason = forms.CharField(label=_("Why today"), max_length=200, required=False)


class OutcomeForm(forms.Form):
    text = long_text(_("What was agreed"))


class CarryForm(forms.Form):
    text = long_text(_("Why it waits"), required=False)


class DecisionForm(forms.Form):
    """A decision becomes a directive: what, who, until when. The matter comes from the item."""

    title = forms.CharField(label=_("What to do"), max_length=80)
    text = long_text(_("In words"), required=False)
    owner_body = forms.ModelChoiceField(label=_("Body that leads"), queryset=None)
    person = forms.CharField(
        label=_("Person"), max_length=50, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    due_at = moment(_("Due"))
    target = forms.DecimalField(label=_("Value to reach"), max_digits=10, decimal_places=2, required=False)

    def __init__(self, bodies: QuerySet[Body], figure: str, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["owner_body"].queryset = bodies
        if figure:
            self.fields["target"].help_text = _("%(figure)s, measured each day by itself. Empty: in words alone.") % {
                "figure": figure
            }
        else:
            del self.fields["target"]
