"""Roughness that lies in the world and not in the picture: seeded noise that repeats, asked by metres."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 512
"""Cells of a texture, across and down; it repeats."""


@lru_cache(maxsize=32)
def texture(seed: int, steep: float = 1.8) -> NDArray[np.float32]:
    """(SIDE, SIDE) of mean 0 and deviation 1; its power falls with frequency to the power `steep`: 0 is white."""
    random = np.random.default_rng([seed, 77])
    spectrum = np.fft.rfft2(random.normal(size=(SIDE, SIDE)))
    down = np.fft.fftfreq(SIDE)[:, None]
    across = np.fft.rfftfreq(SIDE)[None, :]
    often = np.hypot(down, across)
    often[0, 0] = 1.0
    spectrum *= often ** (-steep / 2)
    spectrum[0, 0] = 0.0
    made = np.fft.irfft2(spectrum, s=(SIDE, SIDE))
    found: NDArray[np.float32] = (made / made.std()).astype(np.float32)
    return found


def at(
    seed: int, x: NDArray[np.float32], y: NDArray[np.float32], size_m: float, steep: float = 1.8
) -> NDArray[np.float32]:
    """The noise at places in metres; a texture is `size_m` metres wide before it repeats."""
    cells = np.float32(SIDE / size_m)
    across, down = x * cells, y * cells
    # A remap takes no coordinates beyond 2**15, and wraps what lies beyond the rim. floor() is ten times as fast as mod().
    across -= np.floor(across / SIDE) * SIDE
    down -= np.floor(down / SIDE) * SIDE
    found = cv2.remap(
        texture(seed, steep), across.astype(np.float32), down.astype(np.float32), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )  # fmt: skip
    return np.asarray(found, dtype=np.float32)


def fading(far: NDArray[np.float32], focal: float, size_m: float) -> NDArray[np.float32]:
    """How much of roughness of `size_m` a pixel so far away still shows, 1..0: what is finer than it is a mean."""
    metres = far / np.float32(focal)
    found: NDArray[np.float32] = np.clip(1.6 - 2.2 * metres / np.float32(size_m), 0.0, 1.0)
    return found
