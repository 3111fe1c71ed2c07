"""The real recordings of river, street and river camera, as the rules take them; nothing of them is copied here."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

FOOT_M = 0.3048
GAUGE_OFFSET_H = {"MDT": -6, "MST": -7}
CAMERA_ZONE = ZoneInfo("America/Denver")
"""The gauge's state; the camera's nights in the file fit no other."""
Readings = list[tuple[int, float]]


def gauge(data: Path) -> Readings:
    """Stage in metres with its time, each time once, sorted."""
    found: dict[int, float] = {}
    with (data / "river" / "river_gauge_15min.csv").open(encoding="utf-8") as file:
        for number, row in enumerate(csv.reader(file)):
            if number >= 2:
                zone = timezone(timedelta(hours=GAUGE_OFFSET_H[row[3]]))
                at = datetime.strptime(row[2], "%Y-%m-%d %H:%M").replace(tzinfo=zone)
                found.setdefault(round(at.timestamp() * 1000), float(row[4]) * FOOT_M)
    return sorted(found.items())


class Street(NamedTuple):
    """One flood of one street: when it began (local), and depth in inches by ms since then."""

    started: str
    readings: Readings


def streets(data: Path) -> list[Street]:
    """All street floods by their beginning; a depth told twice for a time counts once."""
    with (data / "flood" / "street_flood_events.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        seconds = json.loads(row["flood_profile_time_secs"])
        depths = json.loads(row["flood_profile_depth_inches"])
        readings = dict(zip((1000 * second for second in reversed(seconds)), reversed(depths), strict=True))
        found.append(Street(row["flood_start_time"], sorted(readings.items())))
    return sorted(found)


class Picture(NamedTuple):
    """A picture's local time and the water pixels of its two regions."""

    local: datetime
    pixels: tuple[int, ...]


def pictures(data: Path) -> list[Picture]:
    """The river camera's readings by time."""
    with (data / "river" / "river_camera_water_pixels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        local = datetime.strptime(row["image_timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CAMERA_ZONE)
        found.append(Picture(local, tuple(int(one) for one in row["roi"].strip("{}").split(","))))
    return sorted(found)
