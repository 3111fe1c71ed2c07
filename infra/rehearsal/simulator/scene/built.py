"""What people have built of concrete and iron before a camera: posts, poles, a bridge, a staff board; each a painted sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.rehearsal.simulator.scene import grain
from infra.rehearsal.simulator.scene.stands import blank

if TYPE_CHECKING:
    from numpy.typing import NDArray


def post(height_m: float, per_m: float = 120.0) -> NDArray[np.uint8]:
    """A guide post of a ford: white, its head red."""
    paint = blank(0.16, height_m, per_m)
    paint[:] = (196, 202, 204, 255)
    paint[: round(0.18 * per_m)] = (48, 44, 176, 255)
    paint[:, -max(1, paint.shape[1] // 4) :, :3] = (
        paint[:, -max(1, paint.shape[1] // 4) :, :3] * 0.75
    ).astype(np.uint8)
    return paint


def pole(height_m: float, per_m: float = 40.0) -> NDArray[np.uint8]:
    """Of the electricity, with two arms and its insulators."""
    paint = blank(2.0, height_m, per_m)
    columns = paint.shape[1]
    half = round(0.13 * per_m)
    cv2.rectangle(
        paint, (columns // 2 - half, 0), (columns // 2 + half, paint.shape[0]), (136, 142, 146, 255), -1
    )
    for arm in (0.35, 1.0):
        y = round(arm * per_m)
        cv2.line(
            paint,
            (round(0.1 * columns), y),
            (round(0.9 * columns), y),
            (90, 94, 98, 255),
            max(2, round(0.1 * per_m)),
        )
    return paint


def pier(width_m: float, height_m: float, per_m: float, seed: int) -> NDArray[np.uint8]:
    """A bridge's pier of concrete, with its stains and the dark band that floods have left."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    across, down = np.meshgrid(
        np.arange(columns, dtype=np.float32) / per_m, np.arange(rows, dtype=np.float32) / per_m
    )
    stain = grain.at(seed, across, 0.25 * down, 3.0, 1.8) + 0.6 * grain.at(seed + 1, across, down, 0.8, 0.8)
    round_ = 1 - 0.35 * (np.abs(np.arange(columns) / columns - 0.42) / 0.58)[None] ** 2
    damp = 1 - 0.22 / (1 + np.exp(-(down - 0.55 * height_m) * 3))
    shade = round_ * damp * (1 + 0.05 * stain)
    paint[..., :3] = np.clip(np.array([150, 158, 162], np.float32) * shade[..., None], 0, 255).astype(
        np.uint8
    )
    paint[..., 3] = 255
    return paint


def deck(width_m: float, height_m: float, per_m: float, seed: int) -> NDArray[np.uint8]:
    """The bridge's beam from the side, dark below."""
    paint = pier(width_m, height_m, per_m, seed)
    paint[..., :3] = (paint[..., :3] * np.linspace(1.05, 0.5, paint.shape[0])[:, None, None]).astype(np.uint8)
    return paint


def railing(width_m: float, height_m: float, per_m: float) -> NDArray[np.uint8]:
    """Of a bridge: posts of concrete every two metres, bars of iron between them, a red and white hand rail."""
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    for metre in np.arange(0.0, width_m, 0.25):
        x, thick = round(metre * per_m), round((0.22 if metre % 2 == 0 else 0.05) * per_m)
        colour = (150, 156, 160, 255) if metre % 2 == 0 else (96, 100, 104, 255)
        cv2.rectangle(paint, (x, 0), (x + max(1, thick), rows), colour, -1)
    for metre in np.arange(0.0, width_m, 0.5):
        colour = (40, 38, 170, 255) if metre % 1 == 0 else (200, 204, 206, 255)
        x1, x2 = round(metre * per_m), round((metre + 0.5) * per_m)
        cv2.rectangle(paint, (x1, 0), (min(x2, columns - 1), round(0.12 * per_m)), colour, -1)
    return paint


def staff(low_cm: int, high_cm: int, width_m: float, per_m: float) -> NDArray[np.uint8]:
    """A staff board: blocks of a decimetre, dark and light in turn, red in every second metre, each dark one numbered beside it.

    Its upper edge reads `high_cm`, its lower `low_cm`.
    """
    height_m = (high_cm - low_cm) / 100
    paint = blank(width_m, height_m, per_m)
    rows, columns = paint.shape[:2]
    paint[:] = (226, 230, 232, 255)
    inner = round(0.42 * columns)
    for cm in range(low_cm, high_cm, 10):
        y1, y2 = (round((high_cm - each) / 100 * per_m) for each in (cm + 10, cm))
        colour = (30, 28, 150, 255) if cm // 100 % 2 else (34, 30, 30, 255)
        if cm // 10 % 2 == 0:
            cv2.rectangle(paint, (0, y1), (inner, y2 - 1), colour, -1)
            text = f"{cm // 10}"
            cv2.putText(paint, text, (round(0.5 * columns), y2 - round(0.012 * per_m)), cv2.FONT_HERSHEY_SIMPLEX,
                        0.0042 * per_m, colour, max(1, round(0.02 * per_m)), cv2.LINE_AA)  # fmt: skip
        else:
            cv2.rectangle(paint, (round(0.8 * inner), y1), (inner, y2 - 1), colour, -1)
    cv2.rectangle(paint, (0, 0), (columns - 1, rows - 1), (70, 72, 74, 255), max(1, round(0.008 * per_m)))
    return paint
