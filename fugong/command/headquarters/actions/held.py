"""A directive while something is done with it: held, told, saved. Within the action's transaction."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fugong.base.audit.actions import record
from fugong.command.headquarters.enums import DirectiveState, StepKind
from fugong.command.headquarters.models import Directive, DirectiveStep
from fugong.core import clock
from fugong.core.turns import held
from fugong.core.viewer import Viewer


class Held:
    """A directive that nobody else changes until the transaction ends."""

    def __init__(self, actor: Viewer, row: Directive) -> None:
        self.actor, self.row = actor, row

    @classmethod
    def of(cls, actor: Viewer, directive: Directive) -> Held:
        """The directive as it is now, locked."""
        related = ("incident", "owner_body", "owner", "area")
        return cls(actor, held(Directive.objects.select_related(*related), directive.pk))

    def require(self, *states: DirectiveState) -> None:
        """Raises `ValidationError` when the directive is in another state meanwhile."""
        if self.row.state not in states:
            state = DirectiveState(self.row.state).label
            raise ValidationError(
                _("Directive %(number)s is %(state)s meanwhile. Look at it again.")
                % {"number": self.row.number, "state": state}
            )

    def told(self, kind: StepKind, text: str = "", evidence: str = "", **detail: object) -> None:
        """Write the step into the timeline and into the trail."""
        DirectiveStep.objects.create(
            directive=self.row,
            at=clock.now(),
            kind=kind,
            actor_id=self.actor.id,
            actor_name=self.actor.name,
            text=text,
            evidence=evidence,
        )
        record(
            actor=self.actor,
            verb=f"headquarters.directive.{kind}",
            subject=f"headquarters.directive:{self.row.pk}",
            area_id=self.row.area_id,
            detail={"number": self.row.number, **detail},
        )

    def saved(self) -> Directive:
        """Hold the row against its constraints and keep it."""
        self.row.full_clean()
        self.row.save()
        return self.row
