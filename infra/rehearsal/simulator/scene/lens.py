"""What can befall a camera's eye, made from its own healthy pictures: to test and to measure who should notice.

Each fault is a function of the healthy picture and its number in the clip; nothing here knows how it is noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

WIDE = 1280
"""Sizes below are in pixels of a picture so wide."""


def clock(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """With the camera's own clock burnt in at the upper left; it runs by a second a picture."""
    out = picture.copy()
    scale = picture.shape[1] / WIDE
    text = f"2026-11-26 {number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    at = (round(20 * scale), round(44 * scale))
    cv2.putText(out, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * scale, (0, 0, 0), max(1, round(6 * scale)))
    cv2.putText(
        out, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * scale, (255, 255, 255), max(1, round(2 * scale))
    )
    return out


def black(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """No light at all, and what noise is left of it."""
    return _noisy(np.zeros_like(picture), 1.5, number)


def black_with_clock(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """The same; the clock that the camera writes into it runs."""
    return clock(black(picture, number), number)


def cloth(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Something of one colour before the lens: a bag, a leaf of paper; a little lighter at one side."""
    height, width = picture.shape[:2]
    slope = np.linspace(95, 125, width, dtype=np.float32)[None, :, None]
    return _noisy(np.broadcast_to(slope, (height, width, 3)).astype(np.uint8), 2.5, number)


def hand(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Something with folds and shadows, far too near to be sharp, that moves a little."""
    height, width = picture.shape[:2]
    random = np.random.default_rng(5)
    coarse = random.uniform(30, 170, (5, 8, 3)).astype(np.float32)
    folds = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    shift = np.array([[1, 0, 3 * np.sin(number / 4)], [0, 1, 2 * np.cos(number / 5)]], np.float32)
    moved = cv2.warpAffine(folds, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return _noisy(np.clip(moved, 0, 255).astype(np.uint8), 2.5, number)


def dark(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """The iris shut, the lens behind dark glass: a twentieth of the light is left."""
    return _noisy((picture * 0.05).astype(np.uint8), 1.5, number)


def overexposed(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """The iris open, the sun or a lamp in the lens: nearly all is white."""
    return _noisy(np.clip(picture.astype(np.float32) * 2.5 + 130, 0, 255).astype(np.uint8), 1.5, number)


def blurred(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Out of focus, or water on the glass; the sensor's noise stays."""
    sigma = 9 * picture.shape[1] / WIDE
    return _noisy(np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8), 2, number)


def shifted(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Knocked aside by a fifth of its view."""
    height, width = picture.shape[:2]
    shift = np.array([[1, 0, 0.2 * width], [0, 1, -0.08 * height]], np.float32)
    return _noisy(
        np.asarray(cv2.warpAffine(picture, shift, (width, height), borderMode=cv2.BORDER_REFLECT)), 1, number
    )


def rotated(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Hanging on one screw: turned by 14 degrees."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 14, 1.1)
    return _noisy(
        np.asarray(cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT)), 1, number
    )


def half_covered(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """A leaf, a flag, a poster hangs over the left half."""
    out = picture.copy()
    half = picture.shape[1] // 2
    out[:, :half] = hand(picture, number)[:, :half]
    return out


def noise(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Snow: a cable or a sensor that has gone."""
    return np.asarray(np.random.default_rng([11, number]).integers(0, 256, picture.shape), dtype=np.uint8)


def smeared(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """A decoder that lost packets: one row is drawn on down to the lower rim, in blocks."""
    out = picture.copy()
    row = round(picture.shape[0] * (0.25 + 0.06 * (number % 3)))
    row -= row % 16
    out[row:] = out[row][None]
    return out


FAULTS: dict[str, Callable[[NDArray[np.uint8], int], NDArray[np.uint8]]] = {
    "black": black,
    "black, its clock runs": black_with_clock,
    "covered, flat": cloth,
    "covered, textured": hand,
    "dark": dark,
    "overexposed": overexposed,
    "blurred": blurred,
    "moved, shifted": shifted,
    "moved, rotated": rotated,
    "half covered": half_covered,
    "noise": noise,
    "smeared": smeared,
}
"""By name; frozen pictures are made by `frozen`, which knows the picture that stood still."""


def frozen(clip: Sequence[NDArray[np.uint8]], since: int, *, with_clock: bool) -> list[NDArray[np.uint8]]:
    """The clip whose picture number `since` is shown to its end; its clock may run on."""
    kept = [clip[min(i, since)] for i in range(len(clip))]
    return [clock(one, i) for i, one in enumerate(kept)] if with_clock else kept


def _noisy(picture: NDArray[np.uint8], sigma: float, number: int) -> NDArray[np.uint8]:
    grain = np.random.default_rng([3, number]).normal(0, sigma, picture.shape[:2]).astype(np.float32)
    made: NDArray[np.uint8] = np.clip(picture.astype(np.float32) + grain[..., None], 0, 255).astype(np.uint8)
    return made
