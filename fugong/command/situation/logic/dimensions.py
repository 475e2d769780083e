"""What the rows and columns of a crossing are called, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fugong.record.registry.enums import EnterpriseKind, SizeClass
from fugong.record.registry.logic.industries import industry_words

_UNKNOWN, _ALL = "", "*"


def dimension_label(name: str) -> str:
    return {
        "area": str(_("Area")),
        "industry": str(_("Industry")),
        "size": str(_("Size")),
        "tag": str(_("Tag")),
        "scale": str(_("Above scale")),
        "kind": str(_("Kind")),
        "": str(_("no columns")),
    }[name]


def key_label(name: str, key: str, areas: dict[str, str]) -> str:
    """One row or column. `areas`: code → name."""
    if key == _ALL:
        return str(_("Sum"))
    if key == _UNKNOWN:
        return str(_("no tag")) if name == "tag" else str(_("elsewhere")) if name == "area" else str(_("not known"))
    match name:
        case "area":
            return areas.get(key, key)
        case "industry":
            return industry_words(key)
        case "size":
            return str(SizeClass(key).label)
        case "kind":
            return str(EnterpriseKind(key).label)
        case "scale":
            return str(_("above scale")) if key == "yes" else str(_("below scale"))
    return key
