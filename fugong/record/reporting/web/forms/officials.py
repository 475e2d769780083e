"""Forms of officials about the reports of their areas: times, locks, further questions."""

from __future__ import annotations

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from fugong.record.reporting.models import AreaItem

_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class TimesForm(forms.Form):
    """By when an area reports from a day on, and when its days lock by themselves."""

    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    due_time = forms.TimeField(label=_("Due at"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    expires_hours = forms.IntegerField(
        label=_("Hours until the lock"),
        required=False,
        min_value=0,
        max_value=744,
        help_text=_("Hours after the due time; empty: the day does not lock by itself."),
        widget=forms.TextInput(_NUMBER),
    )
    quiet_hours = forms.IntegerField(
        label=_("Hours between reminders"),
        required=False,
        min_value=1,
        max_value=168,
        help_text=_("Nobody is reminded again within them; empty: 4 hours, or what the area above set."),
        widget=forms.TextInput(_NUMBER),
    )
    source = forms.CharField(label=_("Source document"), max_length=300)


class ItemForm(forms.ModelForm):
    """A further question of an area."""

    class Meta:
        model = AreaItem
        fields = (
            "label_zh", "label_en", "name", "type", "unit", "is_required", "valid_from", "valid_to", "source",
        )  # fmt: skip
        labels = {"name": _("Short name")}
        help_texts = {
            "name": _("Small letters, digits, hyphens; files and the interface use it behind the area's code."),
            "is_required": _("Without it the report is refused."),
            "valid_to": _("Empty: until somebody ends it."),
        }
        widgets = {
            **dict.fromkeys(("label_zh", "label_en", "unit", "source"), forms.TextInput),
            **{name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in ("valid_from", "valid_to")},
        }

    def _post_clean(self) -> None:
        """The action judges the question; the form only reads it."""

    def refuse(self, error: ValidationError) -> None:
        """Put what the action says beside the fields; what concerns no field of the form stands above."""
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for field, texts in found.items():
            for text in texts:
                self.add_error(field if field in self.fields else None, text)


class LockForm(forms.Form):
    """Close a day for the area."""

    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class OpenForm(forms.Form):
    """Open a locked or past day for one enterprise, or for the area, until a moment."""

    enterprise = forms.CharField(
        label=_("Credit code of the enterprise"),
        max_length=40,
        required=False,
        help_text=_("Empty: for the whole area above."),
    )
    until = forms.DateTimeField(
        label=_("Open until"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
