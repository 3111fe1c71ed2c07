"""Beside a gauge a zone learns which share of it under water is which level: a monotone curve, told only within what was seen.

More water never means a lower level: medians of bins of shares, made monotone by pooling neighbours that violate it (isotonic regression by
pool adjacent violators: Ayer et al., Annals of Mathematical Statistics 26, 1955). A night's picture has no share; whoever calls keeps it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST = 40
"""Pairs: five bins of eight."""
A_BIN, BINS = 8, 40
"""Pairs in a bin at least; bins at most."""
RIM = 0.005
"""Of the shares, on either side, that are not counted as seen: single wrong pictures."""
SIGMA = 1.4826
"""Median absolute deviation to standard deviation."""


class Curve(msgspec.Struct, frozen=True):
    """Share to level: `shares` rising strictly, `levels` rising or flat, `spread` one standard error at each. `pairs`: learned from so many."""

    shares: list[float]
    levels: list[float]
    spread: list[float]
    pairs: int

    def level(self, share: float) -> tuple[float, float] | None:
        """The level at a share and its standard error, in the unit that was learned; None outside what was seen."""
        if not self.shares[0] <= share <= self.shares[-1]:
            return None
        at, spread = (float(np.interp(share, self.shares, own)) for own in (self.levels, self.spread))
        # Where the curve is flat a share says no more than that the level is somewhere along it; where it is steep, an error of the share counts.
        return at, spread


def learn(shares: Sequence[float], levels: Sequence[float]) -> Curve | None:
    """The curve of pairs seen at the same time; None: fewer than LEAST, or all of one share.

    Raises ValueError where the two are not of one length or not finite.
    """
    x, y = np.asarray(shares, float), np.asarray(levels, float)
    if x.shape != y.shape or x.ndim != 1 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("shares and levels: expected two sequences of finite numbers of one length")
    if len(x) < LEAST:
        return None
    low, high = np.quantile(x, [RIM, 1 - RIM])
    order = np.argsort(x, kind="stable")
    order = order[(x[order] >= low) & (x[order] <= high)]
    bins = np.array_split(order, min(BINS, len(order) // A_BIN))
    middle = np.array([np.median(x[own]) for own in bins])
    if len(np.unique(middle)) < 3:
        return None
    height = monotone(
        np.array([np.median(y[own]) for own in bins]), np.array([len(own) for own in bins], float)
    )
    middle, places = np.unique(middle, return_index=True)
    height = height[places]
    off = [SIGMA * float(np.median(np.abs(y[own] - np.interp(x[own], middle, height)))) for own in bins]
    wide = np.maximum(np.array(off)[places], float(np.median(off)) / 2)
    # The curve ends at what was seen, not at the middle of the last bin.
    ends = np.concatenate([[x[order[0]]], middle[1:-1], [x[order[-1]]]])
    return Curve(ends.tolist(), height.tolist(), wide.tolist(), len(x))


def monotone(values: Floats, weights: Floats) -> Floats:
    """The rising sequence nearest to `values` in the weighted mean square: pool adjacent violators."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m, i), (b, n, j) = pools[-2], pools[-1]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, i + j)]
    return np.concatenate([np.full(count, value) for value, _, count in pools])
