"""Two shapes that hold many readings in a row: floods of streets with their profile, a river camera with two regions."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import polars as pl

from infra.rehearsal.recordings import stamps
from infra.rehearsal.recordings.generic import SCHEMA, Got, ids_of, slug
from infra.rehearsal.recordings.heads import Head
from infra.rehearsal.recordings.notes import Notes, shown

INCH_TO_CM = 2.54
UTAH_MIN = -7 * 60
CAMERA_REGIONS = ("first-dam-camera-1", "first-dam-camera-2")
_REGIONS = re.compile(r"\{(\d+),(\d+)\}")
Reading = tuple[str, str, str, datetime, int, float, int]


def floods(head: Head, base: str, notes: Notes) -> Got:
    """Depth profiles in inches (to cm), a station per sensor: its own id in small letters, behind `base` where there is one. The clock is UTC.

    The file names no zone. It is not New York's: a flood begins at 02:21 on 10 March 2024, which
    no clock there showed, and those of 1 September 2021 (Ida, 21:20 local) stand at 01:24 next day.
    """
    got, out = Got(lines=len(head.rows), floods=True), list[Reading]()
    column = head.names.index("sensor_id")
    sensors = dict.fromkeys(cells[column] for _, cells in head.rows if column < len(cells))
    ids = ids_of(list(sensors), base) if base else {sensor: sensor.lower() for sensor in sensors}
    got.names = {code: name for name, code in ids.items()} if base else {}
    at = {name: head.names.index(name) for name in head.names}
    wanted = ("sensor_id", "flood_start_time", "flood_profile_depth_inches", "flood_profile_time_secs")
    for line, cells in head.rows:
        if len(cells) != len(head.names):
            notes.add(("ragged",), line, (f"thấy {len(cells)} ô, cần {len(head.names)}; bỏ dòng này",
                      f"found {len(cells)} fields, expected {len(head.names)}; row left out"), 1)  # fmt: skip
            got.lost += 1
            continue
        sensor, start, depths, seconds = (cells[at[name]] for name in wanted)
        stamp = stamps.parse(start)
        try:
            profile = list(zip(json.loads(depths), json.loads(seconds), strict=True))
        except (ValueError, TypeError):
            profile = []
        if stamp is None or not profile or not slug(sensor):
            bad = start if stamp is None else depths
            notes.add(("profile",), line, (f"{shown(bad)} không đọc được, cần thời gian và hai dãy số dài bằng nhau; bỏ dòng này",
                      "expected a time and two lists of equal length; row left out"), 1)  # fmt: skip
            got.lost += 1
            continue
        for depth, after in profile:
            if depth is None or after is None:
                got.gaps += 1
                continue
            when = stamp.at + timedelta(milliseconds=round(after * 1000))
            out.append((ids[sensor], "street_depth", "cm", when, stamp.offset_min or 0, round(depth * INCH_TO_CM, 4), line))  # fmt: skip
    got.parts.append(pl.DataFrame(out, schema=SCHEMA, orient="row"))
    return got


def camera(head: Head, station: str, notes: Notes) -> Got:
    """Water pixels of two regions, two stations.

    The clock is Utah's without summer time: both nights of the change have all 24 hours, and the
    dark hours are 20:00 to 05:00 all year.
    """
    got, out = Got(lines=len(head.rows)), list[Reading]()
    names = CAMERA_REGIONS if not station else (f"{station}-1", f"{station}-2")
    at, roi = head.names.index("image_timestamp"), head.names.index("roi")
    for line, cells in head.rows:
        stamp = stamps.parse(cells[at]) if at < len(cells) else None
        found = _REGIONS.fullmatch(cells[roi]) if roi < len(cells) else None
        if stamp is None or found is None:
            if len(cells) == len(head.names) and stamp is not None and not cells[roi]:
                got.gaps += 2
                continue
            bad = " ".join(cells[i] for i in (at, roi) if i < len(cells))
            notes.add(("roi",), line, (f"{shown(bad)} không đọc được, cần thời gian và hai số điểm ảnh {{a,b}}; bỏ dòng này",
                      "expected a time and two counts of pixels; row left out"), 2)  # fmt: skip
            got.lost += 2
            continue
        away = UTAH_MIN if stamp.offset_min is None else stamp.offset_min
        out += [
            (name, "water_pixels", "1", stamp.at, away, float(found[i]), line)
            for i, name in enumerate(names, 1)
        ]
    # By station, as a column each would be.
    out.sort(key=lambda one: one[0])
    got.parts.append(pl.DataFrame(out, schema=SCHEMA, orient="row"))
    return got
