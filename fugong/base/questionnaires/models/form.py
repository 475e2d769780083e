from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints
from fugong.core.text import in_language


class Form(models.Model):
    """A form by its code (`form_id` of its XLSForm). `area`: whose form it is; None: the whole place's.

    A form of an area is asked in every visit there while `is_asked`; of the whole place's the playbook says so.
    """

    code = models.SlugField(_("code"), unique=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="forms")
    is_asked = models.BooleanField(_("asked in visits of its area"), default=True)

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class FormVersion(models.Model):
    """What a form asked from its loading until the next version. Never changed: answers point at it.

    `content` is the compiled definition (`logic/xlsform.py`), `digest` its SHA-256; `file_sha256` names the .xlsx as it
    came, kept as evidence.
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.IntegerField(_("version"))
    title = models.JSONField(_("title"))
    content = models.JSONField(_("content"))
    digest = models.TextField(_("SHA-256 of the content"))
    file_sha256 = models.TextField(_("SHA-256 of the file"))
    file_name = models.TextField(_("file"))
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by_name = models.TextField(_("loaded by"))

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering = ["form", "-number"]
        constraints = [
            constraints.unique("form_version_once", "form", "number", message=_("This version exists already.")),
            constraints.check("form_version_from_one", Q(number__gte=1), _("Versions are counted from one.")),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"

    @property
    def label(self) -> str:
        """The title in the language of the request."""
        return in_language(self.title)

    @property
    def questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.content["questions"]
        return found
