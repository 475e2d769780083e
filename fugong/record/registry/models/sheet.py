from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.record.registry.enums import SheetState


class AccessSheet(models.Model):
    """A printed sheet for an area: a card for each enterprise, with a QR code and a one-time code.

    The codes stand in the file alone, which is deleted when they are too old or taken back. `base_url`: the address of
    the site as the asking browser saw it, for the QR codes.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="access_sheets")
    actor = models.ForeignKey(User, models.PROTECT, related_name="access_sheets")
    everybody = models.BooleanField(_("also those who have signed in already"), default=False)
    base_url = models.TextField(_("address of the site"))
    language = models.TextField(_("language"))
    state = models.TextField(_("state"), choices=SheetState.choices, default=SheetState.WAITING)
    cards = models.PositiveIntegerField(_("cards"), default=0)
    asked_at = models.DateTimeField(_("asked for at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    codes_until = models.DateTimeField(_("codes valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("sheet of codes")
        verbose_name_plural = _("sheets of codes")
        ordering = ["-pk"]
        constraints = [
            constraints.one_of("sheet_state_known", "state", SheetState.values, _("This state does not exist.")),
            constraints.check(
                "sheet_finished_is_dated",
                Q(state=SheetState.WAITING) | Q(finished_at__isnull=False),
                _("A sheet that is finished needs the time at which it was."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def file_name(self) -> str:
        """Where the PDF lies among the kept files."""
        return f"sheets/{self.pk}.pdf"
