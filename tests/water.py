"""A road that floods from below, as a camera sees it: pictures, a net for which blue is water, and a camera that was taught with both."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.catalogue.analytics import ZoneKind
from models.vision.camera import Camera, DepthMark, Zone, ZoneLevel
from models.vision.lesson import Label, Shot, State
from models.vision.look import look
from models.vision.taught import Taught
from models.vision.teach import Teaching, teach
from tests.builders import START_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROAD = [(0.1, 0.5), (0.9, 0.5), (0.9, 1.0), (0.1, 1.0)]
MARKS = [
    DepthMark(((0.1, 0.9), (0.9, 0.9)), 10),
    DepthMark(((0.1, 0.75), (0.9, 0.75)), 30),
    DepthMark(((0.1, 0.6), (0.9, 0.6)), 60),
]
NOON_MS = START_MS
HOUR_MS = 3_600_000


def road(*, marks: bool = True, hold_s: int = 5) -> Zone:
    """The lower half of the picture; levels in cm, without marks in %."""
    levels = [ZoneLevel(1, "ngập", 20, 10), ZoneLevel(2, "ngập sâu", 50, 40)]
    return Zone(
        "duong", "Mặt đường", ZoneKind.WATER, ROAD, levels=levels, hold_s=hold_s, marks=MARKS if marks else []
    )


def camera(zone: Zone | None = None, **changed: object) -> Camera:
    """A camera above that road."""
    fields = {"heartbeat_s": 1, "frozen_after_s": 600, "zones": [zone or road()]}
    return Camera("cho", "Camera cầu tràn", ["la-van-ha"], "rtsp://192.0.2.11/live", **(fields | changed))  # type: ignore[arg-type]


def scene(water: float = 0.0, light: float = 1.0, view: int = 0) -> NDArray[np.uint8]:
    """A BGR picture (180, 320, 3): grey lines, and blue over the lowest `water` of the road (0..1 of its height); `view`: another place."""
    grey = _ground(view)
    picture = np.repeat(grey[:, :, None], 3, axis=2)
    top = round(180 * (1 - 0.5 * water))
    wet = picture[top:]
    wet[:, :, 0] = wet[:, :, 0] * 0.2 + 160
    wet[:, :, 2] = wet[:, :, 2] * 0.2 + 20
    return np.clip(picture * light, 0, 255).astype(np.uint8)


@cache
def _ground(view: int) -> NDArray[np.float32]:
    random = np.random.default_rng(view)
    grey = np.full((180, 320), 100, np.float32)
    for _ in range(40):
        x1, y1, x2, y2 = random.integers((0, 0, 0, 0), (320, 180, 320, 180)).tolist()
        shade, wide = float(random.uniform(40, 250)), int(random.integers(2, 7))
        cv2.line(grey, (x1, y1), (x2, y2), shade, wide)
    return grey


def segment(pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
    """Probability of water on 72 x 128: how blue it is, for its light; a grey road is 0.1."""
    found = []
    for picture in pictures:
        small = cv2.resize(picture, (128, 72), interpolation=cv2.INTER_AREA).astype(np.float32)
        blue = (small[:, :, 0] - small[:, :, 2]) / np.maximum(small.max(axis=2), 1)
        found.append(np.clip(0.1 + blue, 0, 1).astype(np.float32))
    return found


def shot(name: str, water: float = 0.0, light: float = 1.0, at_ms: int | None = None, view: int = 0) -> Shot:
    """A picture to teach from."""
    picture = scene(water, light, view)
    return Shot(name, at_ms, picture.shape[1], picture.shape[0], look(picture), segment([picture])[0])


def shots() -> list[Shot]:
    """Eight dry pictures of a day, and two of a flood."""
    dry = [shot(f"kho-{i}", light=0.9 + 0.02 * i, at_ms=START_MS + i * 60_000) for i in range(8)]
    return [*dry, shot("ngap-0", 0.6), shot("ngap-1", 0.8)]


def labels(zone: str = "duong") -> list[Label]:
    """What a person says of `shots`: the flooded crops are where the water is."""
    dry = [Label(f"kho-{i}", zone, State.DRY) for i in range(8)]
    return [*dry, *(Label(f"ngap-{i}", zone, State.FLOODED, (0.1, 0.8, 0.9, 1.0)) for i in range(2))]


def taught(of: Camera | None = None) -> Taught:
    """What the camera knows after that."""
    own = of or camera()
    found = teach(own, shots(), labels(own.zones[0].id), Teaching("thử", START_MS, "blue"))
    assert isinstance(found, Taught), found
    return found
