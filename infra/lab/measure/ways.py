"""How readings come: delays, bursts, reordering, outages of stations, of links and of our own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.lab.measure.arrivals import DAY, MINUTE, SECOND, Arrival, Told, World, beats, played

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Commune

LATEST_MS = DAY - MINUTE


@dataclass(frozen=True)
class Schedule:
    """What holds up readings, and how they come then.

    `delay_ms` behind always, up to `jitter_ms` more at random; `lost`: (station or "", from, to) without link; `bridge` and `flow`:
    our own outages; what was lost comes in its order, backwards or shuffled, `pace_ms` apart. `step_ms`: how often the flow reads.
    """

    delay_ms: int = SECOND
    jitter_ms: int = 0
    lost: Sequence[tuple[str, int, int]] = ()
    order: str = "kept"
    pace_ms: int = 0
    bridge: Sequence[tuple[int, int]] = ()
    flow: Sequence[tuple[int, int]] = ()
    step_ms: int = 5 * MINUTE
    ticks: bool = True
    seed: int = 0
    twice: float = field(default=0.0)
    """Share of readings that come a second time."""

    def arrivals(self, told: Sequence[Told]) -> list[Arrival]:
        """When each comes; never later than a day after its time."""
        chance = random.Random(self.seed)  # noqa: S311 (no secret)
        came = [(one.at_ms + self.delay_ms + chance.randint(0, self.jitter_ms), one) for one in told]
        for station, first, until in self.lost:
            held = [pair for pair in came if first <= pair[0] < until and station in ("", pair[1].station)]
            came = [
                pair for pair in came if not (first <= pair[0] < until and station in ("", pair[1].station))
            ]
            if self.order == "shuffled":
                chance.shuffle(held)
            elif self.order == "backwards":
                held.reverse()
            came += [(until + i * self.pace_ms, one) for i, (_, one) in enumerate(held)]
        for first, until in self.bridge:
            came = [(until if first <= at < until else at, one) for at, one in came]
        found = [Arrival(min(at, one.at_ms + LATEST_MS), one) for at, one in came]
        again = [arrival for arrival in found if chance.random() < self.twice]
        return sorted([*found, *again], key=lambda arrival: arrival.came_ms)

    def play(self, told: Sequence[Told], commune: Commune | None = None) -> World:
        """The world after all of it came, and a day."""
        came = self.arrivals(told)
        end = max(arrival.came_ms for arrival in came) + 26 * 60 * MINUTE
        steady = [
            beat
            for beat in beats(told[0].at_ms, end)
            if not any(first <= beat.came_ms < until for first, until in self.bridge)
        ]
        return played(
            [*came, *steady], commune=commune, beating=False, end_ms=end, step_ms=self.step_ms, ticks=self.ticks, away=self.flow
        )  # fmt: skip
