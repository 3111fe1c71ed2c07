"""Water over a place: where it stands by geometry, and what it shows: mud, the sky, what stands in it, ripples, rain.

A pixel is water where its ray meets the plane of the level before anything else. What still water of that level would
mirror is drawn by the same camera with every height turned about the plane; ripples move that picture and, by Fresnel's
rule, change how much of it is returned. All but the water's edge is made at half the size: ripples blur it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.rehearsal.simulator.scene import grain
from infra.rehearsal.simulator.scene.place import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from infra.rehearsal.simulator.scene.outlook import Outlook

MUD = np.array([92, 116, 130], np.float32)
"""BGR of a river in flood that carries its fields with it."""
SKY = np.array([206, 200, 194], np.float32)
CLEAR_M = 0.05
"""Of such water so thick a layer hides all but a third of what lies below."""
STRAIGHT, EXPONENT = 0.07, 3.4
"""Of light that falls straight on rough water this share is returned; Schlick's power, less than 5 for it is never flat."""
SLOPE, SLOPE_RAIN = 0.045, 0.02
"""Ripples: the deviation of the surface's slope, and how much rain adds."""
DAMP_M = 0.02
"""So high above the water the ground is dark with it."""
MOST_FOCAL = 1300.0
"""A longer lens shows ripples one by one; this wide a picture's worth of them is moved, else it falls apart into grains."""
PART = 2
LITTER = 40


@dataclass(frozen=True, slots=True, eq=False)
class _Surface:
    """The rays of half the pixels and what only depends on them."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    z: NDArray[np.float32]
    length: NDArray[np.float32]
    shine: NDArray[np.float32]
    """How much of the sky wet ground returns, at the full size."""


@lru_cache(maxsize=8)
def _surface(outlook: Outlook) -> _Surface:
    x, y, z = outlook.eye.rays(PART)
    far = outlook.far
    wide, ahead, _ = outlook.eye.rays()
    hollows = grain.at(outlook.land.seed + 40, far * wide / np.maximum(ahead, 1e-3), far, 24.0, 2.2)
    shine = np.clip((far - 6) / 70, 0.03, 0.3) * np.clip(0.85 + 0.4 * hollows, 0.25, 1.8) * outlook.ground
    return _Surface(x, y, np.minimum(z, -1e-4), np.sqrt(x * x + y * y + z * z), shine.astype(np.float32))


def under(outlook: Outlook, level: float) -> NDArray[np.bool_]:
    """Which pixels show water that stands at `level` m above the gauge's zero."""
    found: NDArray[np.bool_] = outlook.height < level
    return found


def wetted(outlook: Outlook, wet: float, level: float) -> NDArray[np.float32]:
    """The ground as rain (0..1) leaves it: darker, with a dull shine of the sky far off and in its hollows; no water.

    Just above the water's level it is dark with it.
    """
    picture = outlook.dry.copy()
    if wet > 0:
        share = (np.float32(wet) * _surface(outlook).shine)[..., None]
        picture *= 1 - np.float32(0.26 * wet) * outlook.ground[..., None]
        picture += (SKY - picture) * share
    height = outlook.height
    above = (height >= level) & (height < level + DAMP_M)
    picture[above] *= (0.7 + 0.3 * (height[above] - level) / DAMP_M)[:, None]
    return picture


def flooded(
    outlook: Outlook, picture: NDArray[np.float32], level: float, second: float, wet: float, random: Generator
) -> NDArray[np.float32]:
    """`picture` of the place with water that stands at `level`; changes it."""
    here = under(outlook, level)
    rows = np.flatnonzero(here.any(axis=1))
    if not len(rows):
        return picture
    first, last = int(rows[0]) // PART, int(rows[-1]) // PART + 1
    half, band = slice(first, last), slice(first * PART, last * PART)
    surface = _surface(outlook)
    x, y, z, length = (part[half] for part in (surface.x, surface.y, surface.z, surface.length))
    t = np.float32(level - outlook.eye.up) / z
    px, py, far = t * x, t * y, t * length
    low = -z / length
    # So low a view draws a pixel out along the water: what is finer than that is no ripple but a blur.
    slope = _ripples(outlook, px, py, far / low, second, wet)
    sine = np.clip(low + slope, 0.02, 1.0)
    back = np.clip(STRAIGHT + (1 - STRAIGHT) * (1 - sine) ** np.float32(EXPONENT), 0, 0.9)[..., None]
    shown = _mirrored(outlook, level, slope, px, py, half, second)
    silt = grain.at(outlook.land.seed + 31, px + np.float32(0.2 * second % 997), py, 40.0, 2.4)
    # A wave's side that looks away from the sky is darker, the other one lighter.
    mud = MUD * (1 + 0.06 * silt + 4.5 * slope)[..., None]
    water = mud * (1 - back) + shown * back
    water += _foam(outlook, px, py, second)[..., None]
    if wet > 0:
        _drops(water, wet, random)
    size = (WIDTH, band.stop - band.start)
    whole = cv2.resize(water, size, interpolation=cv2.INTER_LINEAR)
    thick = np.clip(level - outlook.height[band], 0, 9) / np.maximum(cv2.resize(low, size), np.float32(0.05))
    through = 0.8 * np.exp(-thick / np.float32(CLEAR_M))
    # The seam: thin water over the ground, with a thread of foam.
    seam = 26 * np.exp(-(((thick - 0.06) / 0.05) ** 2))
    whole += (picture[band] - whole) * through[..., None] + seam[..., None]
    edge = cv2.GaussianBlur(here[band].astype(np.float32), (3, 3), 0.7)[..., None]
    picture[band] += (whole - picture[band]) * edge
    _litter(outlook, picture, here, level, second)
    return picture


