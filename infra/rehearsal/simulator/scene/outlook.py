"""What a camera sees of a place without water: colour, height and distance of each pixel, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infra.rehearsal.simulator.scene.land import met

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from infra.rehearsal.simulator.scene.eye import Eye
    from infra.rehearsal.simulator.scene.land import Land
    from infra.rehearsal.simulator.scene.stands import Sheet

HAZE_M = 900.0
HAZE = (206.0, 200.0, 194.0)
"""Air over so many metres hides all but a third, and is of this colour."""
NEAR_M = 150.0
"""What stands farther away is no house or tree: hills and sky."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """By pixel, (HEIGHT, WIDTH): `dry` BGR floats, `height` (m above the gauge's zero; inf in the sky), `far` (m), `ground`.

    `ground`: whether the pixel shows the ground and not what stands on it. `sheets` are all that stand, the farthest first.
    """

    eye: Eye
    land: Land
    sheets: tuple[Sheet, ...]
    dry: NDArray[np.float32]
    height: NDArray[np.float32]
    far: NDArray[np.float32]
    ground: NDArray[np.bool_]


def look(eye: Eye, land: Land, sheets: tuple[Sheet, ...]) -> Outlook:
    """Render the place once: `sheets` in any order."""
    ordered = tuple(sorted(sheets, key=lambda sheet: -sheet.away))
    x, y, z = eye.rays()
    laid = met(land, eye)
    there = np.isfinite(laid)
    length = np.sqrt(x * x + y * y + z * z)
    along = np.where(there, laid, 1.0).astype(np.float32)
    picture = land.colour(along * x, along * y, along * length, eye.focal)
    height = np.where(there, eye.up + along * z, np.inf).astype(np.float32)
    far = np.where(there, along * length, 1e4).astype(np.float32)
    ground = there.copy()
    picture[~there] = HAZE
    for sheet in ordered:
        painted = sheet.drawn(eye)
        t = np.where(y > 1e-6, sheet.away / np.maximum(y, 1e-6), np.inf)
        hides = painted[..., 3:] / 255
        seen = (t * length <= far + 0.02) & (hides[..., 0] > 0)
        part = np.where(seen[..., None], hides, 0)
        picture = picture * (1 - part) + painted[..., :3] * part
        solid = seen & (hides[..., 0] > 0.5)
        if sheet.away <= NEAR_M:
            height = np.where(solid, eye.up + t * z, height)
            far = np.where(solid, t * length, far)
        else:
            height = np.where(solid, np.inf, height)
        ground &= ~solid
    air = np.exp(-np.minimum(far, 5e3) / HAZE_M)[..., None]
    hazy = picture * air + np.array(HAZE, np.float32) * (1 - air)
    dry = np.where(np.isinf(height)[..., None], picture, hazy).astype(np.float32)
    return Outlook(eye, land, ordered, dry, height.astype(np.float32), far.astype(np.float32), ground)
