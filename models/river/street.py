"""Street floods: a warning before the water is knee-deep, from its depth and how fast it grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from models.river.rise import HOUR_MS, Recent


class StreetRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Warn of `limit` when the trend of `window_ms` reaches it within `horizon_ms`.

    Only from `least` on (a puddle has a trend as well) and after `readings` in a row that say
    so; over when the depth is below `dry`. Depths in one unit, whichever the sensor sends.
    """

    limit: float
    window_ms: int
    horizon_ms: int
    least: float
    dry: float
    readings: int = 1


class StreetWarning(NamedTuple):
    """Warned at `at_ms`; `likely_ms` is when the trend reaches the limit, `at_ms` if it has already."""

    at_ms: int
    likely_ms: int
    depth: float


@dataclass(slots=True)
class StreetState:
    """The last minutes of one sensor, readings in a row that warn, and whether this flood was warned of."""

    recent: Recent
    agreeing: int = 0
    warned: bool = False

    def add(self, rule: StreetRule, at_ms: int, depth: float) -> StreetWarning | None:
        """Take a reading; a warning, once for each flood. A reading out of order or told twice changes nothing.

        At the limit itself the warning comes at once: it is late, not uncertain.
        """
        if self.recent.times and at_ms <= self.recent.times[-1]:
            return None
        if not self.recent.add(at_ms, depth):
            return None
        if depth < rule.dry:
            self.agreeing, self.warned = 0, False
            return None
        likely_ms = self._likely(rule, at_ms, depth)
        self.agreeing = self.agreeing + 1 if likely_ms is not None else 0
        due = depth >= rule.limit or self.agreeing >= rule.readings
        if self.warned or likely_ms is None or not due:
            return None
        self.warned = True
        return StreetWarning(at_ms, likely_ms, depth)

    def _likely(self, rule: StreetRule, at_ms: int, depth: float) -> int | None:
        """When the limit is reached by the trend; None if not within the horizon."""
        if depth >= rule.limit:
            return at_ms
        # Two readings are a trend here: minutes count, and one false warning closes no road.
        slope = self.recent.slope(rule.window_ms, least=2)
        if depth < rule.least or slope is None or slope <= 0:
            return None
        ahead_ms = (rule.limit - depth) / slope * HOUR_MS
        return at_ms + round(ahead_ms) if ahead_ms <= rule.horizon_ms else None


def street(rule: StreetRule) -> StreetState:
    """A sensor that has said nothing yet."""
    return StreetState(Recent(rule.window_ms))
