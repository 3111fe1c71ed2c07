"""Is the clock of a station right, and is there one station of this name? Both are seen only over several readings."""

from __future__ import annotations

from dataclasses import dataclass

DELAY_MS = 15 * 60_000
"""A reading that comes later than this was held up, or its clock is slow. A clock that is ahead is refused at 5 min."""
ALIKE_MS = 2 * 60_000
"""Readings that were held up come with ever less delay; those of a slow clock all come equally late."""
LEAST = 6
STEP_BACK, LIMIT = 6, 18
"""A counter that went back weighs as much as six that went on: a restart is forgotten, two stations in turn are not."""


@dataclass(slots=True)
class Clockwork:
    """`alike` readings in a row came `delay_ms` late; `backs` is high when the counter keeps going back."""

    delay_ms: int = 0
    alike: int = 0
    seq: int = -1
    backs: int = 0


def slow(state: Clockwork, at_ms: int, arrived_ms: int) -> bool:
    """Take a newest reading; whether LEAST of them in a row were equally late: the clock is wrong by that."""
    delay = arrived_ms - at_ms
    if delay < DELAY_MS:
        state.alike = 0
        return False
    if not state.alike or abs(delay - state.delay_ms) > ALIKE_MS:
        state.alike, state.delay_ms = 0, delay
    state.alike += 1
    return state.alike >= LEAST


def twin(state: Clockwork, seq: int) -> bool:
    """Take the counter of a newest reading; whether it goes back so often that two stations must share the name."""
    back = seq < state.seq
    state.seq = seq
    if back:
        state.backs = min(state.backs + STEP_BACK, 2 * LIMIT)
    elif state.backs:
        state.backs -= 1
    return state.backs >= LIMIT
