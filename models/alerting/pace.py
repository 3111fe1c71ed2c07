"""How fast a gateway may be asked: so many requests a minute, and slower for a while when it says that this is too fast."""

from __future__ import annotations

import math

TOO_FAST = frozenset({"HTTP 429", "-32"})
"""Codes by which a gateway says so: HTTP's own, and Zalo's "4 000 requests a minute"."""
MINUTE_S = 60.0
QUIET_S = 1.0
"""After TOO_FAST nothing is asked for so long."""
RECOVERS_S = 60.0
"""A pace that was halved is whole again after so long without another TOO_FAST."""
SLOWEST = 1 / 16
CHUNK_S = 0.25
"""With more waiting than may go, requests are let go together, four times a second: each look into the outbox has its price."""


class Pace:
    """A bucket of requests that fills evenly; in no 60 seconds are there more than `per_min`.

    Times are seconds of any clock that only goes on. The bucket holds a second's requests, so that the first of a quiet gateway go at once.
    """

    def __init__(self, per_min: int) -> None:
        """`per_min`: at least 1."""
        self._burst = float(max(1, per_min // 60))
        # What is left of a minute after a full bucket went at its beginning.
        self._per_s = max(per_min - self._burst, per_min / 2) / MINUTE_S
        self._tokens, self._at_s = self._burst, -math.inf
        self._share, self._slowed_at_s, self._quiet_until_s = 1.0, -math.inf, -math.inf

    def room(self, now_s: float) -> int:
        """How many may be asked now."""
        self._fill(now_s)
        return int(self._tokens) if now_s >= self._quiet_until_s else 0

    def take(self, count: int, now_s: float) -> None:
        """So many are asked; at most `room`."""
        self._fill(now_s)
        self._tokens -= count

    def slowed(self, again_s: float, now_s: float) -> None:
        """The gateway said that it was too fast: half of the pace, after a second of nothing, or `again_s` where it names them.

        Of many answers within that time one counts: they were asked at one pace.
        """
        if now_s < self._quiet_until_s:
            return
        self._fill(now_s)
        self._share = max(SLOWEST, self._share_at(now_s) / 2)
        self._slowed_at_s, self._tokens = now_s, 0.0
        self._quiet_until_s = now_s + min(max(again_s, QUIET_S), MINUTE_S)

    def wait_s(self, now_s: float) -> float:
        """Seconds until a chunk of requests may go; 0: it may now."""
        self._fill(now_s)
        quiet = max(0.0, self._quiet_until_s - now_s)
        per_s = self._per_s * self._share_at(now_s)
        missing = max(1.0, min(self._burst, per_s * CHUNK_S)) - self._tokens
        return max(quiet, missing / per_s, 0.0)

    def _share_at(self, now_s: float) -> float:
        return min(1.0, self._share + max(0.0, now_s - self._slowed_at_s) / RECOVERS_S)

    def _fill(self, now_s: float) -> None:
        if now_s > self._at_s:
            came = (now_s - self._at_s) * self._per_s * self._share_at(now_s)
            self._tokens = min(self._burst, self._tokens + came)
            self._at_s = now_s
