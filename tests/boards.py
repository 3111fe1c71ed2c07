"""Rendered boards in water, for tests: a staff with teeth of a centimetre, one of blocks of a decimetre, a bow-tie board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.vision.camera import Board, BoardForm

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 480, 640
TOP_PX, PER_CM = 60, 5.0
"""The board's upper edge reads TOP_CM; five pixels a centimetre."""
TOP_CM, LOW_CM = 100, -12
CENTRE = 240
WIDE = {"teeth": 40, "blocks": 56, "bow_tie": 200}
"""Pixels across."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the camera sees. `light` 0..1 with a sensor's noise; `mirror`: how much of the board the water mirrors, `waves` px, `mud`: its grey.

    `wet_cm`: a dark band of so many cm above the line; `leaves`: how many float at it; `rain`: streaks; `lean`: rows the view is rolled by
    across the picture; `away`: nothing but a wall stands there.
    """

    light: float = 1.0
    mirror: float = 0.0
    waves: float = 0.0
    mud: float = 95.0
    wet_cm: float = 0.0
    leaves: int = 0
    rain: int = 0
    lean: float = 0.0
    noise: float = 2.0
    away: bool = False


def board(form: str) -> Board:
    """Its two marks, at 90 and 10 cm."""
    kind = BoardForm.BOW_TIE if form == "bow_tie" else BoardForm.STAFF
    return Board(kind, (CENTRE / WIDTH, _y(90) / HEIGHT), (CENTRE / WIDTH, _y(10) / HEIGHT), 90, 10)


def around(form: str) -> list[tuple[float, float]]:
    """The zone drawn around it."""
    half = WIDE[form] / 2
    left, right = (CENTRE - half) / WIDTH, (CENTRE + half) / WIDTH
    upper, lower = TOP_PX / HEIGHT, _y(LOW_CM) / HEIGHT
    return [(left, upper), (right, upper), (right, lower), (left, lower)]


def picture(form: str, level_cm: float, scene: Scene, seed: int = 1) -> NDArray[np.uint8]:
    """The picture (HEIGHT, WIDTH, 3) with the water at `level_cm`."""
    random = np.random.default_rng(seed)
    grain = cv2.resize(random.normal(0, 1, (40, 30)).astype(np.float32), (WIDTH, HEIGHT))
    wall = np.clip(110 + 9 * grain, 0, 255).astype(np.uint8)
    if not scene.away:
        _paint(wall, form)
    dry = wall.astype(np.float32)
    line = _y(level_cm)
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None] + np.zeros((1, WIDTH), np.float32)
    columns = np.arange(WIDTH, dtype=np.float32)[None] + np.zeros((HEIGHT, 1), np.float32)
    if scene.wet_cm:
        damp = np.clip((rows - (line - scene.wet_cm * PER_CM)) / 4 + 0.5, 0, 1)
        dry *= 1 - 0.35 * damp
    sway = scene.waves * np.sin(rows / 3.1 + columns / 40) * np.clip((rows - line) / 40, 0, 1)
    back = 2 * line - rows + 0.6 * sway
    mirrored = cv2.remap(dry, columns + sway, back, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    river = scene.mud + 4 * cv2.resize(
        random.normal(0, 1, (HEIGHT // 3, 12)).astype(np.float32), (WIDTH, HEIGHT)
    )
    water = river + scene.mirror * (mirrored - 110)
    below = np.clip(rows - line + 0.5 + 0.4 * np.sin(columns / 23), 0, 1)
    seen = dry * (1 - below) + water * below
    for _ in range(scene.leaves):
        place = CENTRE + random.integers(-45, 45), round(line + random.integers(-2, 14))
        cv2.ellipse(
            seen, place, (int(random.integers(3, 9)), 3), 0, 0, 360, float(random.integers(40, 90)), -1
        )
    for _ in range(scene.rain):
        x, y = random.integers(0, WIDTH), random.integers(0, HEIGHT)
        cv2.line(seen, (int(x), int(y)), (int(x) - 3, int(y) + 14), 190.0, 1, cv2.LINE_AA)
    if scene.lean:
        turn = cv2.getRotationMatrix2D((CENTRE, line), np.degrees(np.arctan(scene.lean / WIDTH)), 1.0)
        seen = cv2.warpAffine(seen, turn, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    seen = scene.light * cv2.GaussianBlur(seen, (0, 0), 0.7) + random.normal(0, scene.noise, seen.shape)
    grey = np.clip(seen, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _y(cm: float) -> float:
    return TOP_PX + (TOP_CM - cm) * PER_CM


def _paint(dry: NDArray[np.uint8], form: str) -> None:
    """The board on what stands behind it."""
    half = WIDE[form] // 2
    left, right = CENTRE - half, CENTRE + half
    foot = round(_y(LOW_CM - 10))
    dry[TOP_PX:foot, left:right] = 205
    if form == "bow_tie":
        for x in (left + 45, right - 45):
            for cm in range(90, LOW_CM - 30, -34):
                a, b = round(_y(cm)), round(_y(cm - 24))
                middle = (x, (a + b) // 2)
                for side in (x - 40, x + 40):
                    cv2.fillPoly(dry, [np.array([(side, a), (side, b), middle])], 45.0)
        return
    for cm in range(TOP_CM, LOW_CM - 10, -2 if form == "teeth" else -20):
        a = round(_y(cm))
        if form == "teeth":
            part = 0.55 if cm % 10 == 0 else 0.33
            dry[a : a + round(PER_CM), right - round(part * WIDE[form]) : right - 3] = 45
        else:
            dry[a : a + round(10 * PER_CM), left + 3 : CENTRE] = 45
    for cm in range(TOP_CM - 10, LOW_CM, -10):
        cv2.putText(dry, f"{abs(cm) // 10}", (left + 3 if form == "teeth" else CENTRE + 4, round(_y(cm)) + 12),
                    cv2.FONT_HERSHEY_SIMPLEX, 0.5, 60.0, 1, cv2.LINE_AA)  # fmt: skip
