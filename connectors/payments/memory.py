"""Two small memories of the endpoint: events seen lately, and how many refusals may still be kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta

REMEMBERED = timedelta(hours=6)
"""SePay repeats for up to about five hours."""
MOST = 200_000
"""About 30 MB; the commune has some thousand payments a day."""


class Seen:
    """Keys that Kafka has. A courtesy, lost at a restart: the flow tells duplicates for ever."""

    def __init__(self, most: int = MOST, remembered: timedelta = REMEMBERED) -> None:
        self._most, self._remembered = most, remembered
        self._times: OrderedDict[str, datetime] = OrderedDict()

    def known(self, key: str, now: datetime) -> bool:
        """Whether it was kept lately."""
        at = self._times.get(key)
        return at is not None and now - at <= self._remembered

    def remember(self, key: str, now: datetime) -> None:
        """The oldest gives way."""
        self._times[key] = now
        self._times.move_to_end(key)
        if len(self._times) > self._most:
            self._times.popitem(last=False)


class Brake:
    """A bucket of `burst` tokens that refills with `rate` a second; one for each key.

    Refused calls anybody can make: a flood must not fill the topic and the disk.
    """

    def __init__(self, rate: float = 5.0, burst: float = 200.0) -> None:
        self._rate, self._burst = rate, burst
        self._left: dict[Hashable, tuple[float, float]] = {}
        self.held: dict[Hashable, int] = {}

    def free(self, key: Hashable, seconds: float) -> bool:
        """Take a token at the monotonic time `seconds`; else count it in `held`."""
        left, then = self._left.get(key, (self._burst, seconds))
        left = min(self._burst, left + (seconds - then) * self._rate)
        free = left >= 1
        self._left[key] = (left - 1 if free else left, seconds)
        if not free:
            self.held[key] = self.held.get(key, 0) + 1
        return free

    def told(self, key: Hashable) -> int:
        """How many were held since the last question."""
        return self.held.pop(key, 0)
