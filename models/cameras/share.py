"""Who is looked at how often, when a machine does not hold all cameras at their rate.

The same two cores gave 154 pictures a second on one machine and 36 on another, so nothing here is a constant of a machine: what a look
costs is measured, and what there is is shared out by rank. Each camera keeps a least rate, so that none goes blind unnoticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.catalogue.purposes import PURPOSES, Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

FULL = 0.8
"""Of the time that passes, what looks may take: the rest is for Kafka, the store and the neighbours."""
LEAST_EVERY_S = 60.0
"""Each camera is looked at as often, while the machine holds that: a fault of a camera is told after a minute or two."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a camera sends and what a look at it costs: frames a second, seconds a frame."""

    rate_per_s: float
    cost_s: float
    rank: int


def rank(purpose: Purpose, *, rising: bool, busy: bool) -> int:
    """Whose turn it is first: 1 before 2. `rising`: an alert of flood is open; it counts more than `busy`, the camera's own busy hours."""
    row = PURPOSES[purpose]
    if rising:
        return row.rising
    return row.busy if busy else row.rank


def share_out(demands: Mapping[str, Demand], full: float = FULL) -> dict[str, float]:
    """Which share 0..1 of each camera's frames is looked at, so that all looks together take at most `full` of the time.

    Everybody gets the least first (or an equal part of it, where not even that is held), then rank after rank what is left of its wish:
    all cameras of a rank the same share of what is left.
    """
    least = {camera: min(1.0, _least(demand)) for camera, demand in demands.items()}
    left = full - sum(demand.rate_per_s * demand.cost_s * least[name] for name, demand in demands.items())
    if left <= 0:
        needed = full - left
        return {name: share * full / needed for name, share in least.items()}
    shares = dict(least)
    for turn in sorted({demand.rank for demand in demands.values()}):
        wishes = {
            name: demand.rate_per_s * demand.cost_s * (1 - least[name])
            for name, demand in demands.items()
            if demand.rank == turn
        }
        wished = sum(wishes.values())
        part = 1.0 if wished <= left else left / wished
        for name in wishes:
            shares[name] = least[name] + part * (1 - least[name])
        left = max(0.0, left - wished * part)
    return shares


def _least(demand: Demand) -> float:
    return 1.0 if demand.rate_per_s <= 0 else 1 / (LEAST_EVERY_S * demand.rate_per_s)


@dataclass(slots=True)
class Turns:
    """Takes a share of a camera's frames, evenly: of every 1/share frames one, the first of all always."""

    owed: float = 1.0

    def due(self, share: float) -> bool:
        """Whether this frame is one of the share."""
        self.owed += share
        if self.owed < 1 - 1e-9:
            return False
        self.owed = min(self.owed - 1, 1.0)
        return True
