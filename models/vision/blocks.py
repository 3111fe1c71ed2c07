"""Which parts of a camera's own view are lost: block by block, by the agreement of edges and by what detail is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.vision.look import BLOCKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOST, KEPT = 0.25, 0.4
"""A block has lost its own view below this agreement of edges, and this share of its own detail: a crowd hides a place
and has detail of its own."""
LESS, SMOOTH, INTACT = 0.35, 20, 0.7
"""Or it agrees by less than LESS and has no edge stronger than SMOOTH, while the other blocks agree by INTACT."""
PART, PART_INTACT = 0.3, 0.22
"""Of the blocks that have a view, in the first and the second way. Daylight after lamps loses up to 0.28 in the first, a
street full of people 0.07 in the second; half a lens covered 0.3 to 0.5."""
SETTLED, PART_SETTLED = 0.6, 0.35
"""Or something with edges of its own stands before it: they agree by SETTLED from one picture to the next, as nobody's who walks do."""
MURKY, OTHERS, SOME = 0.6, 0.75, 0.2
"""Of a block's own detail, of the median of the other blocks', and of all blocks: drops on the glass blur some places and leave others."""


def lost(
    own: NDArray[np.float32],
    now: tuple[NDArray[np.float32], NDArray[np.float32]],
    detail: NDArray[np.float32],
    edge: NDArray[np.uint8],
) -> tuple[float, float]:
    """The share of blocks that are lost, of those that have a view of their own, and the share that is too much.

    `own`: its view; `now`: the mean of the last pictures, and this one (fields of edges, 2, rows, columns). By block: `detail` beside its
    own, and the strongest `edge`.
    """
    power = _summed((own * own).sum(axis=0))
    view = power > 0.25 * power.mean()
    recent, last = now
    agrees = np.maximum(_agree(own, recent), _agree(own, last))
    plain = detail < KEPT
    dull = view & (agrees < LOST) & plain
    smooth = view & (agrees < LESS) & (plain | (edge < SMOOTH))
    other = view & (smooth | ((agrees < LOST) & (_agree(recent, last) >= SETTLED)))
    every = max(1, int(view.sum()))
    if _intact(agrees[view & ~other]) and other.sum() >= PART_SETTLED * every:
        return float(other.sum() / every), PART_SETTLED
    # When the light changes, no part of the view stays quite as it was.
    part, most = (smooth, PART_INTACT) if _intact(agrees[view & ~smooth]) else (dull, PART)
    return float(part.sum() / every), most


def murky(own: NDArray[np.float32], detail: NDArray[np.float32]) -> float:
    """The share of blocks with a view that have lost detail while the others have not; `detail` by block beside its own."""
    power = _summed((own * own).sum(axis=0))
    view = power > 0.25 * power.mean()
    dull = view & (detail < MURKY)
    rest = detail[view & ~dull]
    if rest.size == 0 or float(np.median(rest)) < OTHERS:
        return 0.0
    return float(dull.sum() / max(1, int(view.sum())))


def _intact(agrees: NDArray[np.float32]) -> bool:
    return agrees.size > 0 and float(np.median(agrees)) >= INTACT


def _agree(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    both = _summed((one * one).sum(axis=0)) * _summed((other * other).sum(axis=0))
    agrees: NDArray[np.float32] = _summed((one * other).sum(axis=0)) / np.sqrt(both + 1e-9)
    return agrees


def _summed(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """By block."""
    rows, columns = BLOCKS[1], BLOCKS[0]
    height, width = cells.shape
    summed: NDArray[np.float32] = cells.reshape(rows, height // rows, columns, width // columns).sum(
        axis=(1, 3)
    )
    return summed
