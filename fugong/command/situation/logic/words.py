"""What states, reasons, bases and scopes are called, in the reader's language. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fugong.command.situation.logic.figures import Indicator
from fugong.core.text import in_language
from fugong.record.registry.enums import EnterpriseKind, SizeClass
from fugong.record.registry.logic.industries import industry_words
from fugong.record.registry.logic.reasons import reason_words
from fugong.record.reporting.enums import ReportState

# As reporting's counts write them: a state for none, and the beginning of a definition's own reasons.
MISSING = "missing"
BY_DEFINITION = "definition:"


def state_words(state: str) -> str:
    return str(_("not reported")) if state == MISSING else str(ReportState(state).label)


def why_out(code: str, indicator: Indicator | None) -> str:
    """Why an enterprise is not counted: a decision's reason, or that of the definition."""
    if indicator is not None and code.startswith(BY_DEFINITION):
        reason = dict(indicator.exclusions[int(code.removeprefix(BY_DEFINITION))].reason)
        return in_language(reason)
    return reason_words(code)


def base_label(indicator: Indicator) -> str:
    return {
        "roster": str(_("of the day itself")),
        "normal": str(_("headcount on the eve of the incident")),
        "last_year": str(_("headcount on the same day a year before")),
    }[indicator.base]


def scope_words(indicator: Indicator) -> str:
    """Whom the figure speaks of, where that is not everybody."""
    scope, parts = indicator.scope, []
    if scope.above_scale is not None:
        parts.append(str(_("above scale only") if scope.above_scale else _("below scale only")))
    parts += [str(EnterpriseKind(kind).label) for kind in scope.kinds]
    parts += [str(SizeClass(size).label) for size in scope.sizes]
    parts += [industry_words(code) for code in scope.industries]
    parts += [*scope.tags, *scope.areas]
    return _(", ").join(parts)
