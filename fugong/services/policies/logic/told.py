"""What an enterprise is told when a measure is there for it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from fugong.services.policies.logic.words import number_words


def told_words(title: str, amount: Decimal | None) -> str:
    """One short message; an amount only where it was worked out."""
    if amount is None:
        return _("You are entitled to: %(title)s. How to get it stands under Measures.") % {"title": title}
    said = {"title": title, "amount": number_words(amount, _("yuan"))}
    return _("You are entitled to: %(title)s, %(amount)s. How to get it stands under Measures.") % said
