"""Where on an unrolled board the water may stand: steps of its brightness, each with how much what lies below it looks like water.

A waterline is a step right across what is bright above it (a tooth or a figure is one in part of the width only), it stays a step when more is
averaged, and below it the board's pattern is gone, faint, or mirrored. A wet or dirty band of the board is a step too, but below it the
pattern goes on; the end of the board's mirror image is one, but lies below the waterline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from models.vision.board_strip import COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.board_strip import Strip

    Floats = NDArray[np.float64]

NEAR, WIDE, TEXTURE = 0.012, 0.06, 0.2
"""Of the strip's rows: what is averaged on either side of a step for its place and for its size, and what is compared as pattern."""
FULL = 0.25
"""A step of the logarithm (a quarter darker) that is as good as any."""
UPWARD = 0.6
"""What a step to brighter counts: glare on the water is one, so is the upper edge of the board."""
AGREE = 0.65
"""Of the columns must step: the long teeth of a staff are up to half as wide as it."""
MOST = 24
CLOSER = (0.05, 0.1)
"""As TEXTURE, nearer to the step: there, too, must be no pattern that goes on."""
WHITE = 0.75
"""Quantile along a column that is the board's white, whatever is painted on it."""
BRIGHT = 0.3
"""Logarithm between the dark and the bright parts of a row from which on only the bright ones are asked."""


class Candidate(NamedTuple):
    """A step at `row` (the water begins there; parts of a row). `score` 0..1: how much it looks like a waterline.

    `step`: the fall of the logarithm of brightness, `mirror` -1..1: how much what lies below mirrors what lies above, `rest`: how much
    pattern lies below that is no mirror, as a part of the board's own. `spread`: rows, how unsure its place is. `lean`: rows that the step falls
    from the left edge to the right one.
    """

    row: float
    score: float
    step: float
    mirror: float
    rest: float
    spread: float
    lean: float


def candidates(strip: Strip) -> list[Candidate]:
    """The likeliest waterlines, from the upper end down."""
    log = np.asarray(strip.log, float)
    rows = len(log)
    near, wide = max(3, round(NEAR * rows)), max(6, round(WIDE * rows))
    fine, sharp = _steps(log, near), _steps(log, 2)
    peaks = _peaks(np.abs(fine), max(3, near))
    pattern = _pattern(log)
    energies = _energies(pattern, max(8, round(TEXTURE * rows / 2)))
    found = []
    for row in sorted(peaks):
        typical = float(np.quantile(energies[: max(1, row - 2)], 0.75)) if row > 8 else float(energies[0])
        mirror, rest = _below(pattern, row, max(8, round(TEXTURE * rows)), typical)
        # Just below the upper edge of a wet band lies nothing but board.
        rest = max(rest, *(_below(pattern, row, max(8, round(part * rows)), typical)[1] for part in CLOSER))
        # The two must be of one sign: a tooth is a step in small only, the middle of a slow shadow in large only.
        strength = float(np.sqrt(max(fine[row] * _level(log, row, wide), 0.0)))
        strength *= 1 + float(np.clip((mirror - 0.5) / 0.4, 0, 1))
        water = float(np.clip(1 - rest, 0, 1)) * (0.7 + 0.3 * float(np.clip(mirror / 0.5, 0, 1)))
        sign = 1.0 if fine[row] > 0 else UPWARD
        score = sign * min(1.0, strength / FULL) * water
        place, spread, lean = _place(log, sharp, row, near)
        # A soft edge may lie anywhere in what was averaged.
        soft = float(np.clip(1 - abs(sharp[round(place)] / (fine[row] + 1e-9)), 0, 1)) * near / 4
        found.append(
            Candidate(place, score, float(fine[row]), mirror, rest, float(np.hypot(spread, soft)), lean)
        )
    return found


