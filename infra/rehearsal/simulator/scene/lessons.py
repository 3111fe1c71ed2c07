"""Pictures of the ford to teach its camera from: another day and another seed than the storm's, each with what it shows.

As somebody of the commune would choose them: dry at several hours and in rain, wet, and what it looked like when it was flooded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2

from infra.rehearsal.simulator.scene.flood_cameras import FORD, Weather, show
from infra.rehearsal.simulator.scene.floodplain import FORD_M
from infra.rehearsal.simulator.scene.light import HOUR_S, daylight

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

SEED = 41
QUALITY = 90
DRY_M = FORD_M - 1.1
"""The river on an ordinary day: not in the fields beside the road."""
DRY_HOURS = (
    0.0,
    2.0,
    4.0,
    5.4,
    5.8,
    6.5,
    7.5,
    8.5,
    9.5,
    10.5,
    11.5,
    12.5,
    13.5,
    14.5,
    15.5,
    16.6,
    17.2,
    17.7,
    18.5,
    20.0,
    22.0,
)
RAIN_HOURS = (6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 17.4, 19.0, 21.0, 23.0)
"""Dry of water, wet of rain: what most easily looks like a flood, and is none."""
WET_CM = (1.5, 2.5)
FLOODED_CM = (20, 45, 80, 150)
FLOODED_HOURS = (7.0, 10.0, 13.0, 17.0)
"""By daylight: at night nobody of the commune stood there with a light."""


class Lesson(NamedTuple):
    """A picture (720, 1280, 3) BGR, its name, the second of its day, and what its road is: dry, wet or flooded."""

    name: str
    second: float
    state: str
    picture: NDArray[np.uint8]


def lessons() -> Iterator[Lesson]:
    """All of them, in the order of what they show; the same each time."""
    yield from _made("dry", [(hour, DRY_M, 0.0) for hour in DRY_HOURS])
    yield from _made("dry", [(hour, DRY_M, 0.8) for hour in RAIN_HOURS], "rain")
    yield from _made("wet", [(hour, FORD_M + cm / 100, 0.4) for hour in (8.0, 15.0) for cm in WET_CM])
    deep = [
        (hour, FORD_M + cm / 100, 0.5 * (i % 2)) for hour in FLOODED_HOURS for i, cm in enumerate(FLOODED_CM)
    ]
    yield from _made("flooded", deep)


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    """A picture as a camera would leave it."""
    done, found = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        msg = f"no JPEG of a picture of {picture.shape}"
        raise RuntimeError(msg)
    return found.tobytes()


def _made(state: str, wanted: list[tuple[float, float, float]], word: str = "") -> Iterator[Lesson]:
    for number, (hour, level, wet) in enumerate(wanted):
        second = hour * HOUR_S + 7
        weather = Weather(daylight(second), wet)
        picture, _ = show(FORD, second, level, weather=weather, seed=SEED + number)
        yield Lesson(f"{word or state}-{number:02d}", second, state, picture)
