from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.base.questionnaires.models.form import FormVersion
from fugong.core import constraints
from fugong.core.text import in_language, listed
from fugong.core.viewer import Viewer


class ResponseQuerySet(models.QuerySet["Response"]):
    def within(self, viewer: Viewer) -> ResponseQuerySet:
        """Those of the areas of the viewer's mandates."""
        return self if viewer.covers_root else self.filter(area_id__in=viewer.area_ids)


class Response(models.Model):
    """What somebody answered to one version of a form; never changed, and read by that version for ever.

    Whom it is about is kept by value, since this room knows no enterprise: `subject` as in the trail
    (`registry.enterprise:5`), `subject_name` and `area` as they were. `failed`: name and label of each failed check.
    `client_key`: made on the phone, stored once per form.
    """

    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="responses")
    user = models.ForeignKey(User, models.PROTECT, related_name="responses")
    user_name = models.TextField(_("by"))
    subject = models.TextField(_("about"))
    subject_name = models.TextField(_("about whom"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="responses")
    answers = models.JSONField(_("answers"))
    failed = models.JSONField(_("failed checks"), default=list)
    answered_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received at"))
    client_key = models.UUIDField(_("key made by the device"))

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers to a form")
        verbose_name_plural = _("answers to forms")
        ordering = ["-answered_at", "-pk"]
        indexes = [
            models.Index(fields=["version", "-answered_at", "-id"], name="response_by_version"),
            models.Index(fields=["area", "-answered_at"], name="response_by_area"),
        ]
        constraints = [
            constraints.unique(
                "response_once", "user", "client_key", "version", message=_("These answers were received already.")
            ),
            constraints.check(
                "response_not_before_it_was_given",
                Q(received_at__gte=F("answered_at")),
                _("Answers cannot be given after they were received."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.answered_at:%Y-%m-%d %H:%M}"

    @property
    def failed_words(self) -> str:
        """The checks that failed, in the language of the request."""
        return listed(in_language(one["label"]) for one in self.failed)
