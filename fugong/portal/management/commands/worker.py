"""`fugong worker`: runs the deferred jobs; beside them it seals the trail and keeps the books of the tickers."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import Error as PsycopgError

from fugong.base.audit.management.commands.seal import seal_all, seal_until
from fugong.core.registries import Ticker, tickers

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
            for ticker in tickers.values():
                tick(ticker)
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


def tick(ticker: Ticker) -> None:
    """Run a ticker once. What goes wrong is logged and tried again at the next tick; a broken connection is left."""
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        ticker.run()
    except Exception:
        log.exception("%s failed; it is tried again", ticker.name)


async def keep_ticking(ticker: Ticker) -> None:
    """Run a ticker for ever, in one thread of its own."""
    with ThreadPoolExecutor(1, thread_name_prefix=ticker.name) as thread:
        while True:
            await asyncio.get_running_loop().run_in_executor(thread, tick, ticker)
            await asyncio.sleep(ticker.seconds)


async def run_worker(concurrency: int, *, wait: bool) -> None:
    """Work on the queue of this database, `concurrency` jobs at once; for ever when `wait`."""
    ticking = [asyncio.create_task(keep_ticking(ticker)) for ticker in tickers.values() if wait]
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            async with worker_app.open_async():
                await worker_app.run_worker_async(concurrency=concurrency, wait=wait, shutdown_graceful_timeout=30)
    finally:
        for task in ticking:
            task.cancel()
        await asyncio.gather(*ticking, return_exceptions=True)
