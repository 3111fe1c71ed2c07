"""Roll-ups and retention where the server has no jobs of its own (Apache edition, PostgreSQL)."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from connectors import clock
from connectors.timescale.connection import Store

if TYPE_CHECKING:
    import psycopg

    from connectors.settings import Settings

log = structlog.get_logger(__name__)

EVERY_S = 20.0


def maintain(store: Store, now: datetime) -> int:
    """Roll up the hours that got rows, forget what is too old; returns the hours rolled up.

    A week of hours a transaction: a writer waits for none that is long.
    """

    def work(connection: psycopg.Connection) -> int:
        forget = "select forget_pictures(%(now)s), forget_bodies(%(now)s), forget_quality(%(now)s), forget_places(%(now)s)"
        connection.execute(forget, {"now": now})
        row = connection.execute("select maintain(%s)", [now]).fetchone()
        return 0 if row is None else int(row[0])

    total = 0
    while hours := store.transaction(work):
        total += hours
    return total


def run(settings: Settings) -> None:
    """Look every EVERY_S seconds until SIGTERM. Start: phusa run housekeeper."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    store = Store(settings.dsn("writer"))
    while not stop.is_set():
        hours = maintain(store, clock.system())
        if hours:
            log.info("rolled_up", hours=hours)
        stop.wait(EVERY_S)
    store.close()
