"""How fast this machine is, so that a figure can be read beside it: a fixed loop on one core."""

from __future__ import annotations

import time

from infra.lab.bench.result import Result, told

ROUNDS, STEPS = 5, 400_000


def speed() -> Result:
    """Millions of steps a second of a loop of whole numbers in one Python process; the best of some rounds."""
    best = max(_round() for _ in range(ROUNDS))
    return told("máy này: vòng lặp Python, một nhân (this machine, one core)", "1000 steps/s", [best / 1000])


def _round() -> float:
    start, value = time.perf_counter(), 1
    for step in range(STEPS):
        value = (value * 31 + step) % 1_000_003
    return STEPS / (time.perf_counter() - start)
