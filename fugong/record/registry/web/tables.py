"""Rows of the list and facts of one enterprise, as the templates draw them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from fugong.record.registry.models import Enterprise


def _capital_words(enterprise: Enterprise) -> str:
    """3,000,000 CNY; nothing for an unknown amount."""
    if enterprise.capital_amount is None:
        return ""
    return f"{enterprise.capital_amount.normalize():,f} {enterprise.capital_currency}"


def enterprise_row(slug: str, enterprise: Enterprise) -> dict[str, Any]:
    return {
        "pk": enterprise.pk,
        "name": enterprise.name,
        "code": enterprise.code,
        "kind_label": enterprise.get_kind_display(),
        "area_name": str(enterprise.managing_area),
        "url": reverse("registry:detail", args=[slug, enterprise.pk]),
    }


def facts_of(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "name": enterprise.name,
        "code": enterprise.code,
        "kind_label": enterprise.get_kind_display(),
        "managing_area": str(enterprise.managing_area),
        "registered_area": str(enterprise.registered_area or ""),
        "established_on": enterprise.established_on,
        "registered_address": enterprise.registered_address,
        "capital_words": _capital_words(enterprise),
        "closed_on": enterprise.closed_on,
    }
