"""The clock: the only place that asks what time it is.

`system` is the wall clock. `scaled:<sim>,<real>,<speed>[,<until>]` runs a simulated day: `sim` and
`real` are RFC 3339 instants that coincide, `speed` is simulated seconds per second; at `until`
time stands still: what never was is no silence of a station.
`stream` has no time of its own (history is replayed: only the records carry time).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
    parts = rest.split(",")
    if kind != "scaled" or len(parts) not in (3, 4):
        msg = f"PHUSA_CLOCK: expected system, stream or scaled:<sim>,<real>,<speed>[,<until>]; found {text!r}"
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


def system() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def scaled(sim: datetime, real: datetime, speed: float) -> Now:
    """A clock that showed `sim` at `real` and runs `speed` times as fast."""
    # The monotonic clock carries it on, so that a correction by NTP is not multiplied.
    base = sim + (system() - real) * speed
    start = time.monotonic()
    return lambda: base + timedelta(seconds=(time.monotonic() - start) * speed)
