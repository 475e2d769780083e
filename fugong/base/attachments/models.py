from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints


class Attachment(models.Model):
    """A stored picture (JPEG). `sha256` of the stored bytes in hexadecimal names its file; `size` in bytes, `width` and
    `height` in pixels. The same picture twice is one.
    """

    sha256 = models.TextField(_("hash"))
    size = models.IntegerField(_("bytes"))
    width = models.IntegerField(_("width"))
    height = models.IntegerField(_("height"))
    kept_at = models.DateTimeField(_("kept at"))
    kept_by_name = models.TextField(_("kept by"))

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["pk"]
        constraints = [
            constraints.unique("attachment_once", "sha256", message=_("This picture is kept already.")),
            constraints.check(
                "attachment_has_hash", Q(sha256__regex=r"^[0-9a-f]{64}$"), _("A hash has 64 hexadecimal digits.")
            ),
            constraints.check(
                "attachment_not_empty", Q(size__gt=0, width__gt=0, height__gt=0), _("The picture is empty.")
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
