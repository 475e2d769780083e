"""The report of an enterprise, for itself and on behalf, and the totals of an area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any, Self
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fugong.core.text import in_language
from fugong.record.reporting.actions.submit import Sending
from fugong.record.reporting.enums import Channel, CorrectionReason, Means, PeopleUnit, ReportState
from fugong.record.reporting.logic.checks import Finding, ReportValues
from fugong.record.reporting.logic.section import ReportSection
from fugong.record.reporting.logic.totals import TotalValues
from fugong.record.reporting.logic.words import shown
from fugong.record.reporting.models import AreaTotal

_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
# What a playbook may ask for: no count of a single enterprise comes near it.
_MOST = 1_000_000_000
_DAY = 86_400
_LONGEST = 10
TOTAL_NUMBERS = tuple(field.name for field in dataclass_fields(TotalValues))
NUMBERS = ("roster", "on_post", "capacity", "supply_days")


class ReportForm(forms.Form):
    """Today's report, drawn from the playbook: its lists, its extra items.

    Its fields are shared by all forms of a process that ask the same in the same language: nobody changes one.
    """

    state = forms.ChoiceField(label=_("State"), choices=ReportState.choices, widget=forms.RadioSelect)
    closed_reason = forms.ChoiceField(label=_("Reason"), required=False)
    roster = forms.IntegerField(
        label=_("People on the roster"), min_value=0, max_value=1_000_000, widget=forms.TextInput(_NUMBER)
    )
    on_post = forms.IntegerField(
        label=_("People on post"), min_value=0, max_value=1_000_000, widget=forms.TextInput(_NUMBER)
    )
    capacity = forms.DecimalField(
        label=_("Capacity used"),
        required=False,
        min_value=0,
        max_value=1000,
        max_digits=5,
        decimal_places=1,
        help_text=_("May exceed 100 %"),
        widget=forms.TextInput(_DECIMAL),
    )
    supply_days = forms.DecimalField(
        required=False, min_value=0, max_digits=5, decimal_places=1, widget=forms.TextInput(_DECIMAL)
    )
    obstacles = forms.MultipleChoiceField(
        label=_("What holds you up"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    warning_reason = forms.ChoiceField(label=_("Reason for the unusual"), required=False, widget=forms.RadioSelect)
    correction_reason = forms.ChoiceField(
        label=_("Reason for the correction"),
        required=False,
        choices=[("", _("Choose a reason")), *CorrectionReason.choices],
    )
    seconds = forms.CharField(required=False, widget=forms.HiddenInput)
    client_key = forms.CharField(required=False, widget=forms.HiddenInput)
    # What the page showed: its day, and how often the report had been sent by then.
    day = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # The other incidents whose answers stand in the same screen: their ids.
    beside = forms.CharField(required=False, widget=forms.HiddenInput)
    # A draft of this form is kept on the server: it goes when the form is sent.
    drafted = forms.CharField(required=False, widget=forms.HiddenInput)
    # Set by the list of waiting reports: the other word holds, this one goes into the history.
    gives_way = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        section: ReportSection,
        *,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        self.base_fields = {}  # Django would copy each of them
        super().__init__(data, initial=dict(initial or {}), prefix=prefix)
        self.fields = dict(_fields(type(self), section))
        self.items = section.items

    @classmethod
    def asked(cls, section: ReportSection) -> dict[str, forms.Field]:
        """The fields as a playbook and its areas ask them, in the active language."""
        fields = {name: deepcopy(field) for name, field in cls.declared_fields.items()}
        fields["closed_reason"].choices = [("", _("Choose a reason")), *section.choices("closed_reasons")]
        fields["obstacles"].choices = section.choices("obstacles")
        fields["warning_reason"].choices = section.choices("warning_reasons")
        fields["supply_days"].label = section.supply_label
        return fields | {cls.item_name(item): _item_field(item) for item in section.items}

    @classmethod
    def begun(cls, fields: Mapping[str, list[str]], *arguments: Any, **named: Any) -> Self:
        """The form as somebody left it: its values stand in it, nothing is checked before it is sent."""
        data = QueryDict(mutable=True)
        for name, texts in fields.items():
            data.setlist(name, texts)
        form = cls(*arguments, data=data, **named)
        form._errors, form.cleaned_data = ErrorDict(), {}
        return form

    @staticmethod
    def item_name(item: Mapping[str, Any]) -> str:
        return f"extra_{item['name']}"

    def values(self) -> ReportValues:
        """The typed report; the form must be valid."""
        data = self.cleaned_data
        extra = {item["name"]: data[self.item_name(item)] for item in self.items}
        return ReportValues(
            state=data["state"],
            closed_reason=data["closed_reason"] if data["state"] == ReportState.CLOSED else "",
            roster=data["roster"],
            on_post=data["on_post"],
            capacity=data["capacity"],
            obstacles=tuple(data["obstacles"]),
            supply_days=data["supply_days"],
            remark=data["remark"],
            extra={name: str(value) for name, value in extra.items() if value not in (None, "")},
        )

    def clean_seconds(self) -> int | None:
        """A page left open for days, or a device that measures nothing, is nobody's mistake to mend."""
        text = self.cleaned_data["seconds"]
        return min(int(text), _DAY) if text.isascii() and text.isdecimal() and len(text) < _LONGEST else None

    def clean_seen(self) -> int | None:
        text = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST else None

    def sending(self) -> Sending:
        """How the report came; the form must be valid."""
        data = self.cleaned_data
        return Sending(
            seconds=data["seconds"],
            client_key=data["client_key"],
            warning_reason=data["warning_reason"],
            correction_reason=data["correction_reason"],
            seen=data["seen"],
            gives_way=data["gives_way"] == "1",
        )

    def clean_client_key(self) -> UUID | None:
        return key_from(self.cleaned_data["client_key"])

    def refuse(self, errors: tuple[Finding, ...]) -> None:
        """Put the findings of the checks beside their fields."""
        for finding in errors:
            sentence = _("%(reason)s. %(mend)s.") % {"reason": finding.reason, "mend": finding.mend}
            self.add_error(finding.field if finding.field in self.fields else None, sentence)


