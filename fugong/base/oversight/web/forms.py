from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why somebody needs what is otherwise kept closed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("What it is needed for. It stays on record with your name."),
        error_messages={"required": _("Reason: write what it is needed for.")},
    )
