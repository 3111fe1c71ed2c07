"""The ground of a place that may flood: its height and its colour by metres, and where each pixel of a camera meets it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.rehearsal.simulator.scene import grain
from infra.rehearsal.simulator.scene.place import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infra.rehearsal.simulator.scene.eye import Eye

FAR_M = 400.0
"""Beyond it there is no ground to be met: hills and sky stand there."""
STEPS, MARCHED = 220, 4
ROAD_M, KERB_M, VERGE_M = 2.75, 3.0, 4.2
"""From the road's middle to its edge, to the outer side of its kerb, to where the verge begins to fall."""
DITCH_M = (5.4, 6.9)
FIELD = -0.35
"""The fields lie so far below the ford's lowest place (m)."""
DIP_M, STEEP, TOP_M = 8.0, 0.03, 46.0
"""The ford's road is lowest up to here, then rises by three in a hundred up to there."""


class Lie(enum.StrEnum):
    """How the ground lies."""

    FORD = "ford"
    """A road on a low bank through fields; its dip lies below the camera."""
    STREET = "street"
    """A street between houses, level."""
    BANK = "bank"
    """A river, and its other bank."""


@dataclass(frozen=True, slots=True)
class Land:
    """Ground of a kind; `zero` is the height of its lowest passable place above the gauge's zero, in metres."""

    lie: Lie
    zero: float
    seed: int

    def road(self, y: NDArray[np.float32]) -> NDArray[np.float32]:
        """Height of the road's surface so far from the camera."""
        if self.lie is Lie.STREET:
            return np.asarray(self.zero + 0.004 * y, dtype=np.float32)
        along = np.clip(y, DIP_M, TOP_M) - DIP_M
        return np.asarray(self.zero + STEEP * along, dtype=np.float32)

    def reach(self, depth_m: float) -> float:
        """How far from the camera's foot the water stands on the road when it is so deep at its lowest place."""
        return DIP_M + max(0.0, depth_m) / STEEP

    def height(
        self, x: NDArray[np.float32], y: NDArray[np.float32], *, rough: bool = True
    ) -> NDArray[np.float32]:
        """Of the ground; without its roughness of a hand where only its shape is wanted."""
        if self.lie is Lie.BANK:
            return np.asarray(np.clip(0.22 * (y - 78.0) - 0.5, -3.0, 6.2), dtype=np.float32)
        road, aside = self.road(y), np.abs(x)
        bumps = 0.08 * grain.at(self.seed + 1, x, y, 60.0, 3.0) if rough else np.float32(0)
        if self.lie is Lie.STREET:
            kerb = np.where((aside > ROAD_M) & (aside < KERB_M), np.float32(0.13), np.float32(0))
            paved = np.where(aside >= KERB_M, np.float32(0.12), kerb)
            return np.asarray(road + paved, dtype=np.float32)
        field = np.maximum(self.zero + FIELD + bumps, self.zero + FIELD + 0.022 * (y - 24.0))
        ditch = (aside > DITCH_M[0]) & (aside < DITCH_M[1]) & (y < 60)
        field = np.where(ditch, field - 0.7, field)
        verge = road - np.maximum(0.0, aside - VERGE_M) / 1.6 + 0.25 * bumps
        beside = np.where(aside < VERGE_M, road - 0.03 + 0.2 * bumps, np.maximum(verge, field))
        return np.asarray(np.where(aside < KERB_M, road, beside), dtype=np.float32)

    def foot(self, x: float, y: float) -> float:
        """The ground's height at one place, for what stands there."""
        place = np.array([[x]], np.float32), np.array([[y]], np.float32)
        return float(self.height(*place)[0, 0])

    def colour(
        self, x: NDArray[np.float32], y: NDArray[np.float32], far: NDArray[np.float32], focal: float
    ) -> NDArray[np.float32]:
        """BGR 0..255 of the dry ground by day."""
        big = grain.at(self.seed + 2, x, y, 34.0, 2.4)
        mid = grain.at(self.seed + 3, x, y, 6.0, 1.6) * grain.fading(far, focal, 0.12)
        fine = grain.at(self.seed + 4, x, y, 2.2, 0.6) * grain.fading(far, focal, 0.02)
        rough = (1 + 0.07 * big + 0.06 * mid + 0.07 * fine)[..., None]
        aside = np.abs(x)
        grass = _grass(self.seed, x, y, far, focal, big)
        if self.lie is Lie.BANK:
            return grass
        road = np.array([112, 117, 121], np.float32) * rough
        tracks = np.exp(-(((aside - 0.95) / 0.33) ** 2))[..., None]
        road *= 1 - 0.13 * tracks
        stain = np.clip(grain.at(self.seed + 9, 0.6 * x, y, 18.0, 2.0) - 0.6, 0, 1.5)[..., None]
        road *= 1 - 0.12 * stain
        joint = np.abs(np.mod(y, 5.0) - 2.5) > 2.5 - 0.02 - 0.6 * far / focal
        cracks = np.abs(grain.at(self.seed + 5, x, y, 11.0, 2.6)) < 0.035
        road *= 1 - 0.22 * joint[..., None] - 0.2 * (cracks * grain.fading(far, focal, 0.05))[..., None]
        line = (np.abs(aside - 2.45) < 0.07) & (grain.at(self.seed + 6, x, y, 5.0, 1.0) > -1.1)
        dash = (aside < 0.06) & (np.mod(y, 6.0) < 3.0)
        road = np.where(
            (line | dash)[..., None], np.array([188, 196, 200], np.float32) * (0.94 + 0.06 * rough), road
        )
        black = np.mod(y, 2.0) < 1.0
        kerb = np.where(
            black[..., None], np.array([58, 60, 62], np.float32), np.array([176, 182, 186], np.float32)
        )
        if self.lie is Lie.FORD:
            # Water must run off over its edge: there is none that is raised.
            kerb = np.full_like(kerb, 138.0) * rough
        paved = np.array([128, 138, 148], np.float32) * rough * np.where(
            (np.mod(x, 0.4) < 0.02) | (np.mod(y, 0.4) < 0.02), 1 - 0.3 * grain.fading(far, focal, 0.2), 1.0
        )[..., None]  # fmt: skip
        earth = np.array([96, 118, 134], np.float32) * rough
        verge = np.where((big > 0.4)[..., None], earth, grass) if self.lie is Lie.FORD else paved
        return np.asarray(
            np.where(
                (aside < ROAD_M)[..., None],
                road,
                np.where((aside < KERB_M)[..., None], kerb * (0.9 + 0.1 * rough), verge),
            ),
            dtype=np.float32,
        )


