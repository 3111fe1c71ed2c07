"""Two small memories of the endpoint: events seen lately, and how many refusals may still be kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta

REMEMBERED = timedelta(hours=6)
"""SePay repeats for up to about five hours."""
MOST = 200_000
"""About 30 MB; the commune has some thousand payments a day."""
MOST_CALLERS = 10_000
"""Addresses whose bucket is remembered, some 3 MB."""


class RecentEvents:
    """Events that Kafka has, by key and digest: what differs in anything from what was told is not known.

    A courtesy, lost at a restart: the ledger tells duplicates for ever.
    """

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
    """A bucket of `burst` tokens that refills with `rate` a second; one for each key, `most` of them.

    Refused calls anybody can make: a flood must not fill the topic and the disk. Of more than `most` keys the one
    that was longest still is forgotten, and begins anew with a full bucket.
    """

    def __init__(self, rate: float = 5.0, burst: float = 200.0, most: int = MOST_CALLERS) -> None:
        self._rate, self._burst, self._most = rate, burst, most
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self.held: dict[Hashable, int] = {}

    def free(self, key: Hashable, seconds: float) -> bool:
        """Take a token at the monotonic time `seconds`; else count it in `held`."""
        left, then = self._left.get(key, (self._burst, seconds))
        left = min(self._burst, left + (seconds - then) * self._rate)
        free = left >= 1
        self._left[key] = (left - 1 if free else left, seconds)
        self._left.move_to_end(key)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        if not free:
            self.hold(key)
        return free

    def hold(self, key: Hashable) -> None:
        """Count one that was not let through."""
        self.held[key] = self.held.get(key, 0) + 1

    def held_since(self, key: Hashable) -> int:
        """How many were held since the last question."""
        return self.held.pop(key, 0)
