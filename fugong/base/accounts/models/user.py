from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.enums import SecretKind
from fugong.base.accounts.logic import secrets
from fugong.base.areas.models import Area
from fugong.core import constraints


class UserManager(BaseUserManager["User"]):
    pass


class User(AbstractBaseUser):
    """A person who signs in. What the person may do comes from mandates and grants, never from flags here.

    `area`: whose administrator looks after the account. `secret_kind`: what the person types beside the account, held
    hashed in `password`. `must_change`: the secret was chosen by somebody else. `left_at`: everything ended then.
    """

    username = models.TextField(_("account"), unique=True)
    name = models.TextField(_("name"))
    phone = models.TextField(_("phone"), blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="accounts")
    secret_kind = models.TextField(_("kind of secret"), choices=SecretKind.choices, default=SecretKind.PASSWORD)
    must_change = models.BooleanField(_("must choose a new secret"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = [models.Index(fields=["phone"], name="user_by_phone", condition=~Q(phone=""))]
        constraints = [
            constraints.check(
                "user_username_plain",
                Q(username__regex=r"^[a-z0-9][a-z0-9._-]{1,63}$"),
                _("An account is 2 to 64 lower-case letters, digits, dots, hyphens or underscores."),
            ),
            constraints.one_of(
                "user_secret_kind_known", "secret_kind", SecretKind.values, _("This kind of secret does not exist.")
            ),
            constraints.check(
                "user_who_left_is_inactive",
                Q(left_at__isnull=True) | Q(is_active=False),
                _("Who has left cannot sign in."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def _as_hashed(self, secret: str) -> str:
        """What the password hasher gets: a PIN is keyed first, so that a stolen table of hashes is not enough."""
        if self.secret_kind == SecretKind.PIN:
            return secrets.keyed(settings.SECRET_KEY, f"pin {self.pk}", secret)
        return secret

    def choose_secret(self, secret: str) -> None:
        """Take a password or PIN; not saved. Raises `ValidationError` as `judge_secret` does."""
        self.judge_secret(secret)
        self.set_password(self._as_hashed(secret))
        self.must_change = False

    def has_secret(self, secret: str) -> bool:
        """Whether this is the person's password or PIN."""
        return self.check_password(self._as_hashed(secret))

    def judge_secret(self, secret: str) -> None:
        """Raises `ValidationError` for a password or PIN that others would guess, or that is the old one."""
        if self.secret_kind == SecretKind.PASSWORD:
            validate_password(secret, self)
        elif not secrets.is_pin(secret):
            raise ValidationError(_("A PIN is 6 digits."))
        elif secrets.is_guessable(secret, self.phone):
            raise ValidationError(
                _("Others try this one first: choose no run, no repetition, not the end of your number.")
            )
        if self.has_usable_password() and self.has_secret(secret):
            raise ValidationError(_("This is the old one. Choose another."))
