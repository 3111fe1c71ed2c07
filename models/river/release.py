"""Water that a reservoir lets go and when it will be at the gauge downstream.

Hương Điền's release is the leading driver of floods at Phú Ốc; its travel time was found in no
document, so it is configuration, a least and a most time by the size of the release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import msgspec


class Travel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Releases from `from_m3_s` on take `least_ms` to `most_ms`; a great one runs faster."""

    from_m3_s: float
    least_ms: int
    most_ms: int


class Reservoir(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reservoir upstream of `gauge`; a rise of `notable_m3_s` or more above the last low is a wave.

    `travels` must be sorted by `from_m3_s`.
    """

    name: str
    gauge: str
    notable_m3_s: float
    travels: tuple[Travel, ...]
    station: str = ""
    """The station that sends its `reservoir_release`; none: nobody tells it yet."""

    def __post_init__(self) -> None:
        if not self.travels or any(a.from_m3_s >= b.from_m3_s for a, b in pairwise(self.travels)):
            raise ValueError(f"{self.name}: travel times must be given, by rising release")
        if any(not 0 <= travel.least_ms <= travel.most_ms for travel in self.travels):
            raise ValueError(f"{self.name}: a travel time ends before it begins")


class Wave(NamedTuple):
    """Released at `released_ms`, up from `before_m3_s` to `flow_m3_s`; at the gauge `from_ms` to `to_ms`."""

    released_ms: int
    before_m3_s: float
    flow_m3_s: float
    from_ms: int
    to_ms: int


@dataclass(slots=True)
class Releases:
    """Waves of one reservoir that are still on their way, by release time; `low_m3_s` is the lowest since the last."""

    low_m3_s: float | None = None
    newest_ms: int = 0
    waves: list[Wave] = field(default_factory=list)

    def add(self, reservoir: Reservoir, at_ms: int, flow_m3_s: float) -> Wave | None:
        """Take a reported release; the wave that it begins, or None. A report out of order changes nothing.

        The first report begins no wave: how long the water has run so is not known.
        """
        if at_ms <= self.newest_ms:
            return None
        self.newest_ms = at_ms
        self.waves = self.coming(at_ms)
        low = self.low_m3_s
        self.low_m3_s = flow_m3_s if low is None else min(low, flow_m3_s)
        if low is None or flow_m3_s - low < reservoir.notable_m3_s:
            return None
        self.low_m3_s = flow_m3_s
        wave = expected(reservoir, at_ms, low, flow_m3_s)
        self.waves.append(wave)
        return wave

    def coming(self, now_ms: int) -> list[Wave]:
        """Waves whose window at the gauge has not ended."""
        return [wave for wave in self.waves if wave.to_ms >= now_ms]


def expected(reservoir: Reservoir, at_ms: int, before_m3_s: float, flow_m3_s: float) -> Wave:
    """The window at the gauge of a release that grew at `at_ms`."""
    fitting = [travel for travel in reservoir.travels if travel.from_m3_s <= flow_m3_s]
    travel = fitting[-1] if fitting else reservoir.travels[0]
    return Wave(at_ms, before_m3_s, flow_m3_s, at_ms + travel.least_ms, at_ms + travel.most_ms)
