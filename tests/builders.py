"""Builders with defaults: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from models.alerting.alert import Kind
from models.commune.configuration import Average, Commune, Direction, Level, Parameter, Rule, Station
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.envelope.reading import Reading

START_MS = 1_790_000_000_000 // 3_600_000 * 3_600_000
"""A full hour in September 2026."""
MINUTE = 60_000


def at(ms: int) -> datetime:
    """The instant of `ms` after the epoch."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def reading(value: float = 1.0, *, minute: float = 0, **changed: Any) -> Reading:
    """A river level at Phú Ốc, `minute` minutes after START_MS."""
    fields = {
        "v": 1,
        "source": "phu-oc",
        "seq": abs(int(minute)),
        "at": at(START_MS + round(minute * MINUTE)),
        "parameter": "river_level",
        "value": value,
        "unit": "m",
    }
    return Reading(**(fields | changed))


def payload(value: float = 1.0, **changed: Any) -> bytes:
    """The bytes of `reading`."""
    return msgspec.json.encode(reading(value, **changed))


def batch(
    values: list[bytes], *, minutes: list[float] | None = None, first: int = 0, **changed: Any
) -> RawBatch:
    """Records of the partition of Phú Ốc, taken at `minutes` (default: their order)."""
    minutes = [float(i) for i in range(len(values))] if minutes is None else minutes
    fields = {
        "topic": "readings",
        "partition": partition_of("phu-oc"),
        "offsets": [first + i for i in range(len(values))],
        "values": values,
        "keys": [b"phu-oc"] * len(values),
        "stamps_ms": [START_MS + round(minute * MINUTE) for minute in minutes],
        "next_offset": first + len(values),
    }
    return RawBatch(**(fields | changed))


def rule(**changed: Any) -> Rule:
    """The alarm levels of Phú Ốc, Decision 05/2020/QD-TTg, cleared 0.2 m below."""
    levels = [Level(1, "BĐ1", 1.5, 1.3), Level(2, "BĐ2", 3.0, 2.8), Level(3, "BĐ3", 4.5, 4.3)]
    fields = {
        "id": "river-phu-oc",
        "kind": Kind.RIVER,
        "parameter": "river_level",
        "stations": ["phu-oc"],
        "direction": Direction.ABOVE,
        "levels": levels,
    }
    return Rule(**(fields | changed))


def commune(*rules: Rule) -> Commune:
    """One river gauge that also measures air, so that every kind of rule has a sensor."""
    level = Parameter("river_level", "m", -1.0, 10.0, 300, 1800)
    dust = Parameter("pm25", "ug/m3", 0.0, 1000.0, 300, 3600)
    stations = [Station("phu-oc", "Phú Ốc", ["la-van-ha"], [level, dust])]
    return Commune([], [], stations, list(rules) or [rule()], [])


def oxygen_rule() -> Rule:
    """Fish levels of the commune: below 3 and below 2 mg/L; here on the gauge's own level."""
    levels = [Level(1, "mức 1", 3.0, 3.5), Level(2, "mức 2", 2.0, 2.5)]
    return rule(id="oxygen", kind=Kind.OXYGEN, direction=Direction.BELOW, levels=levels)


def dust_rule() -> Rule:
    """Hourly PM2.5 at 50, 80 and 150 ug/m3: VN_AQI 100, 150, 200 (Decision 1459)."""
    levels = [Level(1, "kém", 50, 45), Level(2, "xấu", 80, 75), Level(3, "rất xấu", 150, 140)]
    return rule(id="pm25-hourly", kind=Kind.AIR, parameter="pm25", levels=levels, average=Average.HOUR)
