from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints


class UserManager(BaseUserManager["User"]):
    pass


class User(AbstractBaseUser):
    """A person who signs in. What the person may do comes from mandates and grants, never from flags here."""

    username = models.TextField(_("account"), unique=True)
    name = models.TextField(_("name"))
    phone = models.TextField(_("phone"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            constraints.check(
                "user_username_plain",
                Q(username__regex=r"^[a-z0-9][a-z0-9._-]{1,63}$"),
                _("An account is 2 to 64 lower-case letters, digits, dots, hyphens or underscores."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
