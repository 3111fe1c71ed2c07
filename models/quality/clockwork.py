"""Is the clock of a station right, does its instrument live, and is there one station of this name?

All three are seen only over several readings, by when they came; so they judge the clock, never the value.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields
from typing import Any

DELAY_MS = 15 * 60_000
"""A reading that comes later than this was held up, or its clock is slow."""
AHEAD_MS = 5 * 60_000
"""A reading cannot come before it was taken: five minutes are the interval of Circular 10/2021, more is a clock that is fast."""
FAR_MS = 15 * 60_000
"""From here on a time that lies ahead cannot be used as it is: it is taken back by what the clock was seen to be ahead."""
FARTHEST_MS = 26 * 3_600_000
"""No time zone lies further ahead; such a stamp is no clock that is fast but a mistake, and refused."""
ALIKE_MS = 2 * 60_000
"""Readings that were held up come with ever less delay; those of a slow clock all come equally late."""
NEAR_MS = 3 * 60_000
"""So near to a limit a clock that was wrong is not yet right."""
LEAST, SPAN_MS = 6, 15 * 60_000
"""So many equal delays, over so long: a backlog is read within seconds."""
STEP_BACK, LIMIT = 6, 18
"""A counter that went back weighs as much as six that went on: a restart is forgotten, two stations in turn are not."""
DEAD_MS, DEAD_LEAST = 2 * 3_600_000, 12
"""The same value under the same number for so long: what sends it does not measure any more."""


@dataclass(slots=True)
class Clockwork:
    """What is remembered of one sensor: `alike` readings since the arrival `since_ms` came `delay_ms` late.

    `odd`: its clock is wrong. `backs` is high when the counter keeps going back. The value `value` came
    `same` times with the counter `seq`, first at `same_ms`; `counts`: the counter has been seen to stand while the value moved,
    so it is none.
    """

    delay_ms: int = 0
    alike: int = 0
    seq: int = -1
    backs: int = 0
    since_ms: int = 0
    odd: bool = False
    value: float = 0.0
    same: int = 0
    same_ms: int = 0
    counts: bool = True

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: what it did not know begins anew."""
        for field in fields(self):
            setattr(self, field.name, state[1].get(field.name, field.default))


class Clock(enum.Enum):
    """What a reading's arrival says of its station's clock."""

    RIGHT = 0
    SLOW = 1
    FAST = 2


def clock(state: Clockwork, at_ms: int, arrived_ms: int) -> Clock | None:
    """Take a newest reading, its time as it was sent; None: no word yet.

    SLOW when LEAST readings over SPAN_MS came equally late, FAST as soon as one comes before its time: that cannot be.
    RIGHT again as slowly as SLOW.
    """
    delay = arrived_ms - at_ms
    if delay < -AHEAD_MS:
        state.alike, state.delay_ms, state.odd = 0, delay, True
        return Clock.FAST
    if delay < DELAY_MS and not state.odd:
        state.alike = 0
        return None
    if state.odd and (DELAY_MS - NEAR_MS <= delay < DELAY_MS or delay < NEAR_MS - AHEAD_MS):
        state.alike = 0  # neither wrong nor right: a clock at the limit is one message
        return None
    # Late, or in time again: both count once they have lasted.
    if not state.alike or abs(delay - state.delay_ms) > ALIKE_MS:
        state.alike, state.delay_ms, state.since_ms = 0, delay, arrived_ms
    state.alike += 1
    if state.alike < LEAST or arrived_ms - state.since_ms < SPAN_MS:
        return None
    state.odd = delay >= DELAY_MS
    return Clock.SLOW if state.odd else Clock.RIGHT


def twin(state: Clockwork, seq: int) -> bool:
    """Take the counter of a newest reading; whether it goes back so often that two stations must share the name."""
    back = seq < state.seq
    if back:
        state.backs = min(state.backs + STEP_BACK, 2 * LIMIT)
    elif state.backs:
        state.backs -= 1
    return state.backs >= LIMIT


def dead(state: Clockwork, seq: int, at_ms: int, value: float) -> bool:
    """Take counter and value of a newest reading; whether both have stood still for too long. Keeps the counter for `twin`."""
    if seq != state.seq:
        state.seq, state.value, state.same, state.same_ms = seq, value, 1, at_ms
        return False
    if value != state.value:
        state.value, state.counts, state.same, state.same_ms = value, False, 1, at_ms
        return False
    state.same += 1
    # Who has no counter sends 0 always: of him it cannot be told, and the flat line tests what may be still.
    return seq > 0 and state.counts and state.same >= DEAD_LEAST and at_ms - state.same_ms >= DEAD_MS
