"""Sixteen ways in which one storm day may come, each beside delivery on time: derived values, levels, floods, messages.

`python -m infra.lab.measure.schedules [HOURS]` plays a day of the simulator's storm at the example commune and prints the table of
infra/lab/measure/figures.md. A station whose clock is wrong is judged by its own time, so it is set beside on-time delivery of that time.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.measure.arrivals import HOUR, MINUTE, SECOND, T0, Told, World, example, in_time, played, same
from infra.lab.measure.ways import Schedule
from infra.rehearsal.simulator import signals, storm_day
from models.catalogue.kinds import About, about

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 2026
_AT = T0 + 8 * HOUR

SCHEDULES: dict[str, Schedule] = {
    "on time": Schedule(),
    "in bursts of 15 minutes": Schedule(step_ms=15 * MINUTE),
    "in bursts of 3 hours": Schedule(step_ms=3 * HOUR),
    "our bridge away for 3 h": Schedule(bridge=[(_AT, _AT + 3 * HOUR)]),
    "our bridge away for 12 h": Schedule(bridge=[(_AT, _AT + 12 * HOUR)]),
    "our flow away for 3 h": Schedule(flow=[(_AT, _AT + 3 * HOUR)]),
    "our flow away for 12 h": Schedule(flow=[(_AT, _AT + 12 * HOUR)]),
    "no link for 3 h, then in order": Schedule(lost=[("", _AT, _AT + 3 * HOUR)], pace_ms=100),
    "no link for 12 h, then in order": Schedule(lost=[("", _AT, _AT + 12 * HOUR)], pace_ms=100),
    "the gauge without link for 3 h, then backwards": Schedule(
        lost=[("phu-oc", _AT, _AT + 3 * HOUR)], order="backwards", pace_ms=500
    ),
    "20 minutes behind": Schedule(20 * MINUTE),
    "6 to 15 minutes behind": Schedule(6 * MINUTE, 9 * MINUTE),
    "up to 2 hours behind, in any order": Schedule(SECOND, 2 * HOUR, step_ms=10 * MINUTE),
    "5 of 100 told twice": Schedule(twice=0.05),
    "clocks 40 minutes slow": Schedule(40 * MINUTE),
    "clocks 6 minutes fast": Schedule(-6 * MINUTE),
}


def storm(hours: float = 24) -> list[Told]:
    """The simulator's storm day, as the instruments show it, without faults."""
    commune, rng = example(), np.random.default_rng(SEED)
    start = datetime.fromtimestamp(T0 / 1000, timezone(timedelta(hours=7)))
    day = signals.weather(1.0, rng)
    found = [
        Told(round(one.at.astimezone(UTC).timestamp() * 1000), sensor.station, sensor.code, one.value)
        for sensor in storm_day.lay_out(commune, day)
        for one in storm_day.take(sensor, start, rng)
    ]
    return sorted(told for told in found if told.at_ms < T0 + hours * HOUR)


def compared(schedule: Schedule, told: Sequence[Told], right: World) -> tuple[list[int], World]:
    """How many derived values, levels, floods and levels of places differ from on time; and the world."""
    found = schedule.play(told)
    different = same(found, right)
    return [
        sum(one.startswith(kind) for one in different) for kind in ("derived", "levels", "floods", "places")
    ], found


def messages(world: World) -> tuple[int, int]:
    """How many people hear of levels and places; and of silence, clocks and outages."""
    blind = [one for one in world.rung if one.rule in about(About.INSTRUMENTS)]
    return len(world.rung) - len(blind), len(blind)


def table(hours: float = 24) -> str:
    """The section for figures.md."""
    told = storm(hours)
    right = played(in_time(told))
    lines = [
        "| schedule | derived values | levels | floods | places | told of levels | told of silence, clocks, outages |",
        "|---|---|---|---|---|---|---|",
    ]
    sizes = len(right.derived), len(right.levels), len(right.floods), len(right.place_levels())
    for name, schedule in SCHEDULES.items():
        different, world = compared(schedule, told, right)
        cells = [
            f"equal ({size})" if not count else f"{count} differ"
            for count, size in zip(different, sizes, strict=True)
        ]
        lines.append(
            f"| {name} | {' | '.join(cells)} | {' | '.join(str(message) for message in messages(world))} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table(float(sys.argv[1]) if len(sys.argv) > 1 else 24))


if __name__ == "__main__":
    main()
