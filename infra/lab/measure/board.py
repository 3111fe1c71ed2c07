"""Level at a board and level from a zone's share, beside what people read: `python -m infra.lab.measure.board --data ../shared/data`.

48 pictures of a board in a tidal marsh (river/gauge_camera), twelve of them read by eye before any code was written (BY_EYE), and a river
camera beside its gauge: learned on the first half of its day pictures, told on the second.
"""

from __future__ import annotations

import argparse
import statistics
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from connectors import commune as files
from infra.rehearsal.recordings import configuration, readers
from models.river.camera import Sight, dark, seen
from models.vision.board import Reading, Unread, read
from models.vision.camera import Board, BoardForm
from models.vision.share_level import learn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SIZE = 800, 600
BY_EYE = {
    "12-05-31-18-30": ("day", 86.6), "12-06-30-05-45": ("day", 63.2), "12-06-30-07-00": ("day", 54.6),
    "12-06-30-09-30": ("day", 22.0), "12-05-31-19-30": ("dusk", 86.7), "12-05-31-19-45": ("dusk", 85.8),
    "12-05-31-20-15": ("dusk", 83.6), "12-05-31-20-45": ("dusk", 80.9), "12-05-31-21-30": ("night", 72.7),
    "12-05-31-22-00": ("night", 60.7), "12-05-31-22-45": ("night", 44.6), "12-05-31-23-30": ("night", 34.9),
}  # fmt: skip
"""cm on the staff (teeth of 1 cm; the tip of a long tooth is the full decimetre), each +-0.5, counted in crops enlarged seven times."""
TURNS = {"12-05-31": "19-00", "12-06-30": "06-00"}
"""High water of each day: the water rises until about then (one reading either way), and falls after it."""
STILL_CM = 0.5
"""Around high water the level may do either; ripples are up to so much."""


class Drawn(NamedTuple):
    """A board as it was drawn into the pictures: its marks and what is around it."""

    board: Board
    polygon: list[tuple[float, float]]


def _at(x: float, y: float) -> tuple[float, float]:
    return x / SIZE[0], y / SIZE[1]


DRAWN = {
    "staff": Drawn(
        Board(BoardForm.STAFF, _at(303, 250.0), _at(308, 531.4), 90, 20, _at(305.5, 372.9), 60),
        [_at(289, 209), _at(316, 209), _at(326, 598), _at(291, 598)],
    ),
    "bow-tie": Drawn(
        Board(BoardForm.BOW_TIE, _at(540, 250.0), _at(540, 531.4), 90, 20, _at(540, 372.9), 60),
        [_at(340, 56), _at(740, 56), _at(735, 598), _at(345, 598)],
    ),
}
"""The marks are the staff's own at 90, 60 and 20 cm; the bow-tie board stands beside it in the same water."""


def pictures(data: Path) -> list[tuple[str, NDArray[np.uint8]]]:
    """(time as in the name, picture) of the gauge camera, in order. Raises SystemExit where there are none."""
    found = sorted((data / "river" / "gauge_camera").glob("*.jpg"))
    if not found:
        raise SystemExit(f"không có ảnh trong {data}/river/gauge_camera (no pictures)")
    import cv2

    read_in = [(path.stem[-14:], cv2.imread(str(path))) for path in found]
    return [(name, np.asarray(picture, np.uint8)) for name, picture in read_in if picture is not None]


def readings(
    drawn: Drawn, shown: Sequence[tuple[str, NDArray[np.uint8]]], *, alone: bool
) -> dict[str, Reading | Unread]:
    """What is read of each picture, `alone` or with what was read before."""
    found: dict[str, Reading | Unread] = {}
    before = None
    for name, picture in shown:
        at_ms = round(datetime.strptime(name, "%y-%m-%d-%H-%M").replace(tzinfo=UTC).timestamp() * 1000)
        told = read(picture, drawn.board, before, at_ms, polygon=drawn.polygon)
        found[name] = told
        if isinstance(told, Reading) and not alone:
            before = told
    return found


def errors(found: dict[str, Reading | Unread]) -> dict[str, list[float]]:
    """By light: read minus what was read by eye; nan where nothing was read."""
    by: dict[str, list[float]] = {}
    for name, (light, eye) in BY_EYE.items():
        told = found[name]
        by.setdefault(light, []).append(told.cm - eye if isinstance(told, Reading) else float("nan"))
    return by


