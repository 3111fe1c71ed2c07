"""Has anything moved, and is the camera alive? Both from small grey pictures, without a net."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

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
"""Mean difference of two pictures: a live sensor gives 0.11 and more, were its noise only a third of a level of 255 and seen
through a JPEG at 1080p; one picture encoded twice 0.00 to 0.01."""

CLOCK = 0.08
"""Of the picture: what may change and still be a clock; two lines of large text take 5 %."""
CLOCK_LEVELS = 2
"""A cell that changed by more is the clock's, with the two cells around it: an encoder spreads what it writes."""
FLICKER_LEVELS = 8
"""An encoder that writes one picture at another quality changes no cell beside the clock by more: 2 to 5 levels were seen."""
FLICKERS, FLICKER_MS = 3, 11_000
"""So many pictures in a row, and so long, may flicker before one is the very same again."""


@dataclass(slots=True)
class Still:
    """What is remembered since a picture stands still.

    `kept`: that picture; `changing`: the cells that change in it, its clock, or None; `times`: how often it came again; `flickers`: how
    often in a row it came a little changed, since it was last the same at `same_ms` (event time).
    """

    changing: NDArray[np.bool_] | None = None
    times: int = 0
    kept: NDArray[np.uint8] | None = None
    flickers: int = 0
    same_ms: int = 0

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too."""
        for one in fields(self):
            setattr(self, one.name, state[1].get(one.name, one.default))


def moved(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> bool:
    """Whether at least MOVED_CELLS cells differ by more than MOVED_LEVELS."""
    return int(np.count_nonzero(cv2.absdiff(before, now) > MOVED_LEVELS)) >= MOVED_CELLS


def stands(still: Still, before: NDArray[np.uint8], now: NDArray[np.uint8], at_ms: int = 0) -> bool:
    """Whether it is the very same picture but for a clock; `still` learns where that is, and remembers the picture.

    The clock's place is what changed since the picture stands: it must stay small, wherever it is, and nothing beside
    it may change. Of a living camera every cell changes a little, whatever its clock says. An encoder that gives the one picture now better,
    now worse, comes back to the very same one; a sensor never does.
    """
    if still.kept is None:
        still.kept, still.same_ms = before, at_ms
    change = np.asarray(cv2.absdiff(still.kept, now), dtype=np.uint8)
    if _same(still, change):
        still.times, still.flickers, still.same_ms = still.times + 1, 0, at_ms
        return True
    still.flickers += 1
    if _flickers(still, change, at_ms):
        return still.times > 0
    still.changing, still.times, still.flickers, still.kept, still.same_ms = None, 0, 0, now, at_ms
    return False


def _same(still: Still, change: NDArray[np.uint8]) -> bool:
    if float(change.mean()) < FROZEN_LEVELS:
        return True
    clock = _clock(still, change)
    if clock.mean() > CLOCK or float(change[~clock].mean()) >= FROZEN_LEVELS:
        return False
    still.changing = clock
    return True


def _flickers(still: Still, change: NDArray[np.uint8], at_ms: int) -> bool:
    """Nothing but what an encoder does to one picture, and not for long."""
    if still.flickers > FLICKERS or at_ms - still.same_ms > FLICKER_MS:
        return False
    rest = change if still.changing is None else change[~still.changing]
    return int(rest.max(initial=0)) <= FLICKER_LEVELS


def _clock(still: Still, change: NDArray[np.uint8]) -> NDArray[np.bool_]:
    changed = (change > CLOCK_LEVELS).astype(np.uint8)
    clock = cv2.dilate(changed, np.ones((5, 5), np.uint8)).astype(np.bool_)
    return clock if still.changing is None else clock | still.changing
