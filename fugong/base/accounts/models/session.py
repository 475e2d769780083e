from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models.user import User
from fugong.core import constraints


class SignIn(models.Model):
    """A person signed in on a device. While `session_key` is a living session, the person is still in there.

    `device` is a short description of the browser, `address` the network address; times are the machine's own.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="sign_ins")
    session_key = models.TextField(_("session"))
    device = models.TextField(_("device"))
    address = models.TextField(_("address"))
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-id"], name="sign_in_by_user")]
        constraints = [
            constraints.unique("sign_in_once_per_session", "session_key", message=_("This session is known already.")),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at}"
