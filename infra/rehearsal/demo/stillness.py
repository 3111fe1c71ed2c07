"""Does nothing move because something was lost, or because the machine gives no time? By the CPU that the stack has taken meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

STILL_S = 300.0
WORKED_S = 600.0
"""A busy machine may give a process no time for minutes (at load 56 nothing moved for STILL_S while all lived), so both must have passed.

The stack of a play that has nothing to do took 31.8 s of CPU in 60 s, by its 20 ticks a second: 600 s are 19 minutes of it. Where six
processes share what there is, the cameras have had 100 s of it by then, and a batch of 64 frames takes 1 s (154 frames/s on two cores).
"""
ASK_S = 5.0


class Stillness:
    """Told what is waited for, it says when waiting will not find it."""

    def __init__(
        self, worked_s: Callable[[], float], still_s: float = STILL_S, at_least_s: float = WORKED_S
    ) -> None:
        """`worked_s` are the CPU seconds that the stack has taken by now; `at_least_s` how many of them are enough work."""
        self._worked_s, self._still_s, self._at_least_s = worked_s, still_s, at_least_s
        self._last: object = object()
        self._since = self._asked = time.monotonic()
        self._had_s: float | None = None

    def over(self, found: object) -> bool:
        """Whether `found` has been the same for long enough, and the stack has worked meanwhile."""
        now = time.monotonic()
        if found != self._last:
            self._last, self._since, self._had_s = found, now, None
        if now - self._asked < min(ASK_S, self._still_s):
            return False
        # Not at every look: it visits every process.
        self._asked = now
        worked_s = self._worked_s()
        if self._had_s is None:
            self._had_s = worked_s
        return now - self._since >= self._still_s and worked_s - self._had_s >= self._at_least_s
