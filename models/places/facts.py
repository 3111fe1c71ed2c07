"""What is known of one place as of a moment; nothing in it is later. Read by connectors/timescale/places.py."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.envelope.reading import Flag


class Datum(msgspec.Struct, frozen=True, gc=False):
    """A value with its time; `tests`: what the tests of quality found in it, in Vietnamese and English; `count`: what a derived value was told with."""

    at: datetime
    value: float
    unit: str
    flag: int = int(Flag.GOOD)
    tests: tuple[tuple[str, str], ...] = ()
    count: int = 0

    @property
    def usable(self) -> bool:
        """Whether rules judge it: good, or suspect."""
        return self.flag in (Flag.GOOD, Flag.SUSPECT)


class Sensor(msgspec.Struct, frozen=True, gc=False):
    """What one sensor said: its newest reading whatever it is worth, the newest usable one, and usable ones of the last while, by time."""

    newest: Datum | None = None
    usable: Datum | None = None
    recent: tuple[Datum, ...] = ()


class Raised(msgspec.Struct, frozen=True, gc=False):
    """An alert that stands open: `level` and `since` are of its present level, `value` in `unit` as it was told.

    `parameters`: of a silence, what is missed; none: all.
    """

    kind: str
    rule: str
    station: str
    parameter: str
    level: int
    since: datetime
    value: float
    unit: str
    parameters: tuple[str, ...] = ()
    why: tuple[tuple[str, str], ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """All of it: `sensors` by parameter, `derived` by parameter (its newest value), open alerts of the place and of what it floods."""

    now: datetime
    sensors: dict[str, Sensor] = {}
    derived: dict[str, Datum] = {}
    alerts: tuple[Raised, ...] = ()

    def sensor(self, parameter: str) -> Sensor:
        """What the sensor said; an empty one where it never did."""
        return self.sensors.get(parameter, Sensor())
