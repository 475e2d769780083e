from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.areas.models import Area
from fugong.core import constraints


class PolicyDocument(models.Model):
    """A published text with its measures. `area`: whose clerk keeps it here.

    `place_code` is the beginning of the codes of areas in which it binds; empty: everywhere. `valid_to` is its last
    day, set when a later document replaces it: its measures end with it.
    """

    code = models.TextField(_("short name"))
    number = models.TextField(_("document number"), blank=True)
    title = models.TextField(_("title"))
    issuing_body = models.TextField(_("issuing body"))
    issued_on = models.DateField(_("issued on"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    area = models.ForeignKey(Area, models.PROTECT, related_name="policy_documents", verbose_name=_("kept in"))
    place_code = models.TextField(_("binds in"), blank=True)
    full_text = models.TextField(_("full text"), blank=True)
    source = models.TextField(_("source"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by_name = models.TextField(_("entered by"))

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering = ["-issued_on", "pk"]
        constraints = [
            constraints.unique("policy_document_once", "code", message=_("This short name is taken.")),
            constraints.check(
                "policy_document_code_form",
                Q(code__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                _("A short name has small letters, digits and hyphens."),
            ),
            constraints.not_before(
                "policy_document_in_order", "issued_on", "valid_to", _("A document cannot end before it is issued.")
            ),
            constraints.check(
                "policy_document_not_own_heir",
                Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                _("A document cannot replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title
