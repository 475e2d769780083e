"""Small things that behaviour tests share: files as a county sends them, what a page says, acts that meet."""

from __future__ import annotations

import csv
import html
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import get_language, override
from PIL import Image

from fugong.base.audit.models import AuditEntry

REPORT_HEADER = (
    "uscc", "day", "state", "reason", "roster", "on_post", "capacity", "obstacles", "supply_days", "remark",
)  # fmt: skip


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A table as a spreadsheet program saves it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def url_of_database() -> str:
    """The database of this test, for a process of its own."""
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def in_english(client):
    """The same browser, which has chosen English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def words_of(response) -> str:
    """What stands on a page for its reader: without tags, on one line."""
    text = re.sub(r"<(script|svg|head)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def entries(verb: str) -> list[AuditEntry]:
    """What the trail holds of one kind of act, in its order."""
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


class Race:
    """Acts in transactions of their own, each in a thread with its own connection.

    `first` stands still inside its transaction when its act is done, until the others wait for it or are done; so that
    they truly meet, whatever the machine is doing.
    """

    LONGEST = 60  # seconds until a race counts as stuck

    def __init__(self) -> None:
        self._language = get_language()
        self._done = threading.Event()
        self._go_on = threading.Event()

    def run(self, first: Callable[[], Any], *others: Callable[[], Any]) -> list[Any]:
        """What each act returned or raised, in the order given."""
        with ThreadPoolExecutor(1 + len(others)) as pool:
            running = [pool.submit(self._hold, first)]
            assert self._done.wait(self.LONGEST), "the first act came to no end"
            running += [pool.submit(self._alone, act) for act in others]
            try:
                self._until(lambda: all(future.done() or self._waiting() for future in running[1:]))
            finally:
                self._go_on.set()
            return [future.result(self.LONGEST) for future in running]

    def meet(self, act: Callable[[], Any]) -> Future[Any]:
        """Start an act in the middle of another one; comes back when it is done or waits for that other."""
        with ThreadPoolExecutor(1) as asking:
            pool = ThreadPoolExecutor(1)
            running = pool.submit(self._alone, act)
            pool.shutdown(wait=False)
            # Asked on another connection: within a transaction the answer would stay the first one.
            self._until(lambda: running.done() or asking.submit(self._alone, self._waiting).result())
        return running

    def _hold(self, act: Callable[[], Any]) -> Any:
        def act_and_wait() -> Any:
            try:
                return act()
            finally:
                self._done.set()
                self._go_on.wait(self.LONGEST)

        return self._alone(act_and_wait)

    def _alone(self, act: Callable[[], Any]) -> Any:
        try:
            with override(self._language), transaction.atomic():
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    @staticmethod
    def _waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(cursor.fetchone()[0])

    def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + self.LONGEST
        while not condition():
            assert time.monotonic() < end, "the others neither wait nor end"
            time.sleep(0.01)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or raised, all started together, each in a transaction and connection of its own."""
    gate, race = threading.Barrier(len(acts)), Race()

    def start(act: Callable[[], Any]) -> Any:
        gate.wait(Race.LONGEST)
        return race._alone(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(Race.LONGEST) for future in [pool.submit(start, act) for act in acts]]


def picture(size: tuple[int, int] = (64, 48), form: str = "JPEG", **more) -> bytes:
    """A picture as a phone might send it; `more` goes to the writer (`exif`)."""
    written = BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(written, form, **more)
    return written.getvalue()