def _ripples(
    outlook: Outlook, px: NDArray[np.float32], py: NDArray[np.float32], far: NDArray[np.float32], second: float,
    wet: float,
) -> NDArray[np.float32]:  # fmt: skip
    """The surface's slope towards the camera: wind waves of a metre, ripples of a hand, calm and rough places."""
    seed, focal, drift = outlook.land.seed, outlook.eye.focal, np.float32(0.35 * second % 997)
    calm = 0.75 + 0.35 * np.tanh(grain.at(seed + 32, px, py + 0.3 * drift, 70.0, 2.2))
    waves = grain.at(seed + 33, 0.4 * px + 0.3 * drift, py + drift, 20.0, 2.2) * grain.fading(far, focal, 1.2)
    small = grain.at(seed + 34, 0.6 * px - drift, py + 1.4 * drift, 5.0, 1.8) * grain.fading(far, focal, 0.3)
    size = np.float32(SLOPE + SLOPE_RAIN * wet)
    return np.asarray(size * calm * (0.75 * waves + 0.65 * small), dtype=np.float32)


def _mirrored(
    outlook: Outlook, level: float, slope: NDArray[np.float32], px: NDArray[np.float32], py: NDArray[np.float32],
    half: slice, second: float,
) -> NDArray[np.float32]:  # fmt: skip
    """What the water returns at each pixel of the band."""
    eye = outlook.eye
    still = np.empty((HEIGHT // PART, WIDTH // PART, 3), np.float32)
    still[:] = SKY
    for sheet in outlook.sheets:
        if sheet.top > level:
            sheet.lay(still, eye, mirror=level, part=PART)
    blurred = cv2.GaussianBlur(still, (0, 0), 0.8, sigmaY=3.5)
    columns = slope.shape[1]
    v, u = np.meshgrid(
        np.arange(half.start, half.stop, dtype=np.float32),
        np.arange(columns, dtype=np.float32),
        indexing="ij",
    )
    # A slope turns what is returned by twice its angle; sideways it is foreshortened by the low view.
    reach = np.float32(1.5 * min(eye.focal, MOST_FOCAL) / PART)
    sway = grain.at(outlook.land.seed + 36, px + np.float32(0.3 * second % 997), py, 7.0, 1.8)
    across = u + np.minimum(reach * np.float32(0.2 * SLOPE), 9) * sway
    found = cv2.remap(blurred, across, v + reach * slope, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(found, dtype=np.float32)


def _foam(
    outlook: Outlook, px: NDArray[np.float32], py: NDArray[np.float32], second: float
) -> NDArray[np.float32]:
    """Streaks of it that drift with the water."""
    drift = np.float32(0.5 * second % 997)
    streak = grain.at(outlook.land.seed + 38, 0.35 * px + drift, 1.6 * py, 16.0, 1.5) - np.float32(1.6)
    return np.asarray(34 * np.clip(streak, 0, 1), dtype=np.float32)


def _drops(water: NDArray[np.float32], wet: float, random: Generator) -> None:
    """Rain on the surface: a small light ring for each drop, smaller far away."""
    rows, columns = water.shape[:2]
    marks = np.zeros((rows, columns), np.uint8)
    number = round(1500 * wet)
    ys = rows * np.sqrt(random.uniform(0, 1, number))
    xs = random.uniform(0, columns, number)
    for x, y, bright in zip(xs, ys, random.integers(6, 26, number), strict=True):
        size = 0.5 + 1.6 * y / rows
        cv2.ellipse(
            marks, (round(x), round(y)), (round(1.6 * size), round(0.5 * size)), 0, 0, 360, int(bright), 1
        )
    water += marks[..., None].astype(np.float32)


def _litter(
    outlook: Outlook, picture: NDArray[np.float32], here: NDArray[np.bool_], level: float, second: float
) -> None:
    """Leaves, stalks and sticks that drift by."""
    random = np.random.default_rng([outlook.land.seed, 5])
    near = max(8.0, 3.2 * outlook.eye.up)
    for _ in range(LITTER):
        x0, y0 = random.uniform(0, 28), random.uniform(0.3, 2.2) * near
        size, turn, shade = random.uniform(0.02, 0.09), random.uniform(-30, 30), random.uniform(0.4, 1.1)
        x = (x0 + 0.35 * second) % 28 - 14
        ((u, v),) = outlook.eye.project(np.array([[x, y0, level]])).tolist()
        if not (0 <= u < WIDTH and 0 <= v < HEIGHT and here[int(v), int(u)]):
            continue
        wide = size * outlook.eye.focal / y0
        colour = tuple(float(part) for part in np.array([60, 84, 92]) * shade)
        for step in (-0.5, 0.2, 0.7):
            at = (round(u + step * wide), round(v + 0.2 * step * turn / 30 * wide))
            cv2.ellipse(picture, at, (max(1, round(0.5 * wide)), max(1, round(0.12 * wide))), turn, 0, 360, colour, -1,
                        cv2.LINE_AA)  # fmt: skip
