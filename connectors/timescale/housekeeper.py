"""Roll-ups and retention where the server has no jobs of its own (Apache edition, PostgreSQL)."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from connectors import clock
from connectors.timescale import measures
from connectors.timescale.connection import Store

if TYPE_CHECKING:
    import psycopg

    from connectors.clock import Now
    from connectors.settings import Settings

log = structlog.get_logger(__name__)

EVERY_S = 20.0
MEASURE_EVERY_S = 60.0
PLAYED_EVERY_S = 5.0
"""Between measures of a day that is played in minutes, which would have two of itself else."""


def maintain(store: Store, now: datetime) -> int:
    """Roll up the hours that got rows, forget what is too old; returns the hours and five minutes rolled up.

    A week of hours (a day of people, a month of money) a transaction: a writer waits for none that is long.
    """

    def work(connection: psycopg.Connection) -> int:
        forget = "select forget_pictures(%(now)s), forget_bodies(%(now)s), forget_quality(%(now)s), forget_places(%(now)s)"
        connection.execute(f"{forget}, forget_answers(%(now)s)", {"now": now})
        # In this order: what `maintain` forgets is no news to the roll-up of people.
        row = connection.execute(
            "select maintain(%(now)s) + roll_up_people(%(now)s) + roll_up_money()", {"now": now}
        ).fetchone()
        return 0 if row is None else int(row[0])

    total = 0
    while hours := store.transaction(work):
        total += hours
    return total


def measure(settings: Settings, store: Store, take: Callable[[Store], list[measures.Measure]]) -> bool:
    """Keep what `take` finds of the platform, by the platform's own clock; False while a play has not begun and there is no time."""
    at = _time(clock.from_setting(settings.clock) or clock.system)
    if at is not None:
        measures.write(store, at, take(store))
    return at is not None


def keeper(setting: str) -> Now:
    """The clock by which rows grow old: in a play the day's, else the wall's.

    By the wall's the refused frames of a day that was played eight days later were forgotten before they were counted, and the play
    waited for them for ever.
    """
    now = clock.from_setting(setting)
    return now if isinstance(now, clock.Played) else clock.system


def _time(now: Now) -> datetime | None:
    """None while a play has not begun."""
    try:
        return now()
    except OSError as error:
        log.info("no_clock_yet", error=str(error))
        return None


def run(settings: Settings, take: Callable[[Store], list[measures.Measure]] | None = None) -> None:
    """Look every EVERY_S seconds until SIGTERM; measure with `take` every MEASURE_EVERY_S. Start: phusa run housekeeper."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    store = Store(settings.dsn("writer"))
    due = maintained = 0.0
    old = keeper(settings.clock)
    played = isinstance(old, clock.Played)
    every, measured = (PLAYED_EVERY_S, PLAYED_EVERY_S) if played else (EVERY_S, MEASURE_EVERY_S)
    while not stop.is_set():
        if time.monotonic() >= maintained:
            at = _time(old)
            hours = 0 if at is None else maintain(store, at)
            maintained = time.monotonic() + EVERY_S
            if hours:
                log.info("rolled_up", hours=hours)
        if take is not None and time.monotonic() >= due and measure(settings, store, take):
            due = time.monotonic() + measured
        stop.wait(every)
    store.close()
