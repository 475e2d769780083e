"""Writing the trail with the sealer beside it against without: four writers, each act in a transaction of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.database import set_up
from bench.frame import Bench, at_least, rate, register

WRITERS = 4
LONGEST = 60  # seconds


@contextmanager
def _trail(size: int) -> Iterator[None]:
    set_up()
    yield
    from fugong.base.audit.management.commands.seal import seal_all
    from fugong.base.audit.models import AuditEntry, Unsealed
    from fugong.base.audit.selectors.seals import verify_trail
    from fugong.core.viewer import service_viewer

    seal_all()  # what the floors left behind
    found = verify_trail(service_viewer("bench"))
    if found.fault or Unsealed.objects.exists() or found.entries != AuditEntry.objects.count():
        raise AssertionError(f"the trail is not sealed at rest: {found}")


def _write(number: int) -> None:
    from django.db import connection, transaction

    from fugong.base.audit.actions import record
    from fugong.core.viewer import Viewer

    actor = Viewer(id=1, name="bench")
    for step in range(number):
        with transaction.atomic():
            record(
                actor=actor,
                verb="reporting.report.submitted",
                subject=f"reporting.report:{step}",
                area_id=None,
                detail={"day": "2020-03-24", "state": "open", "on_post": step},
            )
    connection.close()


def plain(size: int) -> None:
    """So many acts, nobody sealing."""
    writers = [threading.Thread(target=_write, args=[size // WRITERS]) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def sealed(size: int) -> float:
    """The same with the sealer at work, in a process of its own as beside a web server; its start is not measured."""
    sealer = subprocess.Popen([sys.executable, "-P", "-m", "fugong", "seal"], stdin=subprocess.DEVNULL)
    try:
        _write(1)
        _until_sealed()
        return rate(plain)(size)
    finally:
        sealer.terminate()
        sealer.wait()


def _until_sealed() -> None:
    from fugong.base.audit.models import Unsealed

    end = time.monotonic() + LONGEST
    while Unsealed.objects.exists():
        if time.monotonic() > end:
            raise AssertionError("the sealer does not seal")
        time.sleep(0.1)


register(
    Bench(
        "trail: written and sealed",
        rate(plain),
        sealed,
        at_least(0.9),
        "entries/s",
        absolute=at_least(50),  # 3,000 a minute
        size=12_000,
        quick_size=400,
        around=_trail,
    )
)
