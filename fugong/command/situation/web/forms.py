"""What a figure means, typed by those who state it; checked by the action as a playbook's file is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fugong.command.situation.logic.figures import BASES, PLACES, TEXTS, Indicator
from fugong.core import clock
from fugong.core.registries import metrics
from fugong.record.registry.enums import EnterpriseKind, SizeClass

_DAY = {"type": "date"}
_LANGUAGES = ("zh", "en")
_LABELS = {
    ("name", "zh"): _("Name, in Chinese"),
    ("name", "en"): _("Name, in English"),
    ("numerator", "zh"): _("Numerator, in Chinese"),
    ("numerator", "en"): _("Numerator, in English"),
    ("denominator", "zh"): _("Denominator, in Chinese"),
    ("denominator", "en"): _("Denominator, in English"),
    ("columns", "zh"): _("Both in short, in Chinese"),
    ("columns", "en"): _("Both in short, in English"),
    ("definition", "zh"): _("Definition, in Chinese"),
    ("definition", "en"): _("Definition, in English"),
}
_METRICS = {
    "opening": _("enterprises open"),
    "return": _("people on post"),
    "capacity": _("capacity used"),
    "reporting": _("enterprises reported"),
    "asking": _("minutes asked"),
}
_BASES = {
    "roster": _("of the day itself"),
    "normal": _("headcount on the eve of the incident"),
    "last_year": _("headcount on the same day a year before"),
}
_SCALES = {"": _("all"), "yes": _("above scale only"), "no": _("below scale only")}


def _listed(text: str) -> list[str]:
    return [part for part in re.split(r"[,，、;；\s]+", text) if part]


class _Dated(forms.Form):
    """What every statement has: the day from which it holds."""

    valid_from = forms.DateField(label=_("Holds from"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, day: date | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"valid_from": day or clock.today()} | (initial or {}))

    def refuse(self, error: ValidationError) -> None:
        """Put what the action refused beside its fields."""
        keyed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for key, sentences in keyed.items():
            for sentence in sentences:
                self.add_error(self._field_of(key), sentence)

    def _field_of(self, key: str) -> str | None:
        names: Iterable[str] = (key, f"{key}_zh")
        return next((name for name in names if name in self.fields), None)


class TargetForm(_Dated):
    """What a figure is to reach in the scope's area."""

    value = forms.DecimalField(
        label=_("Target"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=4,
        help_text=_("In the unit of the figure; empty: the target ends on this day."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    source = forms.CharField(
        label=_("Source document"), max_length=300, help_text=_("Title and number, or the meeting.")
    )

    field_order = ["value", "valid_from", "source"]


class EndForm(_Dated):
    """A figure leaves the board."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class DefinitionForm(_Dated):
    """A figure of the incident: added, or changed from a day on."""

    code = forms.CharField(
        label=_("Code"), max_length=50, help_text=_("Lower-case letters, digits, hyphens and underscores.")
    )
    metric = forms.ChoiceField(label=_("What is counted"))
    base = forms.ChoiceField(label=_("Base"), choices=[(name, _BASES[name]) for name in BASES])
    places = forms.TypedChoiceField(label=_("Decimals"), coerce=int, choices=[(n, str(n)) for n in PLACES])
    as_of = forms.TimeField(
        label=_("As of"),
        required=False,
        help_text=_("Reports after this hour are later corrections; empty: the whole day."),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    above_scale = forms.ChoiceField(label=_("Scale"), required=False, choices=list(_SCALES.items()))
    industries = forms.CharField(
        label=_("Industries"),
        required=False,
        max_length=300,
        help_text=_("Sections (C) or codes (17), parted by commas."),
    )
    sizes = forms.MultipleChoiceField(
        label=_("Sizes"), required=False, choices=SizeClass.choices, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), required=False, choices=EnterpriseKind.choices, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.CharField(label=_("Tags"), required=False, max_length=300, help_text=_("Parted by commas."))
    totals = forms.CharField(
        label=_("Totals that count here"),
        required=False,
        max_length=200,
        help_text=_("The part of the economy as bodies name it in their totals."),
    )
    left_out_tags = forms.CharField(
        label=_("Leaves out those with the tag"), required=False, max_length=300, help_text=_("Parted by commas.")
    )
    left_out_because = forms.CharField(label=_("Because"), required=False, max_length=200)
    reason = forms.CharField(
        label=_("Why the definition is needed"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, like: Indicator | None = None, day: date | None = None) -> None:
        self.like = like
        super().__init__(data, day=day, initial=_initial(like) if like else {})
        # Under another code it would be another figure, beside this one.
        self.fields["code"].disabled = like is not None
        self.fields["metric"] = forms.ChoiceField(
            label=_("What is counted"), choices=[(name, _METRICS.get(name, name)) for name in metrics]
        )
        for name in TEXTS:
            for language in _LANGUAGES:
                widget = forms.Textarea(attrs={"rows": 2}) if name == "definition" else forms.TextInput()
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=_LABELS[name, language], max_length=500, widget=widget
                )
        texts = [f"{name}_{language}" for name in TEXTS for language in _LANGUAGES]
        self.order_fields(
            ["code", *texts[:2], "metric", "base", "places", "as_of", "above_scale", "industries", "sizes", "kinds",
             "tags", "totals", "left_out_tags", "left_out_because", *texts[2:], "valid_from", "reason"]
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("left_out_tags") and not data.get("left_out_because"):
            self.add_error("left_out_because", _("Say why they are left out."))
        return data

    def content(self) -> dict[str, Any]:
        """The definition as the action takes it; what the form has no field for stays as in the one it began from."""
        data = self.cleaned_data
        kept = {name: self.like.content[name] for name in ("sentence", "board", "targets")
                if self.like is not None and name in self.like.content}  # fmt: skip
        scope = {
            name: value
            for name, value in (
                ("industries", [code.upper() for code in _listed(data["industries"])]),
                ("sizes", data["sizes"]),
                ("kinds", data["kinds"]),
                ("tags", _listed(data["tags"])),
            )
            if value
        }
        if self.like is not None and "areas" in self.like.content.get("scope", {}):
            scope["areas"] = self.like.content["scope"]["areas"]
        if data["above_scale"]:
            scope["above_scale"] = data["above_scale"] == "yes"
        content: dict[str, Any] = kept | {
            "code": data["code"],
            "metric": data["metric"],
            "places": data["places"],
            "base": data["base"],
            **{name: {language: data[f"{name}_{language}"] for language in _LANGUAGES} for name in TEXTS},
        }
        if scope:
            content["scope"] = scope
        if data["as_of"]:
            content["as_of"] = f"{data['as_of']:%H:%M}"
        if data["totals"]:
            content["totals"] = data["totals"]
        exclusions = self._exclusions()
        if exclusions:
            content["exclusions"] = exclusions
        return content

    def _exclusions(self) -> list[dict[str, Any]]:
        """Untouched they stay word for word, several of them and in two languages."""
        data = self.cleaned_data
        if self.like is not None and not {"left_out_tags", "left_out_because"} & set(self.changed_data):
            return list(self.like.content.get("exclusions", []))
        exclusions = _kept_exclusions(self.like)
        if data["left_out_tags"]:
            because = data["left_out_because"]
            exclusions.append({"tags": _listed(data["left_out_tags"]), "reason": {"zh": because, "en": because}})
        return exclusions


def _only_tags(exclusion: dict[str, Any]) -> bool:
    return set(exclusion) == {"tags", "reason"}


def _kept_exclusions(like: Indicator | None) -> list[dict[str, Any]]:
    """The exclusions by other traits than tags, for which the form has no field."""
    return [item for item in like.content.get("exclusions", []) if not _only_tags(item)] if like is not None else []


def _initial(like: Indicator) -> dict[str, Any]:
    content, scope = like.content, like.content.get("scope", {})
    by_tags = [item for item in content.get("exclusions", []) if _only_tags(item)]
    texts = {f"{name}_{language}": content[name].get(language, "") for name in TEXTS for language in _LANGUAGES}
    above = scope.get("above_scale")
    return texts | {
        "code": like.code,
        "metric": like.metric,
        "base": like.base,
        "places": like.places,
        "as_of": content.get("as_of", ""),
        "above_scale": "" if above is None else "yes" if above else "no",
        "industries": ", ".join(scope.get("industries", [])),
        "sizes": scope.get("sizes", []),
        "kinds": scope.get("kinds", []),
        "tags": ", ".join(scope.get("tags", [])),
        "totals": content.get("totals", ""),
        "left_out_tags": ", ".join(tag for item in by_tags for tag in item["tags"]),
        "left_out_because": by_tags[0]["reason"].get("zh", "") if by_tags else "",
    }
