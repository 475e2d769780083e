"""Which errors are the machine's state and not a fault of the program: they pass, and the answer says so."""

from __future__ import annotations

import errno
from typing import Literal

from django.db import InterfaceError, OperationalError

Trouble = Literal["away", "busy", "full"]
_DISK_FULL = {"53100"}
# Statement and lock timeouts, deadlock, too many connections, out of memory.
_BUSY = {"57014", "55P03", "40P01", "40001", "53300", "53200"}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The state of the machine behind an error; None when the program itself is at fault."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "full"
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state in _DISK_FULL:
        return "full"
    if state in _BUSY:
        return "busy"
    # 08 connection, 57P server shutting down or starting; none at all: nobody answered, or the pool gave up.
    return "away" if state is None or state.startswith(("08", "57P")) else None
