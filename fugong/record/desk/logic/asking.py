"""The form that asks, for the pages of every room that takes requests: the phone, the hotline, the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fugong.core.registries import RequestKind, request_kinds
from fugong.record.desk.logic.details import BadDetail
from fugong.record.desk.logic.section import DeskSection, NobodyToTurnTo

Made = TypeVar("Made")


def _grouped(section: DeskSection) -> list[tuple[str, Any]]:
    """The categories as choices: the second level under the first; a first one without any stands alone."""
    top = [item for item in section.categories if not item.parent]
    below = {item.code: [one for one in section.categories if one.parent == item.code] for item in top}
    return [
        (item.label, [(one.code, one.label) for one in below[item.code]])
        if below[item.code]
        else (item.code, item.label)
        for item in top
    ]


class AskForm(forms.Form):
    """What is asked for. Details that only one kind of request needs stand at the end."""

    category = forms.ChoiceField(label=_("What is it about?"))
    title = forms.CharField(
        label=_("In a few words"), max_length=80, help_text=_("For instance: 20 grinders short; no truck to Henan.")
    )
    text = forms.CharField(
        label=_("More, if it helps"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    people_waiting = forms.IntegerField(
        label=_("People held up by it"), min_value=0, max_value=1_000_000, required=False, initial=None
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, section: DeskSection, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [("", _("Choose …")), *_grouped(section)]
        self.section = section
        self.initial.setdefault("key", uuid4())
        for kind in request_kinds.values():
            self._ask_details(kind)

    def _ask_details(self, kind: RequestKind) -> None:
        for field in kind.fields:
            maker = {"integer": forms.IntegerField, "date": forms.DateField, "text": forms.CharField}[field.type]
            self.fields[f"{kind.name}-{field.name}"] = maker(
                label=field.label, required=False, help_text=_("Only for: %(kind)s") % {"kind": kind.label}
            )

    def clean_people_waiting(self) -> int:
        return self.cleaned_data["people_waiting"] or 0

    def detail(self) -> dict[str, Any]:
        """The details of the kind that the chosen category is of."""
        category = self.section.category(self.cleaned_data["category"])
        prefix = f"{category.kind if category else ''}-"
        return {
            name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if name.startswith(prefix)
        }

    def sent(self, send: Callable[[], Made]) -> Made | None:
        """The request that was made; None when it was refused, with each reason beside its field."""
        try:
            return send()
        except BadDetail as error:
            category = self.section.category(self.cleaned_data["category"])
            for name, fault in error.faults.items():
                self.add_error(f"{category.kind}-{name}" if category else None, fault)
        except ValidationError as error:
            self.add_error(None, error.messages)
        except NobodyToTurnTo:
            self.add_error(None, _("No body is set up that could take it. An administrator sets one up first."))
        return None
