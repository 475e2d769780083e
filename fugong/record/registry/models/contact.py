from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.core import constraints
from fugong.core.text import masked_phone
from fugong.record.registry.enums import ContactRole
from fugong.record.registry.models.enterprise import Enterprise


class ContactQuerySet(models.QuerySet["Contact"]):
    def standing(self) -> ContactQuerySet:
        """Without those who are no longer a contact."""
        return self.filter(ended_at__isnull=True)


class Contact(models.Model):
    """A person to call at an enterprise; there can be several. The number is shown masked and opened on the record.

    `phone`: digits, perhaps with + before and - between; "" while only the name is known. `source`: by hand, or the
    import that told it (`import:7`).
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="contacts")
    role = models.TextField(_("as"), choices=ContactRole.choices, default=ContactRole.CONTACT)
    name = models.TextField(_("name"), blank=True)
    phone = models.TextField(_("phone"), blank=True)
    source = models.TextField(_("source"), blank=True)
    entered_by_name = models.TextField(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    ended_at = models.DateTimeField(_("no longer since"), null=True, blank=True)
    ended_by_name = models.TextField(_("ended by"), blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["enterprise", "role", "pk"]
        constraints = [
            constraints.one_of(
                "contact_role_known", "role", ContactRole.values, _("This kind of contact does not exist.")
            ),
            constraints.check(
                "contact_says_something", ~Q(name="", phone=""), _("A contact needs a name or a phone number.")
            ),
            constraints.check(
                "contact_phone_is_a_number",
                Q(phone="") | Q(phone__regex=r"^\+?[0-9][0-9-]{3,19}$"),
                _("A phone number has digits, perhaps with + before and - between."),
            ),
            constraints.unique(
                "contact_once",
                "enterprise",
                "role",
                "name",
                "phone",
                message=_("This contact stands here already."),
                while_=Q(ended_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["source"], name="contact_by_source")]

    def __str__(self) -> str:
        return self.name or self.masked

    @property
    def masked(self) -> str:
        """The number as it may be shown to everybody who sees the enterprise."""
        return masked_phone(self.phone) if self.phone else ""
