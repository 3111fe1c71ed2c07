"""Street floods: the depth that its trend leads to, so that a warning comes before the water is knee-deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.envelope.period import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from models.envelope.recent import Recent


class Trend(msgspec.Struct, frozen=True):
    """What is told under `code`: the depth `ahead_ms` from now by the trend of `window_ms`; only from `least` cm on."""

    code: str
    window_ms: int
    ahead_ms: int
    least: float


TRENDS = (
    Trend("street_10min", 10 * MINUTE_MS, 10 * MINUTE_MS, 18.288),
    Trend("street_30min", 3 * MINUTE_MS, 30 * MINUTE_MS, 5.08),
)
"""For 12 and for 4 inches: what gained most on a lower threshold, on the floods of 59 sensors (infra/lab/measure/street.py)."""
KEEP_MS = max(trend.window_ms for trend in TRENDS)


def expected(recent: Recent, trend: Trend, depth: float) -> float:
    """Depth in cm at the end of `trend`, now `depth`; the depth itself where it does not rise or is a puddle's."""
    # Two readings are a trend here: minutes count, and one false warning closes no road.
    slope = recent.slope(trend.window_ms, least=2) if depth >= trend.least else None
    return depth if slope is None or slope <= 0 else depth + slope * trend.ahead_ms / HOUR_MS
