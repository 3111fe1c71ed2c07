"""Has anything moved, and is the camera alive? Both from small grey pictures, without a net."""

from __future__ import annotations

from dataclasses import dataclass
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

RIM = HEIGHT // 5
"""Rows at the top and at the bottom where cameras write their clock."""
CLOCK = 0.08
"""Of the picture: what may change there and still be a clock; two lines of large text take 5 %."""
CLOCK_LEVELS = 2
"""A cell that changed by more is the clock's, with the two cells around it: an encoder spreads what it writes."""


@dataclass(slots=True)
class Still:
    """What has changed at the rim since a picture stands still (cells, or None), and how often the rest was the same."""

    changing: NDArray[np.bool_] | None = None
    times: int = 0


def moved(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> bool:
    """Whether at least MOVED_CELLS cells differ by more than MOVED_LEVELS."""
    return int(np.count_nonzero(cv2.absdiff(before, now) > MOVED_LEVELS)) >= MOVED_CELLS


def stands(still: Still, before: NDArray[np.uint8], now: NDArray[np.uint8]) -> bool:
    """Whether it is the very same picture but for a clock at its rim; `still` learns where that is.

    The clock's place is what changed since the picture stands: it must stay small, at the rim, and nothing beside
    it may change. Of a living camera every cell changes a little, whatever its clock says.
    """
    change = np.asarray(cv2.absdiff(before, now), dtype=np.uint8)
    if float(change[RIM : HEIGHT - RIM].mean()) >= FROZEN_LEVELS or not _beside_clock(still, change):
        still.changing, still.times = None, 0
        return False
    still.times += 1
    return True


def _beside_clock(still: Still, change: NDArray[np.uint8]) -> bool:
    if float(change.mean()) < FROZEN_LEVELS:
        return True
    clock = cv2.dilate((change > CLOCK_LEVELS).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    clock[RIM : HEIGHT - RIM] = False
    if still.changing is not None:
        clock |= still.changing
    if clock.mean() > CLOCK or float(change[~clock].mean()) >= FROZEN_LEVELS:
        return False
    still.changing = clock
    return True
