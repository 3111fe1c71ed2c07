"""Suspect may raise, only what is good and lasts may clear: `Limits.judge` with each `Use`, as tables."""

from __future__ import annotations

import pytest

from infra.lab.measure.arrivals import MINUTE
from models.alerting.rule import LevelState, Limits, Use
from tests.builders import oxygen_rule, rule

GOOD, SUSPECT, END = Use.BOTH, Use.RAISE_ONLY, Use.LOWER_ONLY
RIVER = Limits(rule(hold_s=600))
SLOW = Limits(rule(hold_s=600, clear_hold_s=7200))
OXYGEN = Limits(oxygen_rule())

Readings = list[tuple[int, float, Use]]
ROWS: dict[str, tuple[Limits, Readings, list[tuple[int, int]]]] = {
    "good raises and good clears": (
        RIVER, [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.0, GOOD), (30, 1.0, GOOD)], [(10, 1), (30, 0)],
    ),
    "suspect raises": (RIVER, [(0, 2.0, SUSPECT), (10, 2.0, SUSPECT)], [(10, 1)]),
    "suspect and good raise together": (RIVER, [(0, 2.0, SUSPECT), (10, 2.0, GOOD)], [(10, 1)]),
    "suspect worsens": (
        RIVER, [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 4.7, SUSPECT), (30, 4.7, SUSPECT)], [(10, 1), (30, 3)],
    ),
    "suspect clears never, however long": (
        RIVER, [(0, 2.0, GOOD), (10, 2.0, GOOD), *((20 + 10 * i, 0.0, SUSPECT) for i in range(100))], [(10, 1)],
    ),
    "suspect takes no step back": (
        RIVER, [(0, 4.7, GOOD), (10, 4.7, GOOD), (20, 2.0, SUSPECT), (90, 2.0, SUSPECT)], [(10, 3)],
    ),
    "suspect does not begin the time after which is cleared": (
        RIVER,
        [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.0, SUSPECT), (31, 1.0, GOOD), (40, 1.0, GOOD), (41, 1.0, GOOD)],
        [(10, 1), (41, 0)],
    ),
    "suspect below does not end a rise that is being held": (
        RIVER, [(0, 2.0, GOOD), (5, 0.0, SUSPECT), (10, 2.0, GOOD)], [(10, 1)],
    ),
    "suspect above ends the time after which is cleared": (
        RIVER,
        [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.0, GOOD), (25, 2.0, SUSPECT), (31, 1.0, GOOD), (42, 1.0, GOOD)],
        [(10, 1), (42, 0)],
    ),
    "one good value clears nothing": (RIVER, [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.0, GOOD), (29, 1.0, GOOD)], [(10, 1)]),
    "between the limits nothing changes": (
        RIVER, [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.4, GOOD), (300, 1.4, GOOD)], [(10, 1)],
    ),
    "good must last as long as the commune says": (
        SLOW,
        [(0, 2.0, GOOD), (10, 2.0, GOOD), *((20 + 10 * i, 1.0, GOOD) for i in range(13))],
        [(10, 1), (140, 0)],
    ),
    "a swing back begins that time anew": (
        SLOW,
        [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.0, GOOD), (130, 2.0, GOOD), (140, 1.0, GOOD), (250, 1.0, GOOD)],
        [(10, 1)],
    ),
    "what only lowers raises nothing": (RIVER, [(0, 4.7, END), (10, 4.7, END), (20, 4.7, END)], []),
    "what only lowers ends a level": (
        RIVER, [(0, 2.0, GOOD), (10, 2.0, GOOD), (20, 1.0, END), (30, 1.0, END)], [(10, 1), (30, 0)],
    ),
    "below: suspect raises": (OXYGEN, [(0, 2.5, SUSPECT)], [(0, 1)]),
    "below: suspect clears nothing": (OXYGEN, [(0, 2.5, GOOD), (5, 8.0, SUSPECT)], [(0, 1)]),
    "below: good clears": (OXYGEN, [(0, 2.5, GOOD), (5, 8.0, GOOD)], [(0, 1), (5, 0)]),
}  # fmt: skip


@pytest.mark.parametrize(("limits", "readings", "steps"), ROWS.values(), ids=ROWS.keys())
def test_what_a_value_may_do(limits: Limits, readings: Readings, steps: list[tuple[int, int]]) -> None:
    state = LevelState()
    found = [limits.judge(state, at * MINUTE, value, use) for at, value, use in readings]

    assert [(one.at_ms // MINUTE, one.level) for one in found if one is not None] == steps
