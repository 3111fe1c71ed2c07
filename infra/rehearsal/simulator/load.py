"""The load generator: plain readings of many made-up stations at a steady rate. Pure.

Each station is a river gauge of its own, so that checks and rules do real work on every reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import numpy as np

from models.alerting.alert import Kind
from models.commune.configuration import (
    Commune,
    Direction,
    Level,
    Parameter,
    Rule,
    Station,
)
from models.envelope.reading import SCHEMA_VERSION, Reading

PARAMETER = Parameter("river_level", "m", -1.0, 15.0, interval_s=1, silent_after_s=3600)
LEVELS = [Level(1, "I", 1.5, 1.3), Level(2, "II", 3.0, 2.8), Level(3, "III", 4.5, 4.3)]


class Sent(msgspec.Struct, frozen=True, gc=False):
    """One message of the load: seconds after the start, station, bytes."""

    after_s: float
    station: str
    payload: bytes


def station_id(i: int) -> str:
    """Id of the i-th made-up station."""
    return f"load-{i:04d}"


def commune(stations: int) -> Commune:
    """A configuration in which the made-up stations stand, with one rule over all of them."""
    names = [station_id(i) for i in range(stations)]
    rule = Rule("load-river", Kind.RIVER, "river_level", names, Direction.ABOVE, LEVELS)
    return Commune([], [], [Station(name, name, [], [PARAMETER]) for name in names], [rule], [])


def load(rate: float, seconds: float, start: datetime, stations: int = 200, seed: int = 1) -> Iterator[Sent]:
    """`rate` readings a second for `seconds`, one station after the other; event time is sending time.

    Levels wander between 0.8 and 1.4 m: below alarm level I, as on nearly all days of the year.
    """
    rng = np.random.default_rng(seed)
    levels = np.round(rng.uniform(0.8, 1.4, 4096), 2)
    encode = msgspec.json.encode
    for i in range(int(rate * seconds)):
        after_s = i / rate
        # To the microsecond, so that no station sends twice for the same time at any rate below 1 MHz.
        at = start + timedelta(seconds=after_s)
        place = station_id(i % stations)
        value = float(levels[i % len(levels)])
        yield Sent(
            after_s,
            place,
            encode(Reading(SCHEMA_VERSION, place, i // stations, at, "river_level", value, "m")),
        )
