"""Eyes that look only as often as this machine holds: measures what looks take, asks whether the river rises, shares out."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import psycopg
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.cameras.batch import Eyes, Glance
    from models.cameras.pace import Meter, Pace
    from models.envelope.refusal import Refusal
    from models.vision.frame import Frame

    Asked = TypeVar("Asked")
    Found = TypeVar("Found")

ASK_EVERY_S = 10.0
RISING = "select exists (select from real_alert where kind = 'flood' and cleared_at is null)"
_log = structlog.get_logger()


class River:
    """Whether an alert of flood is open, as the store says; asked beside the flow, so that a store that is away stops nobody."""

    def __init__(self, dsn: str) -> None:
        self._dsn, self._rising = dsn, False
        threading.Thread(target=self._ask, name="river", daemon=True).start()

    def __call__(self) -> bool:
        """As far as known: False before the first answer, the last one while the store is away."""
        return self._rising

    def _ask(self) -> None:
        while True:
            try:
                with psycopg.connect(self._dsn, connect_timeout=5) as connection:
                    row = connection.execute(RISING).fetchone()
                self._rising = bool(row and row[0])
            except psycopg.Error as error:
                _log.warning("river_not_known", error=str(error).strip().splitlines()[0])
            # No wait for an event: the next question may come late, never early.
            time.sleep(ASK_EVERY_S)


def paced(
    eyes: Eyes, meter: Meter, rising: Callable[[], bool], clock: Callable[[], float] = time.monotonic
) -> Eyes:
    """`eyes` whose looks are measured and shared out by `meter`; `clock` tells seconds that only go on."""

    def admit(frames: Sequence[Frame]) -> list[bool]:
        return [meter.admit(frame.source, round(frame.at.timestamp() * 1000)) for frame in frames]

    def glance(frames: Sequence[Frame]) -> list[Glance | Refusal]:
        began = clock()
        found = eyes.glance(frames)
        meter.spent(len(frames), clock() - began)
        return found

    def measured(work: Callable[[Asked], Found]) -> Callable[[Asked], Found]:
        def timed(asked: Asked) -> Found:
            began = clock()
            found = work(asked)
            meter.spent(0, clock() - began)
            return found

        return timed

    def paces() -> list[Pace]:
        return meter.anew(clock(), rising=rising())

    return replace(
        eyes,
        glance=glance,
        detect=measured(eyes.detect),
        segment=None if eyes.segment is None else measured(eyes.segment),
        closer=None if eyes.closer is None else measured(eyes.closer),
        admit=admit,
        paces=paces,
    )
