from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.core import clock
from fugong.core.roles import Role
from fugong.core.turns import take_turns
from fugong.core.viewer import Viewer
from fugong.record.registry.models import Enterprise
from fugong.services.policies import permissions
from fugong.services.policies.actions.matching import renew_standings
from fugong.services.policies.logic.facts import BadValue, facts
from fugong.services.policies.models import EnterpriseAnswer

# Who said it: the enterprise itself, or an official who had it on the phone.
BY_ENTERPRISE, BY_OFFICIAL = "enterprise", "official"


@transaction.atomic
def answer_questions(*, actor: Viewer, enterprise: Enterprise, answers: dict[str, str]) -> list[EnterpriseAnswer]:
    """Keep what an enterprise answers, fact → value, from today on; every measure that asks for it knows it then.

    The same answer again changes nothing; another one on the same day keeps the earlier with the time it was withdrawn.
    Returns the answers as they stand. All or nothing: raises `ValidationError` for a fact that is not asked, or a value
    that does not fit it.
    """
    permissions.can_answer(actor, enterprise).require()
    for fact, value in answers.items():
        _check(fact, value)
    # Two devices at once: the second sees what the first has answered, also to other questions.
    take_turns(alone=f"policies.answer:{enterprise.pk}")
    source = BY_ENTERPRISE if actor.acts_for(enterprise.pk, Role.REPORTER) else BY_OFFICIAL
    rows: list[EnterpriseAnswer] = []
    new: list[EnterpriseAnswer] = []
    for fact, value in answers.items():
        row, is_new = _keep(actor, enterprise, fact, value.strip(), source)
        rows.append(row)
        new += [row] if is_new else []
    if new:
        renew_standings(actor=actor, enterprise=enterprise)
    for row in new:
        record(
            actor=actor,
            verb="policies.question.answered",
            subject=f"registry.enterprise:{enterprise.pk}",
            area_id=enterprise.managing_area_id,
            detail={"fact": row.fact, "value": row.value, "source": source},
        )
    return rows


def _check(fact: str, value: str) -> None:
    """Raises `ValidationError` for what cannot be answered."""
    asked = facts().get(fact)
    if asked is None or not asked.is_asked:
        raise ValidationError(_("This is not asked of enterprises."))
    try:
        read = asked.read(value)
    except BadValue:
        raise ValidationError(_("%(fact)s: this value does not fit.") % {"fact": asked.label}) from None
    if not isinstance(read, bool | str) and asked.type != "date" and str(read).startswith("-"):
        raise ValidationError(_("%(fact)s: cannot be below zero.") % {"fact": asked.label})


def _keep(actor: Viewer, enterprise: Enterprise, fact: str, value: str, source: str) -> tuple[EnterpriseAnswer, bool]:
    """The answer that stands, and whether it is another one than before."""
    today = clock.today()
    standing = EnterpriseAnswer.objects.filter(enterprise=enterprise, fact=fact, withdrawn_at__isnull=True)
    latest = standing.filter(valid_from__lte=today).order_by("-valid_from").first()
    if latest is not None and latest.value == value:
        return latest, False
    standing.filter(valid_from=today).update(withdrawn_at=clock.now())
    row = EnterpriseAnswer(
        enterprise=enterprise,
        fact=fact,
        value=value,
        valid_from=today,
        source=source,
        answered_by_name=actor.name,
        answered_at=clock.now(),
    )
    row.full_clean()
    row.save()
    return row, True