def in_course(found: dict[str, Reading | Unread]) -> int:
    """How many of the readings go where the water goes: up until high water, down after it. The first of a day counts if it was read."""
    right = 0
    for day, turn in TURNS.items():
        own = [(name[-5:], told) for name, told in found.items() if name.startswith(day)]
        right += isinstance(own[0][1], Reading)
        for (_, before), (at, now) in pairwise(own):
            if isinstance(before, Reading) and isinstance(now, Reading):
                rise = now.cm - before.cm
                right += rise > -STILL_CM if at <= turn else rise < STILL_CM
    return right


class River(NamedTuple):
    """The river camera's second half: `told` of `day` pictures with an error each (cm), and what was said of `night`."""

    day: int
    told: list[float]
    inside: list[float]
    night: int
    night_levels: int
    night_floods: int


def river(data: Path) -> River:
    """Learn share -> level on the first half of the day pictures, tell the second half.

    `inside`: the errors of those whose true level had been seen in the first half.
    """
    camera = files.load(configuration.FOLDER).water_cameras[0]
    frame = readers.camera(data / "river" / "river_camera_water_pixels.csv").frame
    wide = frame.pivot(on="station", index="ms", values="value", aggregate_function="first").drop_nulls()
    gauge = readers.gauge(data / "river" / "river_gauge_15min.csv").frame.sort("ms")
    times, stages = gauge["ms"].to_numpy(), gauge["value"].to_numpy() * 100
    all_pixels = sum(region.pixels for region in camera.rule.regions)
    day: list[tuple[float, float]] = []
    night = levels = floods = 0
    for ms, *pixels in wide.sort("ms").select("ms", *camera.stations).iter_rows():
        local = datetime.fromtimestamp(ms / 1000, UTC) + timedelta(hours=camera.utc_offset_h)
        sight = seen(camera.rule, local, tuple(round(pixel) for pixel in pixels)).sight
        judged = sight in {Sight.CALM, Sight.FLOOD}
        if dark(camera.rule, local.hour):
            night += 1
            levels += judged
            floods += sight is Sight.FLOOD
        elif judged and np.abs(times - ms).min() <= 900_000:
            day.append((sum(pixels) / all_pixels, float(np.interp(ms, times, stages))))
    first, second = day[: len(day) // 2], day[len(day) // 2 :]
    curve = learn([share for share, _ in first], [level for _, level in first])
    if curve is None:
        raise SystemExit("quá ít ảnh ban ngày có thước bên cạnh (too few pictures by day beside the gauge)")
    lowest, highest = min(level for _, level in first), max(level for _, level in first)
    told = [(found[0] - level, level) for share, level in second if (found := curve.level(share)) is not None]
    inside = [error for error, level in told if lowest <= level <= highest]
    return River(len(second), [error for error, _ in told], inside, night, levels, floods)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    shown = pictures(data)
    lights = ("day", "dusk", "night")
    print(
        "| board | read | "
        + " | ".join(f"{light}: worst, mean (n)" for light in lights)
        + " | in its course |"
    )
    print("|---|---|" + "---|" * len(lights) + "---|")
    for name, drawn in DRAWN.items():
        for alone in (True, False):
            found = readings(drawn, shown, alone=alone)
            by = errors(found)
            cells = [
                f"{max(map(abs, by[light])):.1f}, {statistics.fmean(map(abs, by[light])):.1f} cm ({len(by[light])})"
                for light in lights
            ]
            count = sum(isinstance(told, Reading) for told in found.values())
            way = "each alone" if alone else "in order"
            print(
                f"| {name}, {way} | {count} of {len(found)} | "
                + " | ".join(cells)
                + f" | {in_course(found)} |"
            )
    said = river(data)
    mae, within = (statistics.fmean(map(abs, own)) for own in (said.told, said.inside))
    print(
        f"\nriver camera, second half by day: {len(said.told)} of {said.day} told, MAE {mae:.1f} cm"
        f" (bias {statistics.fmean(said.told):+.1f}); where the level itself had been seen: {len(said.inside)}, MAE {within:.1f} cm"
    )
    print(f"nights: {said.night} pictures, {said.night_levels} levels, {said.night_floods} floods")


if __name__ == "__main__":
    main()
