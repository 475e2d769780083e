from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.jobs import defer
from fugong.core.viewer import Viewer
from fugong.services.policies import permissions
from fugong.services.policies.enums import VersionState
from fugong.services.policies.logic.files import Catalogue, ReadDocument, ReadVersion
from fugong.services.policies.logic.searching import searchable
from fugong.services.policies.models import Measure, MeasureVersion, PolicyDocument


@dataclass(slots=True)
class Loaded:
    """How many documents and versions of measures were new, changed, or stood there already."""

    documents: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0


@transaction.atomic
def load_catalogue(*, actor: Viewer, catalogue: Catalogue, area: Area, source: str, is_matched: bool = True) -> Loaded:
    """Bring documents and measures in and publish them; what stands there already is corrected to what the files say.

    Measures that were written by hand under another short name stay as they are. What is new or changed is matched with
    the enterprises by a job, all of it at once; `is_matched` is False where the caller does it. All or nothing. Raises
    `ValidationError` naming the entry.
    """
    permissions.can_keep_measures(actor, area.pk).require()
    loaded = Loaded()
    documents: dict[str, PolicyDocument] = {}
    for read in catalogue.documents:
        documents[read.code] = _document(actor, read, area, documents, loaded)
    for version in catalogue.versions:
        _version(actor, version, documents[version.document], area, loaded)
    record(
        actor=actor,
        verb="policies.catalogue.loaded",
        subject=f"areas.area:{area.pk}",
        area_id=area.pk,
        detail={"file": source, "new": loaded.new, "changed": loaded.changed, "same": loaded.same},
    )
    if is_matched and (loaded.documents or loaded.new or loaded.changed):
        defer("policies.match", version_id=None)
    return loaded


def _set(row: Any, values: dict[str, Any]) -> bool:
    """Whether any of the values is another one than before."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _checked(row: Any, name: str) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValidationError(f"{name}: {' '.join(error.messages)}") from error
    row.save()


def _document(
    actor: Viewer, read: ReadDocument, area: Area, documents: dict[str, PolicyDocument], loaded: Loaded
) -> PolicyDocument:
    found = PolicyDocument.objects.filter(code=read.code).first()
    row = found or PolicyDocument(code=read.code, area=area, entered_at=clock.now(), entered_by_name=actor.name)
    older = None
    if read.replaces:
        older = documents.get(read.replaces) or PolicyDocument.objects.filter(code=read.replaces).first()
        if older is None:
            message = _("%(code)s replaces %(older)s, which is not known.")
            raise ValidationError(message % {"code": read.code, "older": read.replaces})
    changed = _set(
        row,
        {
            "number": read.number,
            "title": read.title,
            "issuing_body": read.body,
            "issued_on": read.issued_on,
            "valid_to": read.valid_to,
            "replaces": older,
            "place_code": read.place,
            "source": read.source,
            "full_text": read.full_text,
        },
    )
    if found is None or changed:
        _checked(row, read.code)
        loaded.documents += 1
    return row


def _version(actor: Viewer, read: ReadVersion, document: PolicyDocument, area: Area, loaded: Loaded) -> None:
    measure = Measure.objects.filter(code=read.code).first() or Measure(code=read.code, area=area)
    renamed = _set(measure, {"title": read.title, "title_en": read.title_en, "aspect": read.aspect.value})
    if renamed or measure.pk is None:
        _checked(measure, read.code)
    found = MeasureVersion.objects.published().filter(measure=measure, valid_from=read.valid_from).first()
    row = found or MeasureVersion(
        measure=measure,
        document=document,
        valid_from=read.valid_from,
        entered_at=clock.now(),
        entered_by_name=actor.name,
    )
    changed = _set(
        row,
        {
            "document": document,
            "valid_to": read.valid_to,
            "deadline_on": read.deadline_on,
            "competent_body": read.body,
            "text_state": read.text_state.value,
            "how": read.how,
            "plain": read.plain,
            "plain_en": read.plain_en,
            "rule": read.rule,
            "words": searchable(
                measure.title,
                measure.title_en,
                document.number,
                document.title,
                document.issuing_body,
                document.full_text,
                read.plain,
                read.how,
                read.body,
            ),
        },
    )
    if found is None:
        row.state, row.published_at, row.published_by_name = VersionState.PUBLISHED, clock.now(), actor.name
    if found is None or changed or renamed:
        _checked(row, f"{read.code} {read.valid_from}")
    if found is None:
        loaded.new += 1
    elif changed or renamed:
        loaded.changed += 1
    else:
        loaded.same += 1
