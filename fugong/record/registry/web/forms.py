from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.base.areas.selectors import areas_for, areas_valid_on
from fugong.base.spreadsheets.logic.issues import BadValue
from fugong.base.spreadsheets.logic.values import tidy
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.record.registry.enums import ChangeKind, ClosingReason, ContactRole, EnterpriseKind, FactKind
from fugong.record.registry.logic.fact_values import read_fact
from fugong.record.registry.logic.phones import read_phone
from fugong.record.registry.logic.reasons import reason_codes, reason_words
from fugong.record.registry.logic.uscc import check_code, explain
from fugong.record.registry.models import ChangeRequest, Enterprise

_SHORTEST_NAME = 2


def _day_input() -> forms.DateInput:
    """The browser's own calendar; it takes ISO dates only, whatever the language writes."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


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
    established_on = forms.DateField(label=_("Established on"), required=False, widget=_day_input())
    registered_address = forms.CharField(label=_("Registered address"), max_length=300, required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, viewer: Viewer, enterprise: Enterprise | None = None, data: Any = None) -> None:
        names = [name for name in self.base_fields if name not in ("managing_area", "key")]
        initial = {name: getattr(enterprise, name) or "" for name in names} if enterprise else {"key": uuid4()}
        super().__init__(data, initial=initial | ({"managing_area": enterprise.managing_area_id} if enterprise else {}))
        self.enterprise = enterprise
        self.fields["managing_area"].queryset = areas_for(viewer).valid_on(clock.today()).order_by("path")
        if enterprise is not None:
            # A move and the first code are acts of their own, with a day, a reason and a look at doubles.
            del self.fields["managing_area"]
            if enterprise.uscc is None:
                del self.fields["uscc"]

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


class ContactForm(forms.Form):
    """A person to call at an enterprise: a name, a number, or both."""

    role = forms.ChoiceField(label=_("As"), choices=ContactRole.choices)
    name = forms.CharField(label=_("Name"), max_length=50, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """Read as in a file: blanks and full width do not matter."""
        text = self.cleaned_data["phone"]
        if not text.strip():
            return ""
        try:
            return read_phone(text)
        except BadValue as error:
            raise forms.ValidationError(f"{error.fault.reason} — {error.fault.mend}") from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("name") and not values.get("phone"):
            raise forms.ValidationError(_("A contact needs a name or a phone number."))
        return values


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


def _plausible(day: date) -> None:
    """A year that was mistyped, seen before anything is counted by it."""
    if not clock.is_plausible(day):
        raise forms.ValidationError(_("This day lies too far back. Check the year."))


def _past_day(day: Any) -> Any:
    """A day of a statement about what is; tomorrow cannot be stated yet."""
    if day:
        _plausible(day)
    if day and day > clock.today():
        raise forms.ValidationError(_("This day lies in the future. A fact is stated from a day that has come."))
    return day


class FactForm(forms.Form):
    """A dated fact as a clerk states it."""

    kind = forms.ChoiceField(label=_("Fact"), choices=FactKind.choices)
    value = forms.CharField(
        label=_("Value"),
        max_length=60,
        help_text=_(
            "People as a number, money with its unit (4120万元), industry as code or name, above scale yes or no."
        ),
    )
    day = forms.DateField(label=_("Holds from"), widget=_day_input())
    last_day = forms.DateField(label=_("Last day of a tag"), required=False, widget=_day_input())
    source = forms.CharField(
        label=_("Where it comes from"), max_length=100, help_text=_("A document, a table, a person.")
    )

    def clean_day(self) -> Any:
        return _past_day(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "kind" in values and "value" in values:
            try:
                values["value"] = read_fact(FactKind(values["kind"]), values["value"])
            except BadValue as error:
                self.add_error("value", f"{error.fault.reason} — {error.fault.mend}")
        return values


class ExclusionForm(forms.Form):
    """Leave an enterprise out of every figure, for a reason and from a day on."""

    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    first_day = forms.DateField(label=_("Not counted from"), widget=_day_input(), validators=[_plausible])
    last_day = forms.DateField(
        label=_("Not counted up to"),
        required=False,
        widget=_day_input(),
        validators=[_plausible],
        help_text=_("Leave it empty until somebody decides otherwise."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"first_day": clock.today()})
        self.fields["reason"].choices = [("", _("Choose a reason")), *((c, reason_words(c)) for c in reason_codes())]


class InclusionForm(forms.Form):
    """Count an enterprise again from a day on."""

    day = forms.DateField(label=_("Counted again from"), widget=_day_input(), validators=[_plausible])


def _day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=_day_input(), **options)


def _words_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class CloseForm(forms.Form):
    """An enterprise is closed for good."""

    closed_on = _day_field(_("Closed from"), help_text=_("From this day on it is in no figure. Earlier reports stay."))
    reason = forms.ChoiceField(label=_("Reason"), choices=ClosingReason.choices)
    evidence = _words_field(
        _("What shows it"), help_text=_("The notice with its number and date, or who established it and how.")
    )


class ReopenForm(forms.Form):
    """A closed enterprise is taken back."""

    reopened_on = _day_field(
        _("Reopened from"),
        help_text=_("The days between stay closed days. The day of the closing takes it back whole."),
    )
    because = _words_field(_("Reason"))


class MoveForm(forms.Form):
    """An enterprise goes to another managing area."""

    to_area = forms.ModelChoiceField(label=_("New managing area"), queryset=None)
    moved_on = _day_field(
        _("Moved from"), help_text=_("Reports keep the area of their day; earlier figures do not change.")
    )
    reason = _words_field(_("Reason"), help_text=_("The receiving area reads it."))

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["to_area"].queryset = areas_valid_on(clock.today())


class CodeForm(forms.Form):
    """The credit code of an enterprise that had none."""

    code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters from the business licence.")
    )


class MergeForm(forms.Form):
    """Why two entries are one enterprise."""

    reason = _words_field(_("How do you know that both are the same?"))


class AnswerForm(forms.Form):
    """The clerk's answer to a proposal; the fields of a move or a closing only where it asks for one."""

    to_area = forms.ModelChoiceField(label=_("New managing area"), queryset=None)
    day = _day_field(_("From the day"))
    reason_code = forms.ChoiceField(label=_("Reason"), choices=ClosingReason.choices)
    answer = _words_field(
        _("Answer to the enterprise"), required=False, help_text=_("The enterprise reads it. A refusal needs a reason.")
    )

    def __init__(self, request: ChangeRequest, data: Any = None) -> None:
        super().__init__(data, initial={"to_area": request.area_id, "day": request.day or clock.today()})
        moves = request.kind in (ChangeKind.AREA, ChangeKind.NOT_OURS)
        if moves:
            self.fields["to_area"].queryset = areas_valid_on(clock.today())
        else:
            del self.fields["to_area"]
        if request.kind != ChangeKind.CLOSING:
            del self.fields["reason_code"]
        if not moves and request.kind != ChangeKind.CLOSING:
            del self.fields["day"]
        if request.kind == ChangeKind.CLOSING:
            self.fields["answer"].label = _("What shows it, or why it is refused")
            self.fields["answer"].required = True
        if data is not None and "refuse" in data:
            for name in ("to_area", "day", "reason_code"):
                if name in self.fields:
                    self.fields[name].required = False


