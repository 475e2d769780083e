"""How many enterprises one page reads at once. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

# Up to so many enterprises a day is counted from the facts where the rollup is late; above, its hour is shown.
COUNTED_AT_ONCE = 20_000


class TooLarge(ValueError):
    """More enterprises than one page writes at once."""


def require_few(enterprises: int) -> None:
    """Raise `TooLarge` for more enterprises than are read at once."""
    if enterprises > COUNTED_AT_ONCE:
        places = {"count": f"{enterprises:,}", "most": f"{COUNTED_AT_ONCE:,}"}
        raise TooLarge(
            _("These are %(count)s enterprises, and %(most)s are read at once. Choose a smaller area.") % places
        )
