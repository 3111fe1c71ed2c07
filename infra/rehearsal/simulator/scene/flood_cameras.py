"""The five cameras of the storm day that hang where it floods: what each shows at a second of the day, and what is true then.

    river's level ──> water over the ford, water on the board
    clock ──> daylight, rain, and the hours in which something befalls a camera

Pure and seeded: the same camera, second, level and seed give the same picture. A seed other than 0 is another day: what the
cameras are taught from.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import cv2
import msgspec
import numpy as np

from infra.rehearsal.simulator.scene import floodplain, lens, water
from infra.rehearsal.simulator.scene.floodplain import FORD_EYE, FORD_LAND, FORD_M
from infra.rehearsal.simulator.scene.land import DIP_M
from infra.rehearsal.simulator.scene.light import HOUR_S, daylight, lit, rain
from infra.rehearsal.simulator.scene.place import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infra.rehearsal.simulator.scene.outlook import Outlook

FORD, BOARD = "duong-tran", "cau-thuoc"
COVERED, MOVED, DARK = "ben-do-niem-pho", "dau-thon-la-van-ha", "dau-thon-pho-nam-a"
CAMERAS = (FORD, BOARD, COVERED, MOVED, DARK)
STREETS = {COVERED: 317, MOVED: 311, DARK: 313}
"""Which street each of the others sees, by its seed."""
MARKS_CM = (10, 20, 30, 50, 70, 100)
"""Depths at the ford's lowest place whose waterline is marked across its zone."""
ZONE_ASIDE_M, ZONE_FROM_M = 2.6, DIP_M + 0.25
AWAY_FROM_LAMP = 0.3
"""Of a village street's light at night: the field road has one lamp, over the ford, and beyond its circle it is as dark as this."""
UNLIT = 0.12
"""Of it, when the lamp has failed: outlines against the sky, and no more."""
TARPAULIN = np.array([1.25, 0.85, 0.55], np.float32)
"""BGR of what hangs before the lens: blue."""
BLOWN = replace(floodplain.STREET_EYE, aside=17.0, roll=9.0, down=19.0)
"""Where the loose camera looks after the gust."""


class CameraFault(enum.StrEnum):
    """What befalls a camera; how it is noticed, nothing here knows."""

    COVERED = "covered"
    MOVED = "moved"
    DARK = "dark"


class Spell(NamedTuple):
    """A fault of a camera between two hours of the day."""

    camera: str
    fault: CameraFault
    since_h: float
    until_h: float


SPELLS = (
    Spell(COVERED, CameraFault.COVERED, 12.5, 17.0),
    Spell(MOVED, CameraFault.MOVED, 13.5, 24.5),
    Spell(DARK, CameraFault.DARK, 19.5, 24.5),
)
"""A tarpaulin is blown over the lens and blown away again; a gust turns a loose bracket; a street lamp fails."""


class Seen(msgspec.Struct, frozen=True):
    """What is true of a camera's picture: `share` (% of its zone under water), `depth_cm` at the ford's lowest place, `board_cm`.

    None: the camera has no such zone, or nobody could tell from this picture (`fault`).
    """

    share: float | None = None
    depth_cm: float | None = None
    board_cm: float | None = None
    fault: CameraFault | None = None


@dataclass(frozen=True, slots=True)
class Weather:
    """The light (0 night to 1 day) and the rain (0..1) of a moment."""

    day: float
    wet: float


def show(
    camera: str, second: float, level: float, *, weather: Weather | None = None, seed: int = 0
) -> tuple[NDArray[np.uint8], Seen]:
    """The picture (720, 1280, 3) BGR at `second` of the day, the river `level` m above the gauge's zero, and what is true of it.

    `weather`: None is the storm day's own.
    """
    found = Weather(daylight(second), rain(second)) if weather is None else weather
    fault = None if seed else at_fault(camera, second)
    outlook = _outlook(camera, fault)
    random = np.random.default_rng([outlook.land.seed, seed, round(second * 10)])
    # A street lies above every flood of the day: a level below it leaves it dry.
    height = level if camera in {FORD, BOARD} else -9.0
    picture = water.wetted(outlook, found.wet, height)
    if camera in {FORD, BOARD}:
        picture = water.flooded(outlook, picture, height, second + 7919 * seed, found.wet, random)
    done = lit(np.clip(picture, 0, 255).astype(np.uint8), found.day, found.wet, random)
    if camera == FORD and found.day < 1:
        done = np.asarray(done * (found.day + (1 - found.day) * _one_lamp()), dtype=np.uint8)
    return _befallen(done, fault, round(second)), _truth(camera, level, fault)