def _steps(log: Floats, size: int) -> Floats:
    """The fall of brightness at each row (between it and the row above), what AGREE of the columns that are bright above it reach."""
    rows = len(log)
    sums = np.vstack([np.zeros((1, log.shape[1])), np.cumsum(log, axis=0)])
    at = np.arange(rows)
    upper, lower = np.maximum(at - size, 0), np.minimum(at + size, rows)
    above = (sums[at] - sums[upper]) / np.maximum(at - upper, 1)[:, None]
    below = (sums[lower] - sums[at]) / np.maximum(lower - at, 1)[:, None]
    falls = above - below
    # Bright columns: of a row with dark parts (teeth, triangles), those above the middle between dark and bright.
    low, high = np.quantile(above, 0.1, axis=1), np.quantile(above, 0.9, axis=1)
    asked = (above >= ((low + high) / 2)[:, None]) | ((high - low) < BRIGHT)[:, None]
    ordered = np.sort(np.where(asked, falls, np.inf), axis=1)
    count = asked.sum(axis=1)
    few, most = (ordered[at, np.round((count - 1) * part).astype(int)] for part in (1 - AGREE, AGREE))
    steps: Floats = np.where(few > 0, few, np.where(most < 0, most, 0.0))
    steps[: max(2, size // 4)] = 0.0
    steps[-max(2, size // 4) :] = 0.0
    return steps


def _level(log: Floats, row: int, size: int) -> float:
    """The fall at `row` of what is white in `size` rows above and below it, in the columns that are bright."""
    above, below = log[max(0, row - size) : row], log[row : row + size]
    white = np.quantile(above, WHITE, axis=0)
    falls = np.sort((white - np.quantile(below, WHITE, axis=0))[white >= (white.min() + white.max()) / 2])
    few, most = (float(falls[round((len(falls) - 1) * part)]) for part in (1 - AGREE, AGREE))
    return few if few > 0 else most if most < 0 else 0.0


def _peaks(strength: Floats, apart: int) -> list[int]:
    left = strength.copy()
    found: list[int] = []
    while len(found) < MOST:
        row = int(left.argmax())
        if left[row] <= 0.02:
            break
        found.append(row)
        left[max(0, row - apart) : row + apart + 1] = 0.0
    return found


def _pattern(log: Floats) -> Floats:
    """What differs within each row: a step of the whole width is not in it."""
    soft = np.asarray(cv2.GaussianBlur(log, (0, 0), 1.0), float)
    own: Floats = soft - soft.mean(axis=1, keepdims=True)
    return own


def _energies(pattern: Floats, size: int) -> Floats:
    """Around each row, `size` rows: how strong the pattern is, without what stands there from top to bottom."""
    mean = cv2.blur(pattern, (1, size), borderType=cv2.BORDER_REFLECT)
    square = cv2.blur(pattern**2, (1, size), borderType=cv2.BORDER_REFLECT)
    return np.asarray((square - mean**2).mean(axis=1), float)


def _below(pattern: Floats, row: int, size: int, typical: float) -> tuple[float, float]:
    """How much what lies below `row` mirrors what lies above, and how strong the rest of it is beside the board's own pattern."""
    size = min(size, row, len(pattern) - row)
    if size < 4:
        return 0.0, 0.5
    above = pattern[row - size : row][::-1]
    below = pattern[row : row + size]
    above, below = above - above.mean(axis=0), below - below.mean(axis=0)
    own, other, both = (above**2).mean(), (below**2).mean(), (above * below).mean()
    mirror = float(both / np.sqrt(own * other + 1e-9))
    # A part of a wavy mirror image is not where a flat one would have it, but no mirror is stronger than what it mirrors.
    unlike = other - max(both, 0.0) ** 2 / (own + 1e-6)
    return mirror, float(unlike / (max(own, typical) + 1e-4))


def _place(log: Floats, sharp: Floats, row: int, near: int) -> tuple[float, float, float]:
    """A step's place in parts of a row (`sharp`: the steps in smallest), the standard error of it between columns, and how it leans."""
    reach = max(2, near // 2)
    first, last = max(1, row - reach), min(len(log) - 2, row + reach)
    whole = np.abs(sharp[first : last + 1])
    top = int(whole.argmax())
    if whole[top] <= 0:
        return float(row), float(near), 0.0
    place = first + top + _parabola(whole, top)
    first, last = max(1, row - near), min(len(log) - 2, row + near)
    falls = np.stack(
        [log[max(0, y - 2) : y].mean(axis=0) - log[y : y + 2].mean(axis=0) for y in range(first, last + 1)]
    )
    own = falls * np.sign(sharp[round(place)] or 1.0)
    clear = own.max(axis=0) > 0.5 * whole[top]
    if clear.sum() < COLUMNS // 4:
        return place, float(near), 0.0
    tops = own.argmax(axis=0) + first
    off = np.minimum(np.abs(tops - place), reach)[clear]
    third = COLUMNS // 3
    left, right = (tops[part][clear[part]] for part in (slice(0, third), slice(-third, None)))
    lean = 1.5 * float(np.median(right) - np.median(left)) if len(left) > 3 and len(right) > 3 else 0.0
    # Neighbouring columns see the same; a quarter of them are on their own.
    return place, float(off.mean() / np.sqrt(clear.sum() / 4)), lean


def _parabola(values: Floats, top: int) -> float:
    """How far the peak lies from its highest value, -0.5..0.5."""
    if not 0 < top < len(values) - 1:
        return 0.0
    left, middle, right = values[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0
