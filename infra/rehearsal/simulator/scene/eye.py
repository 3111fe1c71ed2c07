"""A camera as a pinhole: where a place of the world stands in its picture, and which way each pixel looks.

The world is metres: x to the right, y away from the camera's foot, z up from the zero of the gauge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infra.rehearsal.simulator.scene.place import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Eye:
    """It hangs at (0, 0, `up` m), looks along y and `down` degrees below the horizon; `focal` in pixels of WIDTH.

    `aside` and `roll` (degrees) turn it to the right and about its own axis: what a gust does to a loose bracket.
    """

    up: float
    down: float
    focal: float
    aside: float = 0.0
    roll: float = 0.0

    def axes(self) -> NDArray[np.float64]:
        """Rows: the picture's right, its down, and ahead, as directions of the world."""
        down, aside, roll = (math.radians(part) for part in (self.down, self.aside, self.roll))
        ahead = np.array(
            [math.sin(aside) * math.cos(down), math.cos(aside) * math.cos(down), -math.sin(down)]
        )
        right = np.array([math.cos(aside), -math.sin(aside), 0.0])
        below = np.cross(ahead, right)
        turned = math.cos(roll) * right + math.sin(roll) * below
        return np.stack([turned, math.cos(roll) * below - math.sin(roll) * right, ahead])

    def project(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels (n, 2) of places (n, 3) before the camera; those behind it have no pixel and become NaN."""
        seen = (np.asarray(places, np.float64) - np.array([0.0, 0.0, self.up])) @ self.axes().T
        ahead = np.where(seen[:, 2] > 0, seen[:, 2], np.nan)
        found: NDArray[np.float64] = np.stack(
            [
                WIDTH / 2 + self.focal * seen[:, 0] / ahead,
                HEIGHT / 2 + self.focal * seen[:, 1] / ahead,
            ],
            axis=1,
        )
        return found

    def fractions(self, places: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
        """The same as fractions of the picture's width and height, kept within it: what a configuration holds."""
        pixels = self.project(np.array(places, np.float64))
        return [
            (round(min(max(x / WIDTH, 0.0), 1.0), 4), round(min(max(y / HEIGHT, 0.0), 1.0), 4))
            for x, y in pixels.tolist()
        ]

    def rays(self, part: int = 1) -> NDArray[np.float32]:
        """Directions (3, HEIGHT / part, WIDTH / part) of each pixel's middle, one metre ahead."""
        u = (np.arange(WIDTH // part, dtype=np.float32) + 0.5) * part - WIDTH / 2
        v = (np.arange(HEIGHT // part, dtype=np.float32) + 0.5) * part - HEIGHT / 2
        right, below, ahead = self.axes().astype(np.float32)
        across, along = np.meshgrid(u / self.focal, v / self.focal)
        found: NDArray[np.float32] = (
            right[:, None, None] * across[None].astype(np.float32)
            + below[:, None, None] * along[None].astype(np.float32)
            + ahead[:, None, None]
        )
        return found
