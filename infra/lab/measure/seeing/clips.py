"""Healthy clips: recordings, rendered places, and photographs under weather that `weather` makes; seeds are fixed.

A clip of `held` is looked at once, when all limits stand. Pictures are (h, w, 3) BGR at a camera's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.lab.measure.seeing.weather import WEATHER, grain
from infra.rehearsal.simulator.scene.camera import VIEWS, random_scene, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

NUMBER = 90
"""Pictures of a clip."""
MARGIN = 0.16
"""Of a photograph, at each side: what comes into view when the camera is turned."""
SIZES = ((352, 288), (640, 360), (704, 576), (1280, 720), (1920, 1080))


@dataclass(frozen=True)
class Clip:
    """`at(i, (dx, dy))`: its picture at second i, of a camera turned by so much of its width and height."""

    name: str
    at: Callable[[int, tuple[float, float]], Picture]
    number: int = NUMBER
    held: bool = False
    goes_on: bool = True

    def second(self, i: int, every_s: float) -> int:
        """Which picture is the i-th of a pace; of a film, which ends, the next one whatever the pace."""
        return round(i * every_s) if self.goes_on else i


def every(data: Path) -> list[Clip]:
    """All of them; without recordings (`data` is not there) the rendered ones only."""
    return [*_films(data), *_rendered(), *_photographs(data)]


def _films(data: Path) -> list[Clip]:
    crowd, board = data / "crowd", data / "river" / "gauge_camera"
    made = []
    if (crowd / "vtest.avi").is_file():
        made += [
            Clip("vtest, first half", _film(crowd / "vtest.avi", 0, 4), goes_on=False),
            Clip("vtest, second half", _film(crowd / "vtest.avi", 400, 4), held=True, goes_on=False),
            Clip("vtest, one a second", _film(crowd / "vtest.avi", 3, 7), goes_on=False),
            Clip("TUD-Campus", _film(crowd / "tud_campus.mp4", 0, 1), 70, goes_on=False),
        ]
    if board.is_dir():
        found = sorted(board.glob("*.jpg"))
        parts = {"evening": found[:24], "morning": found[24:]}
        made += [
            Clip(f"gauge board, {name}", _stills(tuple(part)), 24, goes_on=False)
            for name, part in parts.items()
        ]
    return made


def _rendered() -> list[Clip]:
    hours = {"cho-quang-tho": (4, 5.6, 7.5, 11, 15), "duong-la-van": (4, 6, 15, 17.5, 22)}
    held = {("cho-quang-tho", 11), ("duong-la-van", 17.5)}
    films = [
        Clip(f"{camera} at {hour:g} h", _scene(camera, hour), held=(camera, hour) in held)
        for camera, several in hours.items()
        for hour in several
    ]
    places = [
        Clip(
            f"place {seed}, {weather}",
            _under(partial(_place, seed), weather, SIZES[k % 5]),
            held=k % 3 == 2,
        )
        for k, (seed, weather) in enumerate(zip(range(100, 112), ("still", "night", "clouds", "quiet", "rain", "denoised",
            "infrared", "exposure", "truck", "lamps", "wind", "person"), strict=True))
    ]  # fmt: skip
    return [*films, *places]


def _photographs(data: Path) -> list[Clip]:
    """Streets: every weather once by day's photographs, and once more, held back, by others."""
    folder = data / "flood" / "street_photos"
    dry, mishra, duy = (
        sorted(folder.glob(each)) for each in ("dry/*.jpg", "flooded/mishra*.jpg", "flooded/duy*.jpg")
    )
    if not (dry and mishra and duy):
        return []
    names = list(WEATHER)
    first = [(dry[k % 11] if k % 2 else mishra[7 * k], name, False) for k, name in enumerate(names)]
    second = [(dry[11 + k % 11] if k % 2 else duy[9 * k], name, True) for k, name in enumerate(names)]
    return [
        Clip(f"{path.stem}, {name}", _under(partial(_read, path), name, SIZES[k % 5]), held=held)
        for k, (path, name, held) in enumerate([*first, *second])
    ]


def _place(seed: int) -> Picture:
    return np.asarray(random_scene(seed)[0], np.uint8)


@cache
def _read(path: Path) -> Picture:
    return np.asarray(cv2.imread(str(path)), np.uint8)


@cache
def _frames(path: Path) -> list[Picture]:
    film, found = cv2.VideoCapture(str(path)), []
    while (picture := film.read())[0]:
        found.append(np.asarray(picture[1], np.uint8))
    return found


def _film(path: Path, first: int, step: int) -> Callable[[int, tuple[float, float]], Picture]:
    return lambda i, away: _aside(_frames(path)[first + i * step], away)


def _stills(paths: tuple[Path, ...]) -> Callable[[int, tuple[float, float]], Picture]:
    """Photographs of a camera in their order, the last again with noise when they are used up."""

    def at(i: int, away: tuple[float, float]) -> Picture:
        read = _read(paths[min(i, len(paths) - 1)])
        picture = np.asarray(cv2.resize(read, (640, 480), interpolation=cv2.INTER_AREA), np.uint8)
        return _aside(picture if i < len(paths) else grain(picture.astype(np.float32), 2, 50, i), away)

    return at


def _scene(camera: str, hour: float) -> Callable[[int, tuple[float, float]], Picture]:
    def at(i: int, away: tuple[float, float]) -> Picture:
        picture = render(VIEWS[camera], hour * 3600 + i)[0]
        small = cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA)
        return _aside(np.asarray(small, np.uint8), away)

    return at


def _aside(picture: Picture, away: tuple[float, float]) -> Picture:
    """Where nothing is known beyond the rim, its mirror stands there."""
    if not any(away):
        return picture
    height, width = picture.shape[:2]
    shift = np.array([[1, 0, -away[0] * width], [0, 1, -away[1] * height]], np.float32)
    return np.asarray(
        cv2.warpAffine(picture, shift, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def _under(
    source: Callable[[], Picture], weather: str, size: tuple[int, int]
) -> Callable[[int, tuple[float, float]], Picture]:
    """The middle of a photograph at a camera's size, under a weather; a camera that turns sees what lies beside it."""

    def at(i: int, away: tuple[float, float]) -> Picture:
        whole = source()
        height, width = whole.shape[:2]
        wide, tall = (1 - 2 * MARGIN) * width, (1 - 2 * MARGIN) * height
        scale = size[0] / wide, size[1] / tall
        left, top = MARGIN * width + away[0] * wide, MARGIN * height + away[1] * tall
        view = np.array([[scale[0], 0, -left * scale[0]], [0, scale[1], -top * scale[1]]], np.float32)
        seen = cv2.warpAffine(whole, view, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
        return WEATHER[weather](np.asarray(seen, np.uint8), i)

    return at
