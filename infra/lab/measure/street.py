"""Street floods: how early the trend warns of 4 and 12 inches, and how often in vain, beside persistence.

`python -m infra.lab.measure.street --data ../shared/data`. Settings are chosen on the first half of the sensors (by name) and tried on the
second. Persistence warns when the depth itself is at a share of the limit.
"""

from __future__ import annotations

import argparse
import statistics
from itertools import product
from pathlib import Path
from typing import NamedTuple

from infra.rehearsal.recordings import readers
from models.envelope.recent import Recent
from models.river.street import Trend, expected

INCH_CM, MINUTE_MS = 2.54, 60_000
LIMITS_IN = (4, 12)
WINDOWS_MIN, HORIZONS_MIN, SHARES = (3, 5, 10, 15), (10, 15, 20, 30), (0.25, 0.4, 0.5, 0.6)
MOST_FALSE = 0.4
"""Of all warnings; the sweep takes none above it."""
Event = list[tuple[int, float]]


class Score(NamedTuple):
    """Over events: reached and warned before, false warnings, minutes of lead of all that reached the limit (0: not before)."""

    reached: int
    early: int
    false: int
    leads_min: list[float]

    @property
    def false_share(self) -> float:
        """Of all that was warned of."""
        warned = self.reached + self.false
        return self.false / warned if warned else 0.0


def events(data: Path) -> dict[str, list[Event]]:
    """Sensor -> its floods; six hours without a reading part two of them."""
    frame = readers.street_floods(data / "flood" / "street_flood_events.csv").frame.sort("station", "ms")
    found: dict[str, list[Event]] = {}
    for (station,), part in frame.group_by(["station"], maintain_order=True):
        own = found.setdefault(str(station), [])
        last = None
        for ms, depth in part.select("ms", "value").iter_rows():
            if last is None or ms - last > 6 * 60 * MINUTE_MS:
                own.append([])
            own[-1].append((ms, depth))
            last = ms
    return found


def warned(event: Event, trend: Trend, limit: float) -> int | None:
    """When the trend led to the limit first, ms; the flow tells it of the same function through a rule."""
    recent = Recent(trend.window_ms)
    for at_ms, depth in event:
        if recent.add(at_ms, depth) and expected(recent, trend, depth) >= limit:
            return at_ms
    return None


def score(floods: list[Event], limit: float, how: Trend | float) -> Score:
    """Of a trend, or of persistence at a share of the limit."""
    reached = early = false = 0
    leads = []
    for event in floods:
        if isinstance(how, Trend):
            at_ms = warned(event, how, limit)
        else:
            at_ms = next((ms for ms, depth in event if depth >= how * limit), None)
        crossed = next((ms for ms, depth in event if depth >= limit), None)
        if crossed is None:
            false += at_ms is not None
            continue
        reached += 1
        lead = max(0, crossed - at_ms) / MINUTE_MS if at_ms is not None else 0.0
        early += lead > 0
        leads.append(lead)
    return Score(reached, early, false, leads)


def trends(limit: float) -> list[Trend]:
    """The sweep."""
    return [
        Trend(f"street_{horizon}min", window * MINUTE_MS, horizon * MINUTE_MS, share * limit)
        for window, horizon, share in product(WINDOWS_MIN, HORIZONS_MIN, SHARES)
    ]


def alike(floods: list[Event], limit: float, lead_min: float) -> float:
    """The share in vain of persistence that warns as early as this, by the mean."""
    scored = [score(floods, limit, share / 40) for share in range(16, 40)]
    return min((abs(statistics.fmean(one.leads_min) - lead_min), one.false_share) for one in scored)[1]


def gain(floods: list[Event], limit: float, how: Trend) -> float:
    """How much less is in vain than of persistence that warns as early."""
    own = score(floods, limit, how)
    return alike(floods, limit, statistics.fmean(own.leads_min)) - own.false_share


def best(floods: list[Event], limit: float) -> Trend:
    """Of the sweep what gains most on persistence, with no more than MOST_FALSE in vain."""
    fitting = [trend for trend in trends(limit) if score(floods, limit, trend).false_share <= MOST_FALSE]
    return max(fitting or trends(limit), key=lambda trend: gain(floods, limit, trend))


def halves(data: Path) -> tuple[list[Event], list[Event]]:
    """Floods to choose by and floods to try, of different sensors."""
    by_sensor = events(data)
    names = sorted(by_sensor)
    first, held = names[: len(names) // 2], names[len(names) // 2 :]
    return [one for name in first for one in by_sensor[name]], [
        one for name in held for one in by_sensor[name]
    ]


def row(name: str, score: Score) -> str:
    """A row of the table."""
    median = statistics.median(score.leads_min) if score.leads_min else 0.0
    ten = sum(lead >= 10 for lead in score.leads_min) / max(1, score.reached)
    return f"| {name} | {score.reached} | {score.early} | {median:.1f} | {100 * ten:.0f} % | {score.false} ({100 * score.false_share:.0f} %) |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    if not (data / "flood" / "street_flood_events.csv").is_file():
        raise SystemExit(f"không có {data}/flood/street_flood_events.csv (no such file)")
    first, held = halves(data)
    print(f"{len(first)} floods to choose by, {len(held)} of other sensors to try\n")
    print(
        "| warning | reached | warned before | median lead, min | 10 min and more | in vain |\n|---|---|---|---|---|---|"
    )
    for inches in LIMITS_IN:
        limit = inches * INCH_CM
        found = best(first, limit)
        words = f"{found.code}, trend of {found.window_ms // MINUTE_MS} min, from {found.least:.1f} cm"
        print(row(f"{inches} in: {words}", score(held, limit, found)))
        for share in (0.5, 0.75, 1.0):
            print(row(f"{inches} in: persistence at {share:g} of it", score(held, limit, share)))
        lead_min = statistics.fmean(score(held, limit, found).leads_min)
        print(
            f"| {inches} in: persistence that warns as early | | | | | {100 * alike(held, limit, lead_min):.0f} % |"
        )


if __name__ == "__main__":
    main()
