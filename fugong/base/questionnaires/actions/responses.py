from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base.audit.actions import record
from fugong.base.questionnaires import permissions
from fugong.base.questionnaires.logic.answers import Outcome, Raw, judge
from fugong.base.questionnaires.logic.table import answers_sheet
from fugong.base.questionnaires.models import Form, FormVersion, Response
from fugong.base.questionnaires.selectors import response_sent, responses_to_export
from fugong.base.spreadsheets.logic.writer import write_xlsx
from fugong.core import clock
from fugong.core.viewer import Viewer


class AnswersRefused(ValueError):
    """Answers that the form does not take; `outcome.wrong` names each question and what is wrong with it."""

    def __init__(self, version: FormVersion, outcome: Outcome) -> None:
        super().__init__(str(outcome.wrong))
        self.version, self.outcome = version, outcome


@dataclass(frozen=True, slots=True)
class About:
    """Whom answers are about: reference as in the trail, name and managing area of that day."""

    subject: str
    name: str
    area_id: int


@transaction.atomic
def keep_answers(
    *, actor: Viewer, version: FormVersion, raw: Raw, about: About, key: UUID, answered_at: datetime
) -> Response:
    """Judge answers by their version and keep them; the same key again returns what was kept under it.

    “Today” in the form is the day on which it was answered. Raises `AnswersRefused`; then nothing is kept.
    """
    permissions.can_keep_answers(actor).require()
    known = response_sent(actor, version, key)
    if known is not None:
        return known
    outcome = judge(version.questions, raw, clock.day_of(answered_at).isoformat())
    if not outcome.is_sound:
        raise AnswersRefused(version, outcome)
    labels = {question["name"]: question["label"] for question in version.questions}
    response = Response(
        version=version,
        user_id=actor.id or 0,
        user_name=actor.name,
        subject=about.subject,
        subject_name=about.name,
        area_id=about.area_id,
        answers=outcome.answers,
        failed=[{"name": name, "label": labels[name]} for name in outcome.failed],
        answered_at=answered_at,
        received_at=max(clock.now(), answered_at),
        client_key=key,
    )
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        known = response_sent(actor, version, key)  # sent twice at the same moment: the other one is it
        if known is None:
            raise
        return known
    record(
        actor=actor,
        verb="questionnaires.answers.kept",
        subject=about.subject,
        area_id=about.area_id,
        detail={"response": response.pk, "version": version.pk, "failed": outcome.failed},
    )
    return response


@transaction.atomic
def export_answers(*, actor: Viewer, form: Form) -> bytes:
    """The answers to every version of a form in the actor's areas as .xlsx, a sheet for each version; on record.

    The newest 5,000 of each. Raises `Denied`.
    """
    permissions.can_export_answers(actor).require()
    target, count = BytesIO(), 0
    sheets = []
    for version, rows in responses_to_export(actor, form):
        count += len(rows)
        sheets.append(answers_sheet(version.number, version.content, rows))
    write_xlsx(target, sheets)
    record(
        actor=actor,
        verb="questionnaires.answers.exported",
        subject=f"questionnaires.form:{form.pk}",
        area_id=actor.home_area_id,
        detail={"code": form.code, "rows": count},
    )
    return target.getvalue()
