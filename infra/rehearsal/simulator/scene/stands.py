"""What stands on the ground before a camera: houses, trees, posts, a pier with its board; each a painted sheet facing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.rehearsal.simulator.scene import grain
from infra.rehearsal.simulator.scene.place import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from infra.rehearsal.simulator.scene.eye import Eye

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture (rows, columns, 4: BGR and how much it hides, 0..255) that stands upright `away` m before the camera.

    `left`, `right` (m aside) and `foot`, `top` (m above the gauge's zero) are its edges.
    """

    away: float
    left: float
    right: float
    foot: float
    top: float
    paint: NDArray[np.uint8]

    def lay(self, picture: NDArray[np.float32], eye: Eye, *, mirror: float, part: int = 1) -> None:
        """Lay over `picture` (HEIGHT / part, WIDTH / part, 3) what still water at `mirror` m shows of it."""
        painted, box = self._seen(eye, mirror, part)
        if painted is not None:
            own = picture[box]
            own += (painted[..., :3] - own) * (painted[..., 3:] * np.float32(1 / 255))

    def drawn(self, eye: Eye) -> NDArray[np.float32]:
        """It as the camera sees it, (HEIGHT, WIDTH, 4)."""
        whole = np.zeros((HEIGHT, WIDTH, 4), np.float32)
        painted, box = self._seen(eye, None, 1)
        if painted is not None:
            whole[box] = painted
        return whole

    def _seen(
        self, eye: Eye, mirror: float | None, part: int
    ) -> tuple[NDArray[np.float32] | None, tuple[slice, slice]]:
        """The part of the picture that it takes, and where; None where it is not in the picture."""
        rows, columns = self.paint.shape[:2]
        foot, top = (
            (self.foot, self.top) if mirror is None else (2 * mirror - self.foot, 2 * mirror - self.top)
        )
        corners = np.array(
            [
                (self.left, self.away, top), (self.right, self.away, top), (self.right, self.away, foot),
                (self.left, self.away, foot),
            ]
        )  # fmt: skip
        seen = eye.project(corners) / part
        low = np.floor(seen.min(axis=0)).clip(0).astype(int)
        high = np.ceil(seen.max(axis=0)).clip(None, [WIDTH // part, HEIGHT // part]).astype(int)
        box = slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
        if (high <= low).any():
            return None, box
        own = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
        lay = cv2.getPerspectiveTransform(own, (seen - low).astype(np.float32))
        size = int(high[0] - low[0]), int(high[1] - low[1])
        return np.asarray(
            cv2.warpPerspective(self.paint, lay, size, flags=cv2.INTER_LINEAR), dtype=np.float32
        ), box


def sized(
    paint: NDArray[np.uint8], eye: Eye, away: float, width_m: float, height_m: float
) -> NDArray[np.uint8]:
    """A sheet's picture at about the camera's own resolution: what is finer would flicker in it."""
    per_m = eye.focal / away
    size = max(2, round(width_m * per_m)), max(2, round(height_m * per_m))
    if size[0] >= paint.shape[1] or size[1] >= paint.shape[0]:
        return paint
    return np.asarray(cv2.resize(paint, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def blank(width_m: float, height_m: float, per_m: float) -> NDArray[np.uint8]:
    """An empty sheet."""
    return np.zeros((max(2, round(height_m * per_m)), max(2, round(width_m * per_m)), 4), np.uint8)


def _stained(random: Generator, paint: NDArray[np.uint8], strength: float) -> None:
    """Weather on what is painted: stains that run down, darker at the foot."""
    rows, columns = paint.shape[:2]
    stain = cv2.resize(
        random.normal(0, 1, (6, 24)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    fine = cv2.resize(
        random.normal(0, 1, (rows // 2 + 1, columns // 2 + 1)).astype(np.float32), (columns, rows)
    )
    damp = np.linspace(0.03, -0.1, rows, dtype=np.float32)[:, None]
    shade = 1 + strength * (0.5 * stain + 0.35 * fine) + damp
    paint[..., :3] = np.clip(paint[..., :3] * shade[..., None], 0, 255).astype(np.uint8)


def house(random: Generator, width_m: float, height_m: float, per_m: float = 40.0) -> NDArray[np.uint8]:
    """A tube house of one or two floors: wall, tiled or iron roof, doors, windows, a porch."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    walls = (
        (150, 190, 206),
        (176, 196, 170),
        (190, 186, 160),
        (168, 176, 196),
        (140, 160, 180),
        (196, 200, 204),
    )
    wall = walls[int(random.integers(len(walls)))]
    roof = ((70, 82, 150), (96, 104, 120), (120, 88, 66))[int(random.integers(3))]
    eaves = round(rows * random.uniform(0.22, 0.3))
    cv2.rectangle(paint, (round(0.03 * columns), eaves), (round(0.97 * columns), rows), (*wall, 255), -1)
    _stained(random, paint, 0.07)
    gable = [(0, eaves + 3), (round(0.14 * columns), 2), (round(0.86 * columns), 2), (columns - 1, eaves + 3)]
    cv2.fillPoly(paint, [np.array(gable)], (*roof, 255), cv2.LINE_AA)
    for x in range(0, columns, max(3, round(0.25 * per_m))):
        part = paint[: eaves + 3, x : x + 2]
        part[part[..., 3] > 0, :3] = (np.array(roof) * 0.8).astype(np.uint8)
    paint[
        eaves + 3 : eaves + 3 + round(0.25 * per_m), round(0.03 * columns) : round(0.97 * columns), :3
    ] //= 2
    floors = 2 if height_m > 5.5 else 1
    for floor in range(floors):
        foot = rows - round(floor * 3.1 * per_m)
        x = round(0.08 * columns)
        while x + round(1.3 * per_m) < 0.95 * columns:
            is_door = floor == 0 and random.uniform() < 0.45
            wide, tall = (1.1, 2.2) if is_door else (1.0, 1.1)
            up = 0.0 if is_door else 0.9
            y1, y2 = foot - round((up + tall) * per_m), foot - round(up * per_m)
            x2 = x + round(wide * per_m)
            shade = (48, 52, 60) if random.uniform() < 0.5 else (92, 78, 62)
            cv2.rectangle(paint, (x, y1), (x2, y2), (*shade, 255), -1)
            cv2.rectangle(paint, (x, y1), (x2, y2), (210, 214, 216, 255), max(1, round(0.05 * per_m)))
            cv2.line(
                paint,
                ((x + x2) // 2, y1),
                ((x + x2) // 2, y2),
                (150, 150, 150, 255),
                max(1, round(0.04 * per_m)),
            )
            x = x2 + round(random.uniform(0.5, 1.2) * per_m)
        if floor == 1:
            cv2.rectangle(paint, (round(0.02 * columns), foot), (round(0.98 * columns), foot + round(0.2 * per_m)),
                          (150, 156, 160, 255), -1)  # fmt: skip
    return paint


def tree(random: Generator, width_m: float, height_m: float, per_m: float = 40.0) -> NDArray[np.uint8]:
    """A broad crown on a trunk: leaves as many small marks, darker below and within."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    trunk = max(2, round(0.04 * columns))
    cv2.rectangle(
        paint, (columns // 2 - trunk, round(0.5 * rows)), (columns // 2 + trunk, rows), (52, 66, 80, 255), -1
    )
    heaps = [
        (
            random.uniform(0.18, 0.82) * columns,
            random.uniform(0.14, 0.55) * rows,
            random.uniform(0.12, 0.24) * columns,
        )
        for _ in range(11)
    ]
    hue = np.array([random.uniform(48, 66), random.uniform(80, 98), random.uniform(64, 84)])
    for shade in (0.5, 0.72, 0.95, 1.2):
        for x, y, size in heaps:
            for _ in range(70):
                angle, out = random.uniform(0, 2 * np.pi), size * np.sqrt(random.uniform())
                # Light from above: what is bright lies in the upper part of its heap.
                px, py = x + out * np.cos(angle), y + 0.8 * out * np.sin(angle) - (shade - 0.7) * 0.5 * size
                if 0 <= px < columns and 0 <= py < 0.75 * rows:
                    colour = hue * shade * random.uniform(0.82, 1.15)
                    cv2.circle(paint, (round(px), round(py)), max(1, round(0.14 * per_m * random.uniform(0.5, 1.3))),
                               (*np.clip(colour, 0, 255).tolist(), 255), -1, cv2.LINE_AA)  # fmt: skip
    return paint


def thicket(seed: int, width_m: float, height_m: float, per_m: float) -> NDArray[np.uint8]:
    """A line of bushes and bamboo at the edge of the fields: ragged above, dark below."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    across, down = np.meshgrid(
        np.arange(columns, dtype=np.float32) / per_m, np.arange(rows, dtype=np.float32) / per_m
    )
    crest = grain.at(seed, across[0:1], np.zeros_like(across[0:1]), 90.0, 2.2)[0]
    fringe = grain.at(seed + 1, across[0:1], np.zeros_like(across[0:1]), 14.0, 1.4)[0]
    top = np.clip(0.32 + 0.12 * crest + 0.06 * fringe, 0.02, 0.8) * height_m
    inside = down > top[None]
    leaf = grain.at(seed + 2, across, down, 9.0, 1.1) + 0.8 * grain.at(seed + 3, across, down, 30.0, 2.0)
    shade = (0.8 + 0.2 * leaf) * (1.1 - 0.45 * np.clip((down - top[None]) / height_m, 0, 1))
    paint[..., :3] = np.clip(np.array([54, 96, 76], np.float32) * shade[..., None], 0, 255).astype(np.uint8)
    paint[..., 3] = np.where(inside, 255, 0)
    return paint


def hills(seed: int, width_m: float, height_m: float, per_m: float) -> NDArray[np.uint8]:
    """The range to the west, blue with distance."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    across = np.arange(columns, dtype=np.float32)[None] / np.float32(per_m)
    crest = grain.at(seed, across, np.zeros_like(across), 1.3 * width_m, 3.0)[0]
    top = np.clip(0.55 + 0.16 * crest, 0.05, 0.95) * rows
    inside = np.arange(rows)[:, None] > top[None]
    paint[..., :3] = (176, 164, 146)
    paint[..., 3] = np.where(inside, 255, 0)
    return paint


def sky(seed: int, width_m: float, height_m: float, per_m: float) -> NDArray[np.uint8]:
    """Overcast: light at the horizon, heaps of grey above."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    across, down = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    clouds = grain.at(seed, across / columns, 2.2 * down / rows, 1.7, 2.6)
    high = (1 - down / rows)[..., None]
    base = np.array([222, 216, 208], np.float32) * (1 - high) + np.array([206, 190, 172], np.float32) * high
    paint[..., :3] = np.clip(base * (1 + 0.07 * clouds[..., None]), 0, 255).astype(np.uint8)
    paint[..., 3] = 255
    return paint
