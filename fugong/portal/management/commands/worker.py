"""`fugong worker`: runs the deferred jobs, and seals the trail beside them."""

import asyncio
import logging
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import Error as PsycopgError

from fugong.base.audit.management.commands.seal import seal_all, seal_until

log = logging.getLogger("fugong.worker")
AGAIN_SECONDS = 2


class Command(BaseCommand):
    help = "Runs deferred jobs until it is stopped; what has begun is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at once (default: %(default)s)")
        parser.add_argument("--once", action="store_true", help="run what is waiting, then end")

    def handle(self, *args: Any, concurrency: int, once: bool, **options: Any) -> None:
        if once:
            asyncio.run(run_worker(concurrency, wait=False))
            seal_all()
            return
        stop = threading.Event()
        sealer = threading.Thread(target=seal_until, args=[stop], name="sealer")
        sealer.start()
        try:
            asyncio.run(keep_working(concurrency))
        finally:
            stop.set()
            sealer.join()


async def keep_working(concurrency: int) -> None:
    """Work until it is stopped. A database that is away is asked again: its restart does not end the worker."""
    while True:
        try:
            await run_worker(concurrency, wait=True)
            return
        except (ConnectorException, PsycopgError) as error:
            log.warning("the database is away; it is asked again", exc_info=error)
            await asyncio.sleep(AGAIN_SECONDS)


async def run_worker(concurrency: int, *, wait: bool) -> None:
    """Work on the queue of this database, `concurrency` jobs at once; for ever when `wait`."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=concurrency, wait=wait, shutdown_graceful_timeout=30)
