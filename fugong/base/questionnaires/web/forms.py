from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area

_SALT = "questionnaires.load"


class LoadForm(forms.Form):
    """An XLSForm, and whose form it is if it is a new one. `areas`: those for which the person may load forms."""

    file = forms.FileField(
        label=_("Form"),
        help_text=_("An .xlsx with the sheets survey, choices and settings, as ODK and Kobo use it."),
        error_messages={"required": _("Choose the file.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    area = forms.ChoiceField(
        label=_("Whose form, if it is a new one"), help_text=_("A further version belongs to whom the form belongs.")
    )

    def __init__(self, areas: list[Area | None], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self._areas = {str(area.pk) if area else "": area for area in areas}
        self.fields["area"].required = "" not in self._areas
        self.fields["area"].choices = [
            (pk, str(area) if area else _("the whole place")) for pk, area in self._areas.items()
        ]

    def area_id(self) -> int | None:
        """Of a valid form: the chosen area; None: the whole place."""
        area = self._areas[self.cleaned_data["area"]]
        return area.pk if area else None


class ConfirmForm(forms.Form):
    """What was checked and is now to be kept: the file by its hash, signed, so that nobody names another one."""

    checked = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def sealed(sha256: str, name: str, area_id: int | None, is_new: bool) -> str:
        return signing.dumps([sha256, name, area_id, is_new], salt=_SALT)

    def clean_checked(self) -> list[Any]:
        try:
            found: list[Any] = signing.loads(self.cleaned_data["checked"], salt=_SALT, max_age=24 * 60 * 60)
        except signing.BadSignature:
            raise forms.ValidationError(_("The check is more than a day old. Send the file again.")) from None
        return found
