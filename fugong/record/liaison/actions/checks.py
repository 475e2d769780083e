from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from fugong.base.questionnaires.actions.responses import About, keep_answers
from fugong.base.questionnaires.logic.answers import Raw
from fugong.base.questionnaires.models import FormVersion
from fugong.core.viewer import Viewer
from fugong.record.liaison import permissions
from fugong.record.liaison.models import Visit, VisitCheck


@dataclass(frozen=True, slots=True)
class Filled:
    """A checklist as an officer filled it in: the version that was shown, and the answers as they came."""

    version: FormVersion
    raw: Raw


@transaction.atomic
def keep_checks(*, actor: Viewer, visit: Visit, filled: tuple[Filled, ...]) -> None:
    """Keep the checklists of a visit, as of the time at which it happened.

    Raises `Denied` and `AnswersRefused`, for a list that cannot be kept so; then nothing of the visit is kept.
    """
    permissions.can_record_visit(actor, visit.enterprise).require()
    about = About(
        f"registry.enterprise:{visit.enterprise_id}", visit.enterprise.name, visit.enterprise.managing_area_id
    )
    for one in filled:
        response = keep_answers(
            actor=actor,
            version=one.version,
            raw=one.raw,
            about=about,
            key=visit.client_key,
            answered_at=visit.happened_at,
        )
        VisitCheck.objects.create(
            visit=visit,
            response=response,
            form_id=one.version.form_id,
            incident=visit.incident,
            enterprise=visit.enterprise,
            happened_at=visit.happened_at,
        )