def at_fault(camera: str, second: float) -> CameraFault | None:
    """What has befallen the camera at a second of the storm day."""
    for spell in SPELLS:
        if spell.camera == camera and spell.since_h * HOUR_S <= second < spell.until_h * HOUR_S:
            return spell.fault
    return None


def zone(camera: str) -> list[tuple[float, float]]:
    """The corners of the camera's zone on the road or around the board, as fractions of the picture."""
    if camera == BOARD:
        away, left, width = floodplain.BOARD_AWAY, floodplain.BOARD_LEFT, floodplain.BOARD_WIDE
        foot, top = (cm / 100 for cm in floodplain.BOARD_CM)
        right = left + width
        return floodplain.BOARD_EYE.fractions(
            [(left, away, top), (right, away, top), (right, away, foot), (left, away, foot)]
        )
    if camera == FORD:
        return FORD_EYE.fractions(_across(ZONE_FROM_M) + _across(FORD_LAND.reach(MARKS_CM[-1] / 100))[::-1])
    near, far = 7.5, 32.0
    edge = ZONE_ASIDE_M
    return floodplain.STREET_EYE.fractions(
        [(-edge, near, 0.0), (edge, near, 0.0), (edge, far, 0.1), (-edge, far, 0.1)]
    )


def mark(depth_cm: float) -> list[tuple[float, float]]:
    """The line across the ford's zone which water so deep at the lowest place just reaches: its two ends, fractions."""
    return FORD_EYE.fractions(_across(FORD_LAND.reach(depth_cm / 100)))


def board_at(reading_cm: float) -> tuple[float, float]:
    """Where a reading stands on the axis of the board, fractions."""
    middle = floodplain.BOARD_LEFT + floodplain.BOARD_WIDE / 2
    ((x, y),) = floodplain.BOARD_EYE.fractions([(middle, floodplain.BOARD_AWAY, reading_cm / 100)])
    return x, y


def share_under(level: float) -> float:
    """% of the ford's zone that shows water when the river stands at `level` m."""
    inside = _inside(FORD)
    return round(100 * float((water.under(floodplain.ford(), level) & inside).sum() / inside.sum()), 2)


def _across(away: float) -> list[tuple[float, float, float]]:
    height = float(FORD_LAND.road(np.array([away], np.float32))[0])
    return [(-ZONE_ASIDE_M, away, height), (ZONE_ASIDE_M, away, height)]


@lru_cache(maxsize=8)
def _inside(camera: str) -> NDArray[np.bool_]:
    corners = np.array(zone(camera)) * [WIDTH, HEIGHT]
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(mask, [corners.round().astype(np.int32)], 1)
    return mask.astype(bool)


def _outlook(camera: str, fault: CameraFault | None) -> Outlook:
    if camera == FORD:
        return floodplain.ford()
    if camera == BOARD:
        return floodplain.bridge()
    if fault is CameraFault.MOVED:
        return floodplain.street(STREETS[camera], BLOWN)
    return floodplain.street(STREETS[camera])


@lru_cache(maxsize=1)
def _one_lamp() -> NDArray[np.float32]:
    """How much of a village street's light falls on each pixel of the ford by night, (HEIGHT, WIDTH, 1)."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    near = ((x / WIDTH - 0.5) / 0.3) ** 2 + ((y / HEIGHT - 0.72) / 0.34) ** 2
    return np.asarray(AWAY_FROM_LAMP + (1 - AWAY_FROM_LAMP) * np.exp(-near), dtype=np.float32)[..., None]


def _befallen(picture: NDArray[np.uint8], fault: CameraFault | None, number: int) -> NDArray[np.uint8]:
    if fault is CameraFault.COVERED:
        folds = lens.hand(picture, number).mean(axis=2, keepdims=True)
        # No more light falls on it than there is.
        bright = min(1.0, float(picture.mean()) / 90)
        return np.asarray(np.clip(folds * TARPAULIN * bright, 0, 255), dtype=np.uint8)
    if fault is CameraFault.DARK:
        random = np.random.default_rng([7, number])
        noise = random.normal(0, 2.0, picture.shape[:2])[..., None]
        return np.asarray(np.clip(UNLIT * picture + noise, 0, 255), dtype=np.uint8)
    return picture


def _truth(camera: str, level: float, fault: CameraFault | None) -> Seen:
    if camera == FORD:
        return Seen(share=share_under(level), depth_cm=round(100 * max(0.0, level - FORD_M), 1))
    return Seen(board_cm=round(100 * level, 1)) if camera == BOARD else Seen(fault=fault)
