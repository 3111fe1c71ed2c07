"""The places of the storm day where the water comes, as their cameras see them: a ford, a staff board at a bridge, three streets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from infra.rehearsal.simulator.scene import built, stands
from infra.rehearsal.simulator.scene.eye import Eye
from infra.rehearsal.simulator.scene.land import Land, Lie
from infra.rehearsal.simulator.scene.outlook import Outlook, look
from infra.rehearsal.simulator.scene.place import WIDTH
from infra.rehearsal.simulator.scene.stands import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORD_M = 2.4
"""The gauge's level at which the water comes over the ford's lowest place: `đường ra đồng Phước Yên` of marks.yaml."""
FORD_EYE = Eye(up=FORD_M + 3.9, down=8.5, focal=830.0)
FORD_LAND = Land(Lie.FORD, FORD_M, seed=301)
FORD_STAFF = (13.0, 3.25, 0.42, -20, 300)
"""The staff beside the ford: its distance, its left edge, its width (m); what its lower and upper edge read, cm above the ford."""
BOARD_EYE = Eye(up=8.0, down=5.75, focal=4300.0)
BOARD_LAND = Land(Lie.BANK, 0.0, seed=302)
BOARD_AWAY, BOARD_LEFT, BOARD_WIDE, BOARD_CM = 40.0, -0.1, 0.6, (60, 540)
"""The board at the pier: its distance, its left edge and width (m), what its lower and upper edge read: cm of the gauge."""
STREET_EYE = Eye(up=5.2, down=13.0, focal=800.0)


def _sheet(
    eye: Eye, place: tuple[float, float], size: tuple[float, float], foot: float, paint: NDArray[np.uint8]
) -> Sheet:
    """`place`: distance and left edge; `size`: width and height, all in metres."""
    (away, left), (width, height) = place, size
    return Sheet(away, left, left + width, foot, foot + height, stands.sized(paint, eye, away, width, height))


def _behind(eye: Eye, seed: int, foot: float, away: float = 120.0) -> list[Sheet]:
    """Sky, hills, and the bushes at the end of the fields."""
    wide = 1.4 * WIDTH / eye.focal
    width, tall = away * wide, 11.0
    return [
        _sheet(eye, (3000, -1500 * wide), (3000 * wide, 1500), -60, stands.sky(seed, 3000 * wide, 1500, 0.35)),
        _sheet(eye, (1600, -800 * wide), (1600 * wide, 150), -20, stands.hills(seed + 1, 1600 * wide, 150, 0.7)),
        _sheet(eye, (away, -width / 2), (width, tall), foot, stands.thicket(seed + 2, width, tall, 1.1 * eye.focal / away)),
    ]  # fmt: skip


def _row(
    eye: Eye, land: Land, houses: tuple[tuple[float, float, float, float], ...],
    trees: tuple[tuple[float, float, float, float], ...],
) -> list[Sheet]:  # fmt: skip
    """Houses and trees, each (distance, left edge, width, height) in metres, with their feet on the ground."""
    random = np.random.default_rng(land.seed)
    made = []
    for away, left, width, height in houses:
        foot = land.foot(left + width / 2, away) - 0.4
        paint = stands.house(random, width, height + 0.4)
        made.append(_sheet(eye, (away, left), (width, height + 0.4), foot, paint))
    for away, left, width, height in trees:
        foot = land.foot(left + width / 2, away) - 0.1
        made.append(_sheet(eye, (away, left), (width, height), foot, stands.tree(random, width, height)))
    return made


@lru_cache(maxsize=1)
def ford() -> Outlook:
    """A field road that dips to a ford, with guide posts, a staff of its depth, fields, trees and houses at its end."""
    eye, land = FORD_EYE, FORD_LAND
    sheets = _behind(eye, land.seed, 2.0)
    sheets += _row(
        eye, land,
        ((52, -17, 9, 5.2), (58, -6.5, 6, 7.4), (50, 7.5, 8, 5.0), (60, 17, 10, 7.6), (66, -30, 11, 5.4)),
        ((30, -14, 7, 7), (38, 8.5, 8, 8.5), (24, 9.5, 5, 5.5), (45, -11, 7, 8), (70, 4, 10, 10), (75, -20, 12, 11)),
    )  # fmt: skip
    for away in (11.0, 15.0, 19.0, 23.0, 27.0, 31.0, 36.0, 41.0):
        foot = land.foot(0.0, away) - 0.2
        sheets += [_sheet(eye, (away, x), (0.16, 0.95), foot, built.post(0.95)) for x in (-3.53, 3.37)]
    for away in (20.0, 48.0, 80.0):
        foot = land.foot(-5.0, away) - 0.2
        sheets.append(_sheet(eye, (away, -6.0), (2.0, 8.2), foot, built.pole(8.2)))
    away, left, width, low, high = FORD_STAFF
    paint = built.staff(low, high, width, 150.0)
    sheets.append(_sheet(eye, (away, left), (width, (high - low) / 100), FORD_M + low / 100, paint))
    return look(eye, land, tuple(sheets))


@lru_cache(maxsize=1)
def bridge() -> Outlook:
    """A pier in the river with a staff board of the gauge, seen from the other bank through a long lens."""
    eye, land = BOARD_EYE, BOARD_LAND
    sheets = _behind(eye, land.seed, 5.0, 110.0)
    sheets += _row(
        eye, land, ((104, -13.0, 9, 6.2),), ((98, 4.0, 7, 6.5), (100, -4.5, 6, 6), (102, 10.0, 8, 7))
    )
    per_m = eye.focal / BOARD_AWAY
    for number, (left, wide) in enumerate(((-1.1, 2.6), (-6.4, 2.2), (4.0, 2.2), (-3.6, 0.5), (2.6, 0.4))):
        paint = built.pier(wide, 9.5, per_m, land.seed + 10 * number)
        sheets.append(_sheet(eye, (BOARD_AWAY + 0.6 + 0.8 * (number > 2), left), (wide, 9.5), -2.5, paint))
    sheets.append(
        _sheet(eye, (BOARD_AWAY + 0.4, -9), (18, 0.9), 5.7, built.deck(18, 0.9, per_m, land.seed + 5))
    )
    sheets.append(_sheet(eye, (BOARD_AWAY + 0.4, -9), (18, 0.9), 6.6, built.railing(18, 0.9, per_m)))
    low, high = BOARD_CM
    paint = built.staff(low, high, BOARD_WIDE, 2 * per_m)
    size = (BOARD_WIDE, (high - low) / 100)
    sheets.append(_sheet(eye, (BOARD_AWAY, BOARD_LEFT), size, low / 100, paint))
    return look(eye, land, tuple(sheets))


@lru_cache(maxsize=6)
def street(seed: int, eye: Eye = STREET_EYE) -> Outlook:
    """A street between houses; each seed has its own."""
    land = Land(Lie.STREET, 0.0, seed)
    random = np.random.default_rng([seed, 1])
    houses, trees = [], []
    for side in (-1, 1):
        along = 13.0 + 3 * random.uniform()
        while along < 80:
            width, height = random.uniform(5, 9), random.uniform(3.6, 7.6)
            edge = 5.6 + random.uniform(0, 1.6)
            houses.append((along, edge if side > 0 else -edge - width, width, height))
            if random.uniform() < 0.4:
                size = random.uniform(2.6, 4.5)
                trees.append((along - 1.5, side * 4.6 - size / 2, size, size + 1))
            along += random.uniform(5, 9)
    sheets = _behind(eye, seed, 0.0)
    sheets += _row(eye, land, tuple(houses), tuple(trees))
    for away in (17.0, 42.0, 67.0):
        sheets.append(_sheet(eye, (away, 2.6), (2.0, 8.2), -0.1, built.pole(8.2)))
    return look(eye, land, tuple(sheets))
