"""The details that a kind of request asks for: checked texts in, plain JSON out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fugong.core.registries import DetailField, RequestKind

_LARGEST = 10**9


class BadDetail(ValueError):
    """Details that cannot be taken: name of the field → what is wrong and how to mend it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)


def _read(field: DetailField, text: str) -> Any:
    if field.type == "integer":
        number = int(text)
        if not 0 < number <= _LARGEST:
            raise ValueError(text)
        return number
    if field.type == "date":
        return date.fromisoformat(text).isoformat()
    return text


def clean_detail(kind: RequestKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a kind as JSON; what the kind does not ask for is left out. Raises `BadDetail`."""
    found, faults = {}, {}
    for field in kind.fields:
        text = str(given.get(field.name) or "").strip()
        if not text:
            if field.is_required:
                faults[field.name] = _("%(field)s is missing. Fill it in.") % {"field": field.label}
            continue
        try:
            found[field.name] = _read(field, text)
        except ValueError:
            sentence = {
                "integer": _("%(field)s: “%(text)s” is no whole number above zero."),
                "date": _("%(field)s: “%(text)s” is no day. Write 2020-03-24."),
            }[field.type]
            faults[field.name] = sentence % {"field": field.label, "text": text}
    if faults:
        raise BadDetail(faults)
    return found
