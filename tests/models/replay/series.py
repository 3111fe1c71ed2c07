"""A rule on a river and its values every ten minutes."""

from __future__ import annotations

from models.alerting.alert import Kind
from models.commune.configuration import Direction, Level, Parameter, Rule
from models.replay.play import Series

MINUTE, HOUR = 60_000, 3_600_000
RIVER = Parameter("river_level", "m", -1, 10, 300, 1800)
BANKS = Rule(
    "banks",
    Kind.RIVER,
    "river_level",
    ["phu-oc"],
    Direction.ABOVE,
    [Level(1, "BĐ1", 1.5, 1.3), Level(2, "BĐ2", 3.0, 2.8)],
)


def series(*values: float, every_ms: int = 10 * MINUTE, station: str = "phu-oc") -> Series:
    return Series(station, [i * every_ms for i in range(len(values))], list(values))