class AlsoForm(ReportForm):
    """What another incident of the same day asks besides: only what the first one does not ask in the same words."""

    _SHARED = ("state", "roster", "on_post", "capacity", "remark", "warning_reason", "correction_reason")
    _HIDDEN = ("seconds", "client_key", "day", "seen", "gives_way", "drafted", "beside")

    def __init__(self, section: ReportSection, first: ReportSection, **arguments: Any) -> None:
        super().__init__(section, **arguments)
        same = {name for name in ("closed_reasons", "obstacles") if section.codes(name) == first.codes(name)}
        gone = [*self._SHARED, *self._HIDDEN]
        gone += ["closed_reason"] if "closed_reasons" in same else []
        gone += ["obstacles"] if "obstacles" in same else []
        gone += ["supply_days"] if section.supply_label == first.supply_label else []
        asked = {item["name"] for item in first.items}
        gone += [self.item_name(item) for item in self.items if item["name"] in asked]
        for name in gone:
            del self.fields[name]

    def values_beside(self, first: ReportValues) -> ReportValues:
        """The report for this incident: its own answers, and those given once for both. The form must be valid."""
        data = self.cleaned_data
        own = {name: data[name] for name in ("closed_reason", "supply_days") if name in data}
        if first.state != ReportState.CLOSED:
            own["closed_reason"] = ""
        if "obstacles" in data:
            own["obstacles"] = tuple(data["obstacles"])
        extra = {}
        for item in self.items:
            name = self.item_name(item)
            value = data[name] if name in data else first.extra.get(item["name"])
            if value not in (None, ""):
                extra[item["name"]] = str(value)
        return replace(first, extra=extra, **own)


class BehalfForm(ReportForm):
    """The same report as an official enters it for an enterprise, with how it was learnt and from whom."""

    means = forms.ChoiceField(label=_("Learnt by"), choices=Means.choices, initial=Means.CALL)
    told_by = forms.CharField(label=_("Told by"), max_length=100, required=False)

    def sending(self) -> Sending:
        data = self.cleaned_data
        return replace(super().sending(), channel=Channel.ON_BEHALF, means=data["means"], told_by=data["told_by"])


# Section, form and language → the section itself (so that no other takes its place in memory) and its fields.
_Asked = tuple[ReportSection, dict[str, forms.Field]]
_ASKED: dict[tuple[int, type[ReportForm], str], _Asked] = {}
_MOST_ASKED = 64


def _fields(kind: type[ReportForm], section: ReportSection) -> dict[str, forms.Field]:
    """What a form asks, made once: a playbook's version never changes, and copying the fields cost more than a report.

    Where areas ask besides, the fields are made anew each time: such questions come and go.
    """
    if section.own:
        return kind.asked(section)
    key = (id(section.content), kind, get_language() or "")
    known = _ASKED.get(key)
    if known is None or known[0].content is not section.content:
        if len(_ASKED) >= _MOST_ASKED:
            _ASKED.clear()
        known = _ASKED[key] = (section, kind.asked(section))
    return known[1]


