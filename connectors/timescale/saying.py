"""Says each place of the commune, again and again, by the platform's own time.

    clock ──> times to say (marks that were missed, then now) ──> facts of the store up to that time ──> place_state, place_history

By the wall clock every EVERY_S; in a play up to where the platform has caught up; in a replay of history, whose records alone carry
time, up to its newest reading. What was missed while nobody said anything is said afterwards, on marks of five minutes, so that the
history has no hole; what is said at a time depends on the facts up to it alone.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from connectors import clock
from connectors import commune as folder
from connectors.timescale.connection import Store, StoreError
from connectors.timescale.places import Places, last_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from connectors.settings import Settings

log = structlog.get_logger(__name__)

EVERY_S = 10.0
"""Between two looks by the wall clock: a look of tens of milliseconds is less than a hundredth of a core."""
PLAYED_S = 0.25
"""Between two looks in a play, which runs a day in minutes."""
MARK = timedelta(minutes=5)
"""What was missed is said on these marks."""
LONGEST = timedelta(days=1)
"""Further back nothing is said afterwards."""


class Saying:
    """The loop of one process; `now` None: history is replayed, the newest reading is now."""

    def __init__(self, dsn: str, places: Places, now: clock.Now | None) -> None:
        self._store, self._places, self._now = Store(dsn), places, now
        self.stop = threading.Event()
        self._said: datetime | None = None
        self._known = False

    def look(self) -> int:
        """Say what is due; how many times were said. Raises StoreError when the database stays away, and nothing is lost by that."""
        if not self._known:
            self._said = self._store.transaction(last_said)
            self._known = True
        t = self._time()
        if t is None:
            return 0
        count = 0
        for each in times(self._said, t, catch_up=self._now is not None):
            if self.stop.is_set():
                break
            self._store.transaction(partial(self._places.say, t=each))
            self._said = each
            count += 1
        return count

    def _time(self) -> datetime | None:
        if self._now is not None:
            return clock.passed(self._now)().replace(microsecond=0)

        def newest(connection: psycopg.Connection) -> datetime | None:
            return self._places.known.newest(connection, self._said)

        return self._store.transaction(newest)

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def times(said: datetime | None, now: datetime, *, catch_up: bool = True) -> Iterator[datetime]:
    """The times to say after `said` up to `now`: the marks between that were missed, then now; none if now is said already.

    >>> at = datetime.fromisoformat("2026-11-25T08:00:00+00:00")
    >>> [f"{mark:%H:%M}" for mark in times(at, at + timedelta(minutes=12))]
    ['08:05', '08:10', '08:12']
    """
    if said is not None and now <= said:
        # A clock that was put back: it is said again, and what was said of later stays until then.
        if now < said:
            yield now
        return
    if said is not None and catch_up:
        start = max(said, now - LONGEST)
        mark = start - timedelta(seconds=start.timestamp() % MARK.total_seconds()) + MARK
        while mark < now:
            yield mark
            mark += MARK
    yield now


@contextmanager
def saying(settings: Settings) -> Iterator[None]:
    """Say in a thread of its own while the body runs, on a connection of its own: a slow question holds up no flow.

    Should it fail by anything but a database that is away, the process is asked to end (SIGTERM), and the error is raised when the body has.
    """
    now = clock.from_setting(settings.clock)
    every_s = EVERY_S if settings.clock == "system" else PLAYED_S if now is not None else 1.0
    loop = Saying(settings.dsn("writer"), Places(folder.load(settings.commune)), now)
    failed: list[Exception] = []

    def say() -> None:
        try:
            _until_stopped(loop, every_s)
        except Exception as error:
            log.exception("places_failed")
            failed.append(error)
            os.kill(os.getpid(), signal.SIGTERM)  # to the process: a thread would not wake the main one
        finally:
            loop.close()

    thread = threading.Thread(target=say, name="saying", daemon=True)
    log.info("places_start", every_s=every_s)
    thread.start()
    try:
        yield
    finally:
        loop.stop.set()
        thread.join()
        log.info("places_stopped")
    if failed:
        raise failed[0]


def _until_stopped(loop: Saying, every_s: float) -> None:
    while not loop.stop.is_set():
        try:
            count = loop.look()
        except StoreError as error:
            log.warning("places_wait_for_the_database", error=str(error))
        else:
            if count > 1:
                log.info("said_afterwards", times=count - 1)
        loop.stop.wait(every_s)
