"""A day of storm at the stations of the example: shapes as nature has them, with noise that is the same each time."""

from __future__ import annotations

import math
import random

from infra.lab.measure.arrivals import DAY, HOUR, MINUTE, T0, Told

EVERY = 5 * MINUTE
SENSORS = (
    ("phu-oc", "river_level"),
    ("phu-oc", "rain"),
    ("bo-la-van", "dissolved_oxygen"),
    ("bo-la-van", "water_temperature"),
    ("bo-la-van", "ph"),
    ("bo-la-van", "turbidity"),
    ("air-la-van-ha", "pm25"),
    ("air-la-van-ha", "pm10"),
    ("air-la-van-ha", "humidity"),
)


def value(code: str, hour: float, noise: random.Random) -> float:
    """What a sensor of `code` reads at an hour of the storm; the storm's peak is at hour 14 of each day."""
    wave = math.exp(-(((hour % 24) - 14) ** 2) / 18)
    night = math.cos((hour % 24 - 5) / 24 * 2 * math.pi)
    found = {
        "river_level": 0.8 + 4.3 * wave + noise.gauss(0, 0.01),
        "rain": max(0.0, round(6 * math.exp(-(((hour % 24) - 10) ** 2) / 8) + noise.gauss(0, 0.3), 1)),
        "dissolved_oxygen": 4.0 - 1.9 * night + noise.gauss(0, 0.05),
        "water_temperature": 27 - 2 * night + noise.gauss(0, 0.05),
        "ph": 7.4 - 0.3 * night + noise.gauss(0, 0.02),
        "turbidity": 30 + 400 * wave + noise.gauss(0, 5),
        "pm25": 55 + 45 * night + noise.gauss(0, 4),
        "pm10": 80 + 60 * night + noise.gauss(0, 6),
        "humidity": 80 + 12 * wave + noise.gauss(0, 0.5),
    }[code]
    return round(found, 3)


def day(hours: float = 24, *, seed: int = 1, from_hour: float = 0, odd: bool = True) -> list[Told]:
    """`hours` of readings every five minutes; `odd`: with spikes, stuck values, jumps, gaps and calibrations in them."""
    noise = random.Random(seed)  # noqa: S311 (no secret)
    found = []
    for place, (station, code) in enumerate(SENSORS):
        stuck = 0.0
        for i in range(round(hours * 12)):
            at_ms = T0 + round(from_hour * HOUR) + i * EVERY + place * 7_000
            now = value(code, (at_ms - T0) / HOUR, noise)
            status, chance = 0, noise.random()
            if odd and chance < 0.004:
                now = round(now + noise.choice((-6, 6, 0.5)), 3)
            elif odd and chance < 0.01:
                status = noise.choice((1, 2))
            elif odd and chance < 0.02:
                continue
            if odd and i % 97 > 70 and place % 3 == 0:
                now = stuck
            stuck = now
            found.append(Told(at_ms, station, code, now, status))
    return sorted(found)


__all__ = ["DAY", "EVERY", "SENSORS", "day", "value"]
