"""The clock: the only place that asks what time it is.

`system` is the wall clock. `scaled:<sim>,<real>,<speed>[,<until>]` runs a simulated day: `sim` and
`real` are RFC 3339 instants that coincide, `speed` is simulated seconds per second; at `until`
time stands still: what never was is no silence of a station.
`played:<file>` is the clock of a play that waits for the platform (`Played`).
`stream` has no time of its own (history is replayed: only the records carry time).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
Now = Callable[[], datetime]


def from_setting(text: str) -> Now | None:
    """The clock that the setting names; None for `stream`."""
    if text == "system":
        return system
    if text == "stream":
        return None
    kind, _, rest = text.partition(":")
    if kind == "played" and rest:
        return Played(Path(rest))
    parts = rest.split(",")
    if kind != "scaled" or len(parts) not in (3, 4):
        msg = f"PHUSA_CLOCK: expected system, stream, played:<file> or scaled:<sim>,<real>,<speed>[,<until>]; found {text!r}"
        raise ValueError(msg)
    sim, real, speed = datetime.fromisoformat(parts[0]), datetime.fromisoformat(parts[1]), float(parts[2])
    if not 0 < speed < math.inf:  # false for nan too
        msg = f"PHUSA_CLOCK: expected a speed above 0, found {parts[2]!r}"
        raise ValueError(msg)
    now = scaled(sim, real, speed)
    if len(parts) == 3:
        return now
    until = datetime.fromisoformat(parts[3])
    return lambda: min(now(), until)


def passed(now: Now) -> Now:
    """The time that may be told to have passed: of a play, up to where the platform has caught up; else the clock itself."""
    return (lambda: now.told) if isinstance(now, Played) else now


def system() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def scaled(sim: datetime, real: datetime, speed: float) -> Now:
    """A clock that showed `sim` at `real` and runs `speed` times as fast."""
    # The monotonic clock carries it on, so that a correction by NTP is not multiplied.
    base = sim + (system() - real) * speed
    start = time.monotonic()
    return lambda: base + timedelta(seconds=(time.monotonic() - start) * speed)


class Played:
    """The clock of a play, in a file: who plays writes it, every process of the play reads it.

    It stands until it is moved on, and that is done when the platform has caught up: a slow machine makes the day
    longer and nothing else. The file holds the play's start, now, and `told`, up to which everything that was sent
    has been judged and stored (ticks tell `told`, never more), in seconds since 1970; the clock's seconds in a
    second of the films that are shown by it; and `complete`, up to which every flow has read all that was sent, so that
    what several of them say together may be judged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return datetime.fromtimestamp(self._read()[1], UTC)

    @property
    def told(self) -> datetime:
        """Up to here the platform has caught up."""
        return datetime.fromtimestamp(self._read()[2], UTC)

    @property
    def reached(self) -> tuple[datetime, datetime]:
        """`told` and `complete`, of one moment."""
        _, _, told, _, complete = self._read()
        return datetime.fromtimestamp(told, UTC), datetime.fromtimestamp(complete, UTC)

    @property
    def film_s(self) -> float:
        """Where a film stands that began with the play, in its own seconds."""
        start, at, _told, speed, _complete = self._read()
        return (at - start) / speed

    def move(
        self, start: datetime, at: datetime, told: datetime, speed: float, complete: datetime | None = None
    ) -> None:
        """Only for who plays: all change in one step, so that nobody sees one without the other. `complete`: by default `told`."""
        made = self._path.with_suffix(".new")
        words = (start.timestamp(), at.timestamp(), told.timestamp(), speed, (complete or told).timestamp())
        made.write_text(" ".join(map(str, words)), encoding="ascii")
        made.replace(self._path)

    def _read(self) -> tuple[float, float, float, float, float]:
        words = self._path.read_text(encoding="ascii").split()
        if len(words) != 5:
            msg = f"{self._path}: expected three times in seconds, a speed and another time, found {words!r}"
            raise ValueError(msg)
        start, at, told, speed, complete = map(float, words)
        return start, at, told, speed, complete
