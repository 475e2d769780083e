from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints


class Seal(models.Model):
    """A link of the chain: the seal before it and the digests of the entries that it closes (`logic.seals`).

    Never changes: a trigger refuses UPDATE, DELETE and TRUNCATE.
    """

    sealed_at = models.DateTimeField(_("sealed at"))
    entries = models.IntegerField(_("entries"))
    # Number and digest of each entry, one after the other: a seal that is broken names the entry.
    members = models.BinaryField(_("members"))
    previous = models.TextField(_("seal before"))
    digest = models.TextField(_("seal"))

    class Meta:
        db_table = "audit_seal"
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["pk"]
        indexes = [models.Index(fields=["sealed_at", "id"], name="audit_seal_by_moment")]
        constraints = [
            constraints.unique(
                "audit_seal_chain_has_no_fork", "previous", message=_("Another seal follows the same one already.")
            ),
            constraints.check("audit_seal_closes_entries", Q(entries__gt=0), _("A seal closes at least one entry.")),
        ]

    def __str__(self) -> str:
        return self.digest[:16]


class Unsealed(models.Model):
    """An entry that waits for its seal. A trigger writes it with the entry; the sealer takes it away.

    So an entry is sealed after its transaction has committed, however long that took, and none is passed over.
    """

    entry_id = models.BigIntegerField(_("entry"), primary_key=True)

    class Meta:
        db_table = "audit_unsealed"
        verbose_name = _("unsealed entry")
        verbose_name_plural = _("unsealed entries")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.entry_id)
