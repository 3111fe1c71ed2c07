"""What a board looks like where it is dry, learned from its own readings: what matches it in place is board, and what does not is water.

The pattern is what differs within a row of the board (teeth, figures, triangles), so light and wetness are not in it. It is kept as bytes: plain
enough for a snapshot, about 4 KB a board.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.board_strip import Strip

    Floats = NDArray[np.float64]

ROWS, COLUMNS = 320, 12
STEP = 1 / 50
"""Logarithm of brightness per unit of a byte: +-2.5 is more than white beside black paint in the sun."""
MOST = 16
"""A row learned so often weighs as a mean of 16: it follows dirt and moss of days, not the cloud of an hour."""
SHAKE = 2
"""Rows that a camera may shake on its bracket."""
WINDOW = 9
PLAIN = 0.03
"""Root mean square of the logarithm below which a part of a board has no pattern that could be compared."""


class Pattern(msgspec.Struct, frozen=True):
    """`marks`: ROWS x COLUMNS bytes, 128 is none; `times`: ROWS bytes, how often each row was seen dry (0: never)."""

    marks: bytes
    times: bytes


def marks(strip: Strip) -> Floats:
    """The pattern of a strip, (ROWS, COLUMNS)."""
    small = cv2.resize(strip.log, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA).astype(float)
    own: Floats = small - small.mean(axis=1, keepdims=True)
    return own


def learned(before: Pattern | None, strip: Strip, row: float) -> Pattern:
    """The pattern with what lies clear above `row` of this strip."""
    now = marks(strip)
    if before is None:
        before = Pattern(bytes([128]) * (ROWS * COLUMNS), bytes(ROWS))
    kept, times = _read(before)
    dry = np.arange(ROWS) < row / len(strip.log) * ROWS - WINDOW / 2
    count = np.where(dry, np.minimum(times + 1, MOST), times)
    mixed = np.where(dry[:, None], kept + (now - kept) / np.maximum(count, 1)[:, None], kept)
    packed = np.clip(np.round(mixed / STEP) + 128, 0, 255).astype(np.uint8)
    return Pattern(packed.tobytes(), count.astype(np.uint8).tobytes())


def match(known: Pattern, strip: Strip) -> Floats:
    """How well each of ROWS rows matches what is known of it, -1..1; NaN where nothing is known or there is nothing to compare."""
    kept, times = _read(known)
    now = marks(strip)
    best: Floats = np.full(ROWS, np.nan)
    most = -np.inf
    for off in range(-SHAKE, SHAKE + 1):
        own = _compared(np.roll(now, off, axis=0), kept)
        own[times == 0] = np.nan
        told = own[~np.isnan(own)]
        total = float(np.maximum(told, 0).sum()) if len(told) else -1.0
        if total > most:
            most, best = total, own
    return best


def _compared(now: Floats, kept: Floats) -> Floats:
    """The correlation of two patterns around each row."""
    both, own, other = (
        cv2.blur(part.mean(axis=1)[:, None], (1, WINDOW))[:, 0] for part in (now * kept, now**2, kept**2)
    )
    found: Floats = both / np.sqrt(np.maximum(own, PLAIN**2 / 4) * np.maximum(other, 1e-9))
    found[other < PLAIN**2] = np.nan
    return found


def _read(pattern: Pattern) -> tuple[Floats, NDArray[np.int64]]:
    packed = np.frombuffer(pattern.marks, np.uint8).reshape(ROWS, COLUMNS)
    return (packed.astype(float) - 128) * STEP, np.frombuffer(pattern.times, np.uint8).astype(np.int64)
