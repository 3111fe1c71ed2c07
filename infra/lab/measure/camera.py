"""The river camera and the gauge as witnesses: what the camera says by day and by night, and what they say together.

`python -m infra.lab.measure.camera --data ../shared/data`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from connectors import commune as files
from infra.lab.measure.offline import judged
from infra.rehearsal.recordings import configuration, readers
from models.river.camera import dark, seen
from models.river.witness import State


def looked(data: Path) -> Counter[tuple[str, str]]:
    """(day or night, what the camera says) -> pictures, as its rule of the recordings' river.yaml judges them."""
    camera = files.load(configuration.FOLDER).water_cameras[0]
    frame = readers.camera(data / "river" / "river_camera_water_pixels.csv").frame
    wide = frame.pivot(on="station", index="ms", values="value", aggregate_function="first").drop_nulls()
    found: Counter[tuple[str, str]] = Counter()
    for ms, *pixels in wide.select("ms", *camera.stations).iter_rows():
        local = datetime.fromtimestamp(ms / 1000, UTC) + timedelta(hours=camera.utc_offset_h)
        said = seen(camera.rule, local, tuple(round(pixel) for pixel in pixels))
        found["night" if dark(camera.rule, local.hour) else "day", said.sight.name.lower()] += 1
    return found


def alerts(data: Path) -> list[tuple[datetime, int, int]]:
    """(time, level before, level after) of the place's alert, with the gauge."""
    folder = data / "river"
    both = [
        readers.camera(folder / "river_camera_water_pixels.csv").frame,
        readers.gauge(folder / "river_gauge_15min.csv").frame,
    ]
    together = pl.concat([one.select("station", "ms", "payload") for one in both])
    parts = judged(together, files.load(configuration.FOLDER))
    return [
        (change.at, change.previous, change.level)
        for part in parts
        for change in part.changes
        if change.rule == "witness"
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    if not (data / "river" / "river_camera_water_pixels.csv").is_file():
        raise SystemExit(f"không có {data}/river/river_camera_water_pixels.csv (no such file)")
    found = looked(data)
    sights = sorted({sight for _, sight in found})
    print("| pictures | " + " | ".join(sights) + " |\n|---|" + "---|" * len(sights))
    for when in ("day", "night"):
        print(f"| {when} | " + " | ".join(str(found[when, sight]) for sight in sights) + " |")
    told = alerts(data)
    checks = sum(after == 1 and before == 0 for _, before, after in told)
    alarms = [at for at, before, after in told if after > before and after > 1]
    print(f"\nwith the gauge: {checks} checks ({State.FLOOD} from one), {len(alarms)} alarms (from both)")


if __name__ == "__main__":
    main()
