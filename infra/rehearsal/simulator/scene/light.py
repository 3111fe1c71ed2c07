"""Daylight, lamps, rain and the noise of a sensor: what time and weather do to a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

HOUR_S = 3600
_HOURS, _LIGHT = (0, 5.0, 6.2, 16.5, 18.2, 24), (0.0, 0.0, 1.0, 1.0, 0.0, 0.0)
NIGHT = 0.24
"""Of the daylight, under two lamps: what a street camera makes of it with its gain up."""
_RAIN_HOURS, _RAIN = (0, 12.5, 14, 20, 22, 24), (0.0, 0.0, 1.0, 1.0, 0.0, 0.0)


def daylight(second_of_day: float) -> float:
    """0 at night to 1 by day; Huế in October."""
    return float(np.interp(second_of_day / HOUR_S, _HOURS, _LIGHT))


def rain(second_of_day: float) -> float:
    """0 to 1; the storm comes after noon."""
    return float(np.interp(second_of_day / HOUR_S, _RAIN_HOURS, _RAIN))


def lit(picture: NDArray[np.uint8], day: float, wet: float, random: Generator) -> NDArray[np.uint8]:
    """The picture in this light (0..1) and rain (0..1), with the noise that comes with the gain."""
    height, width = picture.shape[:2]
    level = NIGHT + (1 - NIGHT) * day * (1 - 0.35 * wet)
    work = picture.astype(np.float32)
    if day < 1:
        glow = _lamps(height, width)
        work *= level + (1 - day) * 0.55 * glow[..., None]
        work *= np.array([1.0, 1.0, 1.0], np.float32) * day + np.array([0.82, 0.96, 1.06], np.float32) * (
            1 - day
        )
    else:
        work *= level
    if wet > 0:
        work = work * (1 - 0.12 * wet) + 22 * wet * level
        _streaks(work, wet, random)
    sigma = 2.5 + 5.5 * (1 - day)
    grain = random.normal(0, sigma, (height // 2, width // 2, 1)).astype(np.float32)
    work += cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    return np.clip(work, 0, 255).astype(np.uint8)


def _lamps(height: int, width: int) -> NDArray[np.float32]:
    """Two lamps above the ground, brightest below them."""
    y, x = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    glow = sum(
        np.exp(-(((x - at * width) / (0.24 * width)) ** 2) - ((y - 0.55 * height) / (0.38 * height)) ** 2)
        for at in (0.27, 0.74)
    )
    return np.asarray(cv2.resize(np.asarray(glow, np.float32), (width, height)), dtype=np.float32)


def _streaks(work: NDArray[np.float32], wet: float, random: Generator) -> None:
    height, width = work.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    for x, y, length in zip(
        random.integers(0, width, round(260 * wet)),
        random.integers(-30, height, round(260 * wet)),
        random.integers(10, 32, round(260 * wet)),
        strict=True,
    ):
        cv2.line(layer, (int(x), int(y)), (int(x - length // 4), int(y + length)), 90, 1, cv2.LINE_AA)
    work += layer[..., None].astype(np.float32) * 0.45