def ids_from(text: str) -> frozenset[int]:
    """Ids as a hidden field holds them; what is none is left out."""
    return frozenset(int(word) for word in text.split() if word.isascii() and word.isdecimal() and len(word) < _LONGEST)


def key_from(text: str) -> UUID | None:
    """The key that a device made; none for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _item_field(item: Mapping[str, Any]) -> forms.Field:
    label, hint = in_language(item["label"]), in_language(item["hint"]) if item["hint"] else ""
    required = item.get("is_required", False)
    if item["type"] == "integer":
        return forms.IntegerField(
            label=label,
            help_text=hint,
            required=required,
            min_value=0,
            max_value=_MOST,
            widget=forms.TextInput(_NUMBER),
        )
    if item["type"] == "decimal":
        return forms.DecimalField(
            label=label,
            help_text=hint,
            required=required,
            min_value=0,
            max_value=_MOST,
            widget=forms.TextInput(_DECIMAL),
        )
    return forms.CharField(label=label, help_text=hint, required=required, max_length=200)


def initial_from(values: ReportValues | None) -> dict[str, Any]:
    """Yesterday's values as the form's first values; the remark is of its day and is not carried over."""
    if values is None:
        return {}
    plain = {name: getattr(values, name) for name in ("state", "closed_reason")}
    plain |= {name: shown(getattr(values, name)) for name in NUMBERS}
    extra = {f"extra_{name}": value for name, value in values.extra.items()}
    return plain | {"obstacles": list(values.obstacles)} | extra


class TotalForm(forms.Form):
    """What a body states of its area for a day."""

    scope = forms.CharField(
        label=_("Part of the economy"),
        required=False,
        max_length=200,
        help_text=_("Such as above-scale industry or building sites; empty: everything in the area."),
        widget=forms.TextInput(attrs={"list": "scopes", "autocomplete": "off"}),
    )
    enterprises = forms.IntegerField(label=_("Enterprises in all"), required=False, widget=forms.TextInput(_NUMBER))
    enterprises_open = forms.IntegerField(label=_("Enterprises open"), required=False, widget=forms.TextInput(_NUMBER))
    opening_rate = forms.CharField(
        label=_("Opening rate as given"),
        required=False,
        max_length=8,
        help_text=_("In per cent, only if the source gives one; it is held against the numbers."),
        widget=forms.TextInput(_DECIMAL),
    )
    roster = forms.IntegerField(label=_("People on the roster"), required=False, widget=forms.TextInput(_NUMBER))
    on_post = forms.IntegerField(label=_("People on post"), required=False, widget=forms.TextInput(_NUMBER))
    people_unit = forms.ChoiceField(
        label=_("Unit of the people"), choices=PeopleUnit.choices, required=False, widget=forms.RadioSelect
    )
    return_rate = forms.CharField(
        label=_("Return rate as given"), required=False, max_length=8, widget=forms.TextInput(_DECIMAL)
    )
    as_of = forms.TimeField(
        label=_("As of"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Document, number and date, or who said it.")
    )
    counting = forms.ChoiceField(
        label=_("What counts in the figures"),
        choices=[
            ("", _("As the day before; at first, where nobody reported singly")),
            ("yes", _("This total")),
            ("no", _("The single reports")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, scopes: list[str], stands: AreaTotal | None, part: str, data: Any = None) -> None:
        said = ("scope", "as_of", "source", "remark", *TOTAL_NUMBERS)
        initial = {name: getattr(stands, name) for name in said} if stands else {"scope": part}
        super().__init__(data, initial=initial | ({"counting": "yes" if stands.counts else "no"} if stands else {}))
        self.scopes = scopes

    def values(self) -> TotalValues:
        """The numbers as the checks read them; the form must be valid."""
        return TotalValues(**{name: self.cleaned_data[name] for name in TOTAL_NUMBERS})

    def counts(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["counting"])

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Put the findings beside their fields; a contradiction is stored with a remark."""
        for finding in findings:
            field = (
                "remark" if finding.kind == "warning" else "counting" if finding.field == "counts" else finding.field
            )
            words = {"reason": finding.reason, "mend": finding.mend}
            sentence = (
                _("%(reason)s. Mend it, or say in the remark why it is kept.") % words
                if finding.kind == "warning"
                else _("%(reason)s. %(mend)s.") % words
            )
            self.add_error(field if field in self.fields else None, sentence)
