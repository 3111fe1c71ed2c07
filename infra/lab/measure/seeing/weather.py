"""What light, weather and passers-by do to a healthy picture: each takes the picture and its second in the clip.

All is drawn from seeds: the same clip again is the same pictures. Nothing here is a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PASSES_S = 236


def grain(work: NDArray[np.float32], sigma: float, *seed: int) -> NDArray[np.uint8]:
    """As a sensor gives it: noise of two by two pixels, different in every picture."""
    height, width = work.shape[:2]
    small = np.random.default_rng(seed).normal(0, sigma, (height // 2, width // 2)).astype(np.float32)
    grown = np.asarray(cv2.resize(small, (width, height)), np.float32)
    made: NDArray[np.uint8] = np.clip(work + grown[..., None], 0, 255).astype(np.uint8)
    return made


def still(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """Nothing but the sensor's noise."""
    return grain(picture.astype(np.float32), 1.5, 1, i)


def quiet(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """A clean sensor: what noise there is hardly shows."""
    return grain(picture.astype(np.float32), 0.6, 2, i)


def clouds(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """Sun and shade change places, and shadows lie elsewhere."""
    height, width = picture.shape[:2]
    coarse = np.random.default_rng(7).uniform(0.6, 1.15, (4, 14)).astype(np.float32)
    shade = cv2.resize(np.roll(coarse, i // 9, axis=1)[:, :6], (width, height), interpolation=cv2.INTER_CUBIC)
    lit = picture * shade[..., None] * (1 + 0.3 * np.sin(i / 6))
    return grain(lit.astype(np.float32), 2, 3, i)


def night(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """Under one lamp, with a sensor at its highest gain."""
    return grain(picture * (0.12 + 0.5 * _glow(picture, 0.6, 0.4))[..., None], 5, 4, i)


def denoised(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """The same, by a camera that takes most of the noise out over time."""
    return grain(picture * (0.15 + 0.5 * _glow(picture, 0.5, 0.5))[..., None], 0.8, 5, i)


def lamps(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """A second lamp goes on and off."""
    glow = 0.5 * _glow(picture, 0.25, 0.4) + (0.5 * _glow(picture, 0.75, 0.5) if i // 17 % 2 else 0)
    return grain((picture * (0.18 + glow)[..., None]).astype(np.float32), 4, 6, i)


def headlights(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """Now and then a car comes by night and shines into the lens for some seconds."""
    work = picture * (0.15 + 0.5 * _glow(picture, 0.5, 0.4))[..., None]
    phase = i % 23
    if phase < 8:
        size = 0.05 + 0.03 * phase
        light = sum(_glow(picture, 0.35 + 0.02 * phase + side, 0.55, size) for side in (0.0, 0.08))
        work = work + 330 * np.asarray(light)[..., None]
    return grain(work.astype(np.float32), 4, 7, i)


def exposure(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """The automatic exposure in steps."""
    gain = (1.0, 1.35, 0.75, 1.6, 0.55)[i // 9 % 5]
    return grain(picture * np.float32(gain), 2, 8, i)


def infrared(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """At dusk the camera goes over to its own infrared light: grey, bright in the middle, leaves light and cloth pale."""
    if i % 60 < 32:
        return grain(picture * np.float32(0.45), 4, 9, i)
    work = picture.astype(np.float32)
    grey = 0.75 * work[..., 2] + 0.45 * work[..., 1] - 0.2 * work[..., 0]
    lit = grey * (0.25 + 0.7 * _glow(picture, 0.5, 0.6, 0.45))
    return grain(np.repeat(lit[..., None], 3, axis=2), 4, 9, i)


def rain(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """Heavy rain between the camera and what it sees."""
    height, width = picture.shape[:2]
    random = np.random.default_rng([10, i])
    layer = np.zeros((height, width), np.uint8)
    for _ in range(220):
        x, y, long = random.integers(0, width), random.integers(-20, height), random.integers(8, 30)
        cv2.line(layer, (int(x), int(y)), (int(x - long // 5), int(y + long)), 90, 1, cv2.LINE_AA)
    return grain(picture * np.float32(0.62) + 26 + layer[..., None] * np.float32(0.5), 3, 10, i)


def wind(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """The mast sways by half a per cent of the width."""
    height, width = picture.shape[:2]
    x, y = 0.005 * width * np.sin(i * 1.7), 0.003 * width * np.cos(i * 2.3)
    shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
    swayed = cv2.warpAffine(picture, shift, (width, height), borderMode=cv2.BORDER_REFLECT)
    return grain(swayed.astype(np.float32), 2, 11, i)


def dusk(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """From daylight to lamps within the clip."""
    day = max(0.0, 1 - i / 80)
    light = 0.15 + 0.8 * day + 0.5 * (1 - day) * _glow(picture, 0.4, 0.4)
    return grain(picture * np.asarray(light, np.float32)[..., None], 2 + 4 * (1 - day), 12, i)


def sunset(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """A hard shadow wanders across, and the light turns red."""
    height, width = picture.shape[:2]
    edge = width * (i / 110)
    x = np.arange(width, dtype=np.float32)[None]
    y = np.arange(height, dtype=np.float32)[:, None]
    shade = 0.45 + 0.55 / (1 + np.exp(np.clip((edge - x - 0.3 * y) / 3, -30, 30)))
    red = np.array([0.75, 0.9, 1.05], np.float32)
    return grain((picture * shade[..., None] * red).astype(np.float32), 2, 13, i)


def person(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """Somebody stands right before the camera for 20 s and looks at it."""
    return _passes(picture, i, 0.22, 40)


def truck(picture: NDArray[np.uint8], i: int) -> NDArray[np.uint8]:
    """A truck stops before the camera for 20 s: its side fills two thirds of the view."""
    return _passes(picture, i, 0.66, 41)


WEATHER: dict[str, Callable[[NDArray[np.uint8], int], NDArray[np.uint8]]] = {
    made.__name__: made
    for made in (
        still, quiet, clouds, night, denoised, lamps, headlights, exposure, infrared, rain, wind, dusk, sunset,
        person, truck,
    )
}  # fmt: skip


def _passes(picture: NDArray[np.uint8], i: int, wide: float, seed: int) -> NDArray[np.uint8]:
    """Something `wide` (of the width) with details of its own comes in at second 34, stays 20 and goes, and again 236 s later."""
    out = picture.copy()
    height, width = picture.shape[:2]
    at = (i - 34) % PASSES_S
    if 0 <= at < 24:
        x = {0: -0.6 * wide, 1: -0.2 * wide, 22: 0.6, 23: 0.85}.get(at, 0.18) * width
        random = np.random.default_rng(seed)
        size = round(wide * width), round(0.9 * height)
        side = cv2.resize(random.uniform(60, 150, (3, 4, 3)).astype(np.float32), size)
        for _ in range(18):
            x1, y1 = int(random.integers(0, size[0])), int(random.integers(0, size[1]))
            far = x1 + int(random.integers(4, 60)), y1 + int(random.integers(4, 40))
            cv2.rectangle(
                side, (x1, y1), far, random.uniform(10, 240, 3).tolist(), int(random.integers(-1, 3))
            )
        left, top = round(x), height - size[1]
        first, last = max(0, left), min(width, left + size[0])
        if last > first:
            out[top:, first:last] = side[:, first - left : last - left].astype(np.uint8)
    return grain(out.astype(np.float32), 2, seed, i)


def _glow(picture: NDArray[np.uint8], x: float, y: float, size: float = 0.35) -> NDArray[np.float32]:
    """The light of a lamp, 1 at its middle (fractions of the picture)."""
    height, width = picture.shape[:2]
    across = ((np.arange(width, dtype=np.float32) / width - x) / size) ** 2
    down = ((np.arange(height, dtype=np.float32) / height - y) / (size * width / height)) ** 2
    glow: NDArray[np.float32] = np.exp(-across[None] - down[:, None])
    return glow
