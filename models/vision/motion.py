"""Has anything moved, and is the camera alive? Both from small grey pictures, without a net."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 90
"""A cell is 12 x 12 pixels of a 1080p picture: noise averages out, a person 60 pixels high fills ten."""
MOVED_LEVELS = 12
"""Of 255: the noise of a night picture (sigma 10) is below 1 after the averaging."""
MOVED_CELLS = 3
FROZEN_LEVELS = 0.02
"""Mean difference of two pictures: a live sensor's noise gives 0.1 and more, one picture encoded twice 0.00-0.01."""

Thumb = "NDArray[np.uint8]"


def thumb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The grey picture (HEIGHT, WIDTH) of a BGR one (h, w, 3)."""
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def moved(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> bool:
    """Whether at least MOVED_CELLS cells differ by more than MOVED_LEVELS."""
    return int(np.count_nonzero(cv2.absdiff(before, now) > MOVED_LEVELS)) >= MOVED_CELLS


def same(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> bool:
    """Whether it is the very same picture, as a frozen camera sends it."""
    return float(cv2.absdiff(before, now).mean()) < FROZEN_LEVELS
