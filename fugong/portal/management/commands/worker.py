"""`fugong worker`: runs the deferred jobs, and seals the trail beside them."""

import asyncio
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from fugong.base.audit.management.commands.seal import seal_all, seal_until


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
            asyncio.run(run_worker(concurrency, wait=True))
        finally:
            stop.set()
            sealer.join()


async def run_worker(concurrency: int, *, wait: bool) -> None:
    """Work on the queue of this database, `concurrency` jobs at once; for ever when `wait`."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=concurrency, wait=wait, shutdown_graceful_timeout=30)