class ProposalForm(forms.Form):
    """What an enterprise proposes; each kind asks only for what it needs."""

    text = forms.CharField(max_length=300)
    area = forms.ModelChoiceField(label=_("Which area looks after you?"), queryset=None)
    day = _day_field(_("Since when?"))
    note = _words_field(_("Anything the office should know"), required=False)

    def __init__(self, kind: ChangeKind, enterprise: Enterprise, data: Any = None) -> None:
        super().__init__(data)
        self.fields["area"].queryset = areas_valid_on(clock.today())
        asked = {
            ChangeKind.NAME: ("text", _("New name, as on the licence"), enterprise.name),
            ChangeKind.ADDRESS: ("text", _("New address"), enterprise.registered_address),
            ChangeKind.AREA: ("area", None, None),
            ChangeKind.NOT_OURS: ("area", _("Which area looks after you, if you know it?"), None),
            ChangeKind.CLOSING: ("day", _("From which day are you closed for good?"), clock.today()),
        }
        name, label, initial = asked[kind]
        for other in {"text", "area", "day"} - {name}:
            del self.fields[other]
        if label is not None:
            self.fields[name].label = label
        self.fields[name].initial = initial
        self.fields[name].required = kind != ChangeKind.NOT_OURS


class SheetForm(forms.Form):
    """For which area a sheet of one-time codes is printed."""

    area = forms.ChoiceField(label=_("Area"))
    everybody = forms.BooleanField(
        label=_("Also for those who sign in already (their old PIN stands until the new code is used)"), required=False
    )

    def __init__(self, areas: list[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {area.code: area for area in areas}
        self.fields["area"].choices = [(area.code, "\u3000" * (area.path.count("/") - 1) + str(area)) for area in areas]

    def clean_area(self) -> Area:
        return self._areas[self.cleaned_data["area"]]


class ColleagueForm(ReporterForm):
    """Whom a reporter names as a colleague who shall report too."""

    field_order = ("name", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["key"]
        self.fields["phone"].required = True


class ClaimForm(forms.Form):
    """The code of another enterprise's sheet."""

    code = forms.CharField(label=_("One-time code of the enterprise"), max_length=40)
