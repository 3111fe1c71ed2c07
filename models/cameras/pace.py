"""The measure of looks: what arrives of each camera, what a look costs, and from both who is looked at how often.

Time is an argument (seconds of a clock that only goes on). The figures are of this machine and this hour, kept in memory, never in a snapshot:
after a start they are measured anew, and until then every frame is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from models.alerting.change import instant
from models.cameras.share import FULL, Demand, Turns, rank, share_out
from models.vision.busy import is_busy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.vision.camera import Camera

ANEW_S = 10.0
"""So often it is shared out anew."""
FIRST = 20
"""Looks before a cost is believed: the first ones compile, fill caches and read files."""
LATELY = 0.3
"""What the newest stretch counts in a cost or a rate."""


class Pace(msgspec.Struct, frozen=True):
    """How often a camera is looked at: `every_s` event seconds between two looks, `wanted_s` between two frames it sends.

    `share` 0..1 of its frames, `at` the event time of the last. `held`: pictures a second that the machine holds, of `wished` that come; None before it was measured.
    """

    camera: str
    at: datetime
    every_s: float
    wanted_s: float
    share: float
    held: float | None
    wished: float | None
    rising: bool
    busy: bool


@dataclass(slots=True)
class _Seen:
    """Of one camera since the last sharing."""

    frames: int = 0
    looks: int = 0
    first_ms: int = 0
    last_ms: int = 0
    rate_per_s: float = 0.0
    busy: bool = False
    share: float = 1.0
    turns: Turns = field(default_factory=Turns)


class Meter:
    """Admits frames and learns what they cost. `cameras` by id; of one that is not there every frame is looked at."""

    def __init__(self, cameras: Mapping[str, Camera], *, rationed: bool = True) -> None:
        """`rationed` False: every frame is worth a look (a recording has no lag); the paces are told all the same."""
        self._cameras, self._rationed = cameras, rationed
        self._seen: dict[str, _Seen] = {}
        self._since_s: float | None = None
        self._looks, self._spent_s = 0, 0.0
        self._cost_s: float | None = None
        self._warm = 0
        self._rising = False
        self._held: float | None = None
        self._wished: float | None = None

    def admit(self, camera: str, at_ms: int) -> bool:
        """Whether this frame is looked at; `at_ms` is its event time."""
        seen = self._seen.setdefault(camera, _Seen())
        if not seen.frames:
            seen.first_ms = at_ms
        seen.frames += 1
        seen.last_ms = max(seen.last_ms, at_ms)
        if self._rationed and not seen.turns.due(seen.share):
            return False
        seen.looks += 1
        return True

    def spent(self, looks: int, seconds: float) -> None:
        """So many looks took `seconds` together, with all cores and all neighbours."""
        self._warm += looks
        if self._warm <= FIRST:
            return
        self._looks += looks
        self._spent_s += seconds

    def anew(self, now_s: float, *, rising: bool) -> list[Pace]:
        """Every ANEW_S: share out anew, and tell the pace of each camera that sent something; else nothing."""
        if self._since_s is None:
            self._since_s = now_s
        passed = now_s - self._since_s
        if passed < ANEW_S and rising == self._rising:
            return []
        if passed <= 0:
            return []
        self._since_s, self._rising = now_s, rising
        self._measure()
        told = [self._told(camera, seen) for camera, seen in sorted(self._seen.items()) if seen.frames > 1]
        for seen in self._seen.values():
            seen.frames = seen.looks = seen.first_ms = seen.last_ms = 0
        return told

    def _measure(self) -> None:
        if self._looks:
            cost = self._spent_s / self._looks
            self._cost_s = cost if self._cost_s is None else self._cost_s + LATELY * (cost - self._cost_s)
        self._looks, self._spent_s = 0, 0.0
        for seen in self._seen.values():
            # By event time: of a flow that lags, what it gets through is less than what is sent.
            span = (seen.last_ms - seen.first_ms) / 1000
            if seen.frames < 2 or span <= 0:
                continue
            rate = (seen.frames - 1) / span
            seen.rate_per_s = (
                rate if not seen.rate_per_s else seen.rate_per_s + LATELY * (rate - seen.rate_per_s)
            )
        if self._cost_s is None:
            return
        demands = {
            name: Demand(seen.rate_per_s, self._cost_s, self._rank(self._cameras[name], seen))
            for name, seen in self._seen.items()
            if name in self._cameras
        }
        wished = sum(demand.rate_per_s for demand in demands.values())
        load = sum(demand.rate_per_s * demand.cost_s for demand in demands.values())
        self._wished, self._held = wished, FULL * wished / load if load else None
        for camera, share in share_out(demands).items():
            self._seen[camera].share = share

    def _rank(self, camera: Camera, seen: _Seen) -> int:
        if seen.last_ms:
            seen.busy = is_busy(camera.busy, seen.last_ms)
        return rank(camera.purpose, rising=self._rising, busy=seen.busy)

    def _told(self, camera: str, seen: _Seen) -> Pace:
        span = (seen.last_ms - seen.first_ms) / 1000
        wanted = span / (seen.frames - 1)
        share = seen.looks / seen.frames
        every = wanted / share if share else span
        return Pace(
            camera,
            instant(seen.last_ms),
            every,
            wanted,
            share,
            self._held,
            self._wished,
            self._rising,
            seen.busy,
        )
