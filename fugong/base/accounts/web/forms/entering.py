from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fugong.base.accounts.actions.refusals import note_wrong_factor
from fugong.base.accounts.actions.throttle import Limit, count_attempt, forget_attempts
from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.logic.secrets import PIN_LENGTH, keyed
from fugong.base.accounts.models import User
from fugong.core.viewer import service_viewer

_DOOR = service_viewer("sign-in")
_FACTOR = Limit(5, timedelta(minutes=15))
_ONCE = Limit(1, timedelta(minutes=2))
_LONGEST = 200
# Of a new password: long enough for a sentence, short enough that hashing it costs nobody anything.
_LONGEST_NEW = 128


def waiting_words(wait: timedelta) -> str:
    """Why nobody gets in now, and what to do."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return ngettext(
        "Too many wrong attempts. Wait %(count)d minute, or have the account unlocked where it was opened.",
        "Too many wrong attempts. Wait %(count)d minutes, or have the account unlocked where it was opened.",
        minutes,
    ) % {"count": minutes}


class LoginForm(forms.Form):
    """Account or phone, with password or PIN. Which fits is found out by the action; the form only reads."""

    login = forms.CharField(label=gettext_lazy("Account or phone"), max_length=_LONGEST)
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=_LONGEST, strip=False, widget=forms.PasswordInput
    )

    def __init__(self, *args: Any, with_pin: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_pin:
            self.fields["login"].label = _("Phone or account")
            self.fields["password"].label = _("PIN (6 digits)")


class CodeForm(forms.Form):
    """A one-time code from a sheet or from an official."""

    code = forms.CharField(
        label=gettext_lazy("One-time code"), max_length=_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class SecretForm(forms.Form):
    """A new password or PIN, twice; with the old one where the person has chosen one before."""

    old = forms.CharField(
        label=gettext_lazy("Present password"), strip=False, max_length=_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("New password"), strip=False, max_length=_LONGEST_NEW,
        help_text=gettext_lazy("At least 12 characters, no common word. Three or four unrelated words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The same again"), strip=False, max_length=_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, asks_old: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not asks_old:
            del self.fields["old"]
        if user.secret_kind == SecretKind.PIN:
            self._ask_for_pin()

    def _ask_for_pin(self) -> None:
        for name, label in (
            ("old", _("Present PIN")),
            ("secret", _("New PIN (6 digits)")),
            ("again", _("The same again")),
        ):
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].widget.attrs |= {"inputmode": "numeric", "maxlength": PIN_LENGTH}
        self.fields["secret"].help_text = _("No run, no repetition, not the end of your phone number.")

    def clean_secret(self) -> str:
        secret = self.cleaned_data["secret"]
        self.user.judge_secret(secret)
        return str(secret)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "secret" in cleaned and cleaned.get("again") != cleaned["secret"]:
            self.add_error("again", _("The two differ. Type the same twice."))
        return cleaned


class FactorForm(AuthenticateForm):  # type: ignore[misc]
    """Six digits of the authenticator, or a recovery code. Five attempts, for all processes; a code works once."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        wait = count_attempt(actor=_DOOR, key=f"factor {self.user.pk}", limit=_FACTOR)
        if wait:
            raise ValidationError(waiting_words(wait))
        digits = "".join(self.cleaned_data["code"].split())
        self.cleaned_data["code"] = digits
        try:
            code = str(super().clean_code())
        except ValidationError as error:
            note_wrong_factor(actor=_DOOR, user=self.user)
            raise ValidationError(
                _("This code does not fit. Type the one that is shown now; it changes every 30 seconds.")
            ) from error
        used = f"factor used {keyed(settings.SECRET_KEY, f'factor {self.user.pk}', code)}"
        if count_attempt(actor=_DOOR, key=used, limit=_ONCE):
            note_wrong_factor(actor=_DOOR, user=self.user)
            raise ValidationError(_("This code was used already. Wait for the next one."))
        forget_attempts(actor=_DOOR, keys=[f"factor {self.user.pk}"])
        return code


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Phone number"), max_length=_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip


class DigitsForm(forms.Form):
    digits = forms.CharField(
        label=gettext_lazy("Code from the short message"), max_length=_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class ActivateForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code that the authenticator shows"), max_length=_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class OldSecretForm(forms.Form):
    """The present password or PIN, before something is changed that guards the account."""

    old = forms.CharField(
        label=gettext_lazy("Present password"), strip=False, max_length=_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.secret_kind == SecretKind.PIN:
            self.fields["old"].label = _("Present PIN")
