"""Street floods: how early the trend warns of 4 and 12 inches, and how often in vain, beside persistence.

`python -m infra.measure.street --data ../shared/data`. Settings are chosen on the first half of the sensors (by name) and tried on the
second. Persistence warns when the depth itself is at a share of the limit.
"""

from __future__ import annotations

import argparse
import statistics
from itertools import product
from pathlib import Path
from typing import NamedTuple

from infra.recordings import readers
from models.river.street import StreetRule, street

INCH_CM, MINUTE_MS = 2.54, 60_000
LIMITS_IN = (4, 12)
WINDOWS_MIN, HORIZONS_MIN, SHARES, AGREEING = (5, 10, 15), (10, 15, 20, 30), (0.25, 0.4, 0.6), (1, 2)
MOST_FALSE = 0.4
"""Of all warnings; a sweep takes the earliest below it."""
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


def warned(event: Event, rule: StreetRule) -> int | None:
    """When the trend warned first."""
    state = street(rule)
    return next((at_ms for at_ms, depth in event if state.add(rule, at_ms, depth) is not None), None)


def score(floods: list[Event], rule: StreetRule, share: float | None = None) -> Score:
    """Of the trend, or with a `share` of persistence at that share of the limit."""
    reached = early = false = 0
    leads = []
    for event in floods:
        if share is None:
            at_ms = warned(event, rule)
        else:
            at_ms = next((ms for ms, depth in event if depth >= share * rule.limit), None)
        crossed = next((ms for ms, depth in event if depth >= rule.limit), None)
        if crossed is None:
            false += at_ms is not None
            continue
        reached += 1
        lead = max(0, crossed - at_ms) / MINUTE_MS if at_ms is not None else 0.0
        early += lead > 0
        leads.append(lead)
    return Score(reached, early, false, leads)


def rules(limit: float) -> list[StreetRule]:
    """The sweep."""
    return [
        StreetRule(limit, window * MINUTE_MS, horizon * MINUTE_MS, share * limit, 0.1 * limit, agreeing)
        for window, horizon, share, agreeing in product(WINDOWS_MIN, HORIZONS_MIN, SHARES, AGREEING)
    ]


def row(name: str, one: Score) -> str:
    """A row of the table."""
    median = statistics.median(one.leads_min) if one.leads_min else 0.0
    ten = sum(lead >= 10 for lead in one.leads_min) / max(1, one.reached)
    return f"| {name} | {one.reached} | {one.early} | {median:.1f} | {100 * ten:.0f} % | {one.false} ({100 * one.false_share:.0f} %) |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    if not (data / "flood" / "street_flood_events.csv").is_file():
        raise SystemExit(f"không có {data}/flood/street_flood_events.csv (no such file)")
    by_sensor = events(data)
    names = sorted(by_sensor)
    half = len(names) // 2
    first = [one for name in names[:half] for one in by_sensor[name]]
    held = [one for name in names[half:] for one in by_sensor[name]]
    print(f"{len(first)} floods of {half} sensors to choose, {len(held)} of {len(names) - half} to try\n")
    print(
        "| warning | reached | warned before | median lead, min | 10 min and more | in vain |\n|---|---|---|---|---|---|"
    )
    for inches in LIMITS_IN:
        limit = inches * INCH_CM
        scored = [(score(first, one), one) for one in rules(limit)]
        fitting = [pair for pair in scored if pair[0].false_share <= MOST_FALSE]
        _, best = max(fitting or scored, key=lambda pair: statistics.fmean(pair[0].leads_min))
        words = f"{best.window_ms // MINUTE_MS} min trend, {best.horizon_ms // MINUTE_MS} min ahead, from {best.least:.1f} cm, {best.readings} in a row"
        print(row(f"{inches} in: {words}", score(held, best)))
        for share in (0.5, 0.75, 1.0):
            print(row(f"{inches} in: persistence at {share:g} of it", score(held, best, share)))


if __name__ == "__main__":
    main()