def _grass(
    seed: int, x: NDArray[np.float32], y: NDArray[np.float32], far: NDArray[np.float32], focal: float,
    big: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """Green of several ages, with blades as far as they can be told."""
    blades = grain.at(seed + 7, 3.0 * x, y, 3.0, 0.9) * grain.fading(far, focal, 0.06)
    tufts = grain.at(seed + 8, x, y, 9.0, 1.5) * grain.fading(far, focal, 0.5)
    shade = (1 + 0.16 * tufts + 0.17 * blades)[..., None]
    age = np.clip(0.5 + 0.3 * big, 0, 1)[..., None]
    young, old = np.array([66, 108, 92], np.float32), np.array([78, 112, 116], np.float32)
    return np.asarray((young * (1 - age) + old * age) * shade, dtype=np.float32)


def met(land: Land, eye: Eye) -> NDArray[np.float32]:
    """How far (in lengths of the pixel's ray) each pixel's ray goes to the ground, (HEIGHT, WIDTH); inf: it never meets it.

    Marched on every fourth pixel in steps that grow with the distance, the crossing laid by a straight line between two steps, and then
    laid again for each pixel.
    """
    x, y, z = eye.rays(MARCHED)
    shape = x.shape
    found = np.full(shape, np.inf, np.float32)
    left = z < -1e-4
    before_t, before = np.float32(0.5), np.full(shape, np.float32(eye.up))
    for step in np.geomspace(1.0, FAR_M, STEPS).astype(np.float32):
        above = eye.up + step * z - land.height(step * x, step * y, rough=False)
        hit = left & (above <= 0)
        part = before / np.maximum(before - above, 1e-6)
        found = np.where(hit, before_t + part * (step - before_t), found)
        left &= ~hit
        before_t, before = step, above
    whole = _enlarged(found)
    x, y, z = eye.rays()
    there = np.isfinite(whole)
    laid = np.where(there, whole, 1.0).astype(np.float32)
    for _ in range(4):
        ground = land.height(laid * x, laid * y)
        better = (ground - eye.up) / np.minimum(z, -1e-4)
        # Where the ground falls as steeply as the ray this runs away: then the marched place is good enough.
        laid = np.where(np.abs(better - whole) < 0.08 * whole, better, laid).astype(np.float32)
    return np.where(there, laid, np.inf).astype(np.float32)


def _enlarged(found: NDArray[np.float32]) -> NDArray[np.float32]:
    """To the full size: by straight lines where the ground goes on, else the nearest."""
    size = (WIDTH, HEIGHT)
    there = np.isfinite(found)
    nearest = cv2.resize(found, size, interpolation=cv2.INTER_NEAREST)
    smooth = cv2.resize(np.where(there, found, 0).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    whole = cv2.resize(there.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.999
    goes_on = whole & (np.abs(smooth - nearest) < 0.1 * nearest)
    return np.asarray(np.where(goes_on, smooth, nearest), dtype=np.float32)
