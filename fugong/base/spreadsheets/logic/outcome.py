"""What an import did, in counts that add up, with every refused and doubtful cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fugong.base.spreadsheets.logic.issues import Issue


@dataclass(slots=True)
class ImportOutcome:
    """Counts of rows and the issues by cell. A row with a warning is accepted, one with a refusal is not.

    read = accepted + refused rows; accepted = new + recognised; recognised = changed + same.
    `area_id`: the smallest area in which all accepted rows lie, for the readers of the trail; None for no rows.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    area_id: int | None = None

    @property
    def recognised(self) -> int:
        return self.changed + self.same

    @property
    def accepted(self) -> int:
        return self.new + self.recognised

    @property
    def refused_rows(self) -> int:
        return len({issue.row for issue in self.refused})

    def counts(self) -> dict[str, int]:
        """What is kept with an import; read = new + changed + same + refused."""
        return {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "accepted": self.accepted,
            "warned": len({issue.row for issue in self.warnings}),
            "refused": self.refused_rows,
        }

    def refuse_late(self, issues: list[Issue]) -> None:
        """Refuse rows that seemed in order until they met what is stored; their warnings go with them."""
        self.refused += issues
        rows = {issue.row for issue in issues}
        self.warnings = [issue for issue in self.warnings if issue.row not in rows]

    def as_json(self) -> dict[str, Any]:
        """The answer of the command line and of the interface."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "new": self.new,
            "recognised": self.recognised,
            "changed": self.changed,
            "same": self.same,
            "refused": [issue.as_json() for issue in sorted(self.refused)],
            "warnings": [issue.as_json() for issue in sorted(self.warnings)],
        }


def summary(outcome: ImportOutcome, *, listed: int = 20) -> str:
    """The same for reading, in the active language: counts, then the first issues, one per line."""
    lines = [
        _("%(read)d read: %(new)d new, %(changed)d changed, %(same)d same, %(refused)d refused; %(warnings)d warnings")
        % {
            "read": outcome.read,
            "new": outcome.new,
            "changed": outcome.changed,
            "same": outcome.same,
            "refused": outcome.refused_rows,
            "warnings": len(outcome.warnings),
        }
    ]
    lines += _listed(_("refused"), outcome.refused, listed)
    return "\n".join(lines + _listed(_("warning"), outcome.warnings, listed))


def _listed(title: str, issues: list[Issue], most: int) -> list[str]:
    lines = [
        _("%(title)s: row %(row)d, %(column)s, “%(value)s”: %(reason)s. %(mend)s.")
        % {"title": title, **issue._asdict()}
        for issue in sorted(issues)[:most]
    ]
    if len(issues) > most:
        lines.append(
            _("%(title)s: %(count)d more; --json prints them all") % {"title": title, "count": len(issues) - most}
        )
    return lines
