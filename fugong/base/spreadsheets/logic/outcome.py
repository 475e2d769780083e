"""What an import did, in counts that add up, with every refused and doubtful cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fugong.base.spreadsheets.logic.issues import Issue


@dataclass(slots=True)
class ImportOutcome:
    """Counts of rows and the issues by cell. A row with a warning is accepted, one with a refusal is not.

    read = accepted + refused rows; accepted = new + recognised; recognised = changed + same.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)

    @property
    def recognised(self) -> int:
        return self.changed + self.same

    @property
    def accepted(self) -> int:
        return self.new + self.recognised

    @property
    def refused_rows(self) -> int:
        return len({issue.row for issue in self.refused})

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
            "refused": [issue._asdict() for issue in sorted(self.refused)],
            "warnings": [issue._asdict() for issue in sorted(self.warnings)],
        }


def summary(outcome: ImportOutcome, *, listed: int = 20) -> str:
    """The same for reading: counts, then the first issues, one per line."""
    counts = (
        f"{outcome.read} read: {outcome.new} new, {outcome.changed} changed, {outcome.same} same, "
        f"{outcome.refused_rows} refused; {len(outcome.warnings)} warnings"
    )
    lines = [counts]
    for title, issues in (("refused", outcome.refused), ("warning", outcome.warnings)):
        lines += [
            f"{title}: row {issue.row}, {issue.column}, {issue.value!r}: {issue.reason}. {issue.mend}."
            for issue in sorted(issues)[:listed]
        ]
        if len(issues) > listed:
            lines.append(f"{title}: {len(issues) - listed} more; --json prints them all")
    return "\n".join(lines)
