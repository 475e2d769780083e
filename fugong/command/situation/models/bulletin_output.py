from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.command.situation.enums import OutputForm, OutputState
from fugong.command.situation.models.bulletin import Bulletin
from fugong.core import constraints


class BulletinOutput(models.Model):
    """What a job makes of a bulletin for somebody: a file of it, or the list of its later corrections.

    `made_of` tells which text and figures went into it, so that a file is never older than what it is taken for.
    """

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="outputs")
    form = models.TextField(_("form"), choices=OutputForm.choices)
    actor = models.ForeignKey(User, models.PROTECT, related_name="bulletin_outputs")
    state = models.TextField(_("state"), choices=OutputState.choices, default=OutputState.WAITING)
    made_of = models.TextField(_("made of"))
    language = models.TextField(_("language"))
    failed = models.TextField(_("why it failed"), blank=True)
    asked_at = models.DateTimeField(_("asked for at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("output of a bulletin")
        verbose_name_plural = _("outputs of bulletins")
        ordering = ["-pk"]
        constraints = [
            constraints.one_of(
                "bulletin_output_form_known", "form", OutputForm.values, _("A bulletin does not come in this form.")
            ),
            constraints.one_of(
                "bulletin_output_state_known", "state", OutputState.values, _("This state does not exist.")
            ),
            constraints.check(
                "bulletin_output_finished_is_dated",
                Q(state=OutputState.WAITING, finished_at__isnull=True)
                | (~Q(state=OutputState.WAITING) & Q(finished_at__isnull=False)),
                _("What is finished needs the time at which it was."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.form} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == OutputState.WAITING

    @property
    def is_ready(self) -> bool:
        return self.state == OutputState.READY

    @property
    def file_name(self) -> str:
        """Where it lies among the kept files."""
        return f"bulletins/{self.pk}.{'json' if self.form == OutputForm.CHANGES else self.form}"
