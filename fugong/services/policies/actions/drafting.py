from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.areas.models import Area
from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.viewer import Viewer
from fugong.services.policies import permissions
from fugong.services.policies.enums import TextState
from fugong.services.policies.logic.drafting import place_of
from fugong.services.policies.logic.parsing import BadRule, read_rule
from fugong.services.policies.logic.searching import searchable
from fugong.services.policies.models import Measure, MeasureVersion, PolicyDocument


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that stands in the catalogue with its first measure."""

    title: str
    number: str
    issuing_body: str
    issued_on: date
    source: str


@dataclass(frozen=True, slots=True)
class MeasureText:
    """What a new measure says besides its rule."""

    title: str
    title_en: str
    aspect: str
    competent_body: str
    valid_from: date
    valid_to: date | None = None
    deadline_on: date | None = None
    plain: str = ""
    how: str = ""


@transaction.atomic
def draft_measure(
    *, actor: Viewer, area: Area, document: PolicyDocument | NewDocument, text: MeasureText, rule: dict[str, Any]
) -> MeasureVersion:
    """Keep a draft: it decides nothing and nobody is told before it is published.

    A document that stands there already gives its own area. Raises `ValidationError` naming the place of a fault.
    """
    permissions.can_keep_measures(actor, area.pk).require()
    try:
        read_rule(rule)
    except BadRule as error:
        raise ValidationError(str(error)) from error
    if isinstance(document, NewDocument):
        document = _new_document(actor, area, document)
    permissions.can_keep_measures(actor, document.area_id).require()
    measure = _measure(document, text)
    version = _version(actor, measure, document, text, rule)
    version.full_clean()
    version.save()
    record(
        actor=actor,
        verb="policies.version.drafted",
        subject=f"policies.measure:{measure.pk}",
        area_id=measure.area_id,
        detail={"version": version.pk, "from": version.valid_from.isoformat()},
    )
    return version


def _measure(document: PolicyDocument, text: MeasureText) -> Measure:
    """A new measure of the document's area."""
    measure = Measure(
        code=f"m-{uuid4().hex[:10]}",
        title=text.title,
        title_en=text.title_en,
        aspect=text.aspect,
        area=document.area,
    )
    measure.full_clean()
    measure.save()
    return measure


def _version(
    actor: Viewer, measure: Measure, document: PolicyDocument, text: MeasureText, rule: dict[str, Any]
) -> MeasureVersion:
    return MeasureVersion(
        measure=measure,
        document=document,
        valid_from=text.valid_from,
        valid_to=text.valid_to,
        deadline_on=text.deadline_on,
        competent_body=text.competent_body,
        text_state=TextState.FULL,
        plain=text.plain,
        how=text.how,
        rule=rule,
        words=searchable(
            measure.title,
            measure.title_en,
            document.number,
            document.title,
            document.issuing_body,
            text.plain,
            text.how,
        ),
        entered_at=clock.now(),
        entered_by_name=actor.name,
    )


def _new_document(actor: Viewer, area: Area, new: NewDocument) -> PolicyDocument:
    row = PolicyDocument(
        code=f"d-{uuid4().hex[:10]}",
        title=new.title,
        number=new.number,
        issuing_body=new.issuing_body,
        issued_on=new.issued_on,
        source=new.source,
        area=area,
        place_code=place_of(area.code),
        entered_at=clock.now(),
        entered_by_name=actor.name,
    )
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def drop_draft(*, actor: Viewer, version: MeasureVersion) -> None:
    """Throw a draft away; the trail keeps that there was one. Raises `ValidationError` for a published version."""
    permissions.can_keep_measures(actor, version.measure.area_id).require()
    row = MeasureVersion.objects.select_for_update().get(pk=version.pk)
    if row.is_published:
        raise ValidationError(_("It is published; a later version takes its place."))
    row.delete()
    record(
        actor=actor,
        verb="policies.version.dropped",
        subject=f"policies.measure:{version.measure_id}",
        area_id=version.measure.area_id,
        detail={"version": version.pk},
    )
