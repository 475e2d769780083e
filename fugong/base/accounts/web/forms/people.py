from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.accounts.enums import MANDATE_ROLES, BodyKind
from fugong.base.accounts.models import Body, User
from fugong.base.areas.models import Area
from fugong.core import clock

_LONGEST = 100
_PHONE = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})


class _Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not clock.is_plausible(day):
            raise ValidationError(_("This day cannot be. Write it as 2020-03-24."))
        return day


class _BodyChoice(forms.ModelChoiceField):
    def label_from_instance(self, body: Body) -> str:
        return f"{body.name}（{body.area.name}）"


class _AreaChoice(forms.ModelChoiceField):
    def label_from_instance(self, area: Area) -> str:
        return "　" * (area.path.count("/") - 1) + str(area)


class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Person's name"), max_length=_LONGEST)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=_LONGEST, required=False, widget=_PHONE,
        help_text=gettext_lazy("The person can sign in with it, and reminders go there."),
    )  # fmt: skip


class MandateForm(forms.Form):
    body = _BodyChoice(label=gettext_lazy("Body"), queryset=None)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=MANDATE_ROLES)
    area = _AreaChoice(
        label=gettext_lazy("Area"), queryset=None,
        help_text=gettext_lazy("The role holds in this area and everything beneath it."),
    )  # fmt: skip
    valid_from = _Day(label=gettext_lazy("From day"))
    valid_to = _Day(
        label=gettext_lazy("Until day"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )

    def __init__(self, bodies: QuerySet[Body], areas: QuerySet[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        self.fields["area"].queryset = areas
        self.fields["valid_from"].initial = clock.today()


class NewPersonForm(MandateForm, PersonForm):
    """Account and first mandate in one."""

    username = forms.CharField(
        label=gettext_lazy("Account"), max_length=64, required=False,
        help_text=gettext_lazy("Lower-case letters and digits. Empty: the phone number, else a free word."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("name", "phone", "username", "body", "role", "area", "valid_from", "valid_to")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class DeputyForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Account of the deputy"), max_length=64,
        help_text=gettext_lazy("An official who has an account already."),
    )  # fmt: skip
    valid_from = _Day(label=gettext_lazy("From day"))
    valid_to = _Day(label=gettext_lazy("Until day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = clock.today()


class _PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:  # type: ignore[override]
        return f"{obj.name} ({obj.username})"


class OwnDeputyForm(forms.Form):
    """Who stands in for one's own mandate, and from when to when."""

    user = _PersonChoice(
        label=gettext_lazy("Deputy"), queryset=None, empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("Officials of the same area. The administrator can name others."),
    )  # fmt: skip
    valid_from = _Day(label=gettext_lazy("From day"))
    valid_to = _Day(label=gettext_lazy("Until day"))

    def __init__(self, colleagues: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues
        self.fields["valid_from"].initial = clock.today()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500,
        help_text=gettext_lazy("Goes on record: moved to another post, retired, left."),
    )  # fmt: skip


class BodyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Full name"), max_length=_LONGEST, help_text=gettext_lazy("As on its seal.")
    )
    short_name = forms.CharField(label=gettext_lazy("Short name"), max_length=_LONGEST, required=False)


class NewBodyForm(BodyForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=BodyKind.choices)
    area = _AreaChoice(label=gettext_lazy("Area"), queryset=None)

    def __init__(self, areas: QuerySet[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
