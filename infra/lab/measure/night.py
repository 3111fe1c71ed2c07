"""How well the oxygen of the next sunrise is known in the night: our forecast beside persistence and the bare trend.

`python -m infra.lab.measure.night --data ../shared/data` prints the table of night.md and the habit it learned. The rivers are the
three of the Logan observatory: habits are learned on the first half of each file's nights, and tried on the second.
"""

from __future__ import annotations

import argparse
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from models.envelope.period import HOUR_MS
from models.envelope.recent import Recent
from models.fish.night import NightBand, NightHabit, at_sunrise
from models.fish.sun import sunrise

LATITUDE, LONGITUDE, ZONE = 41.74, -111.83, timedelta(hours=-7)
FILES = ("main_street_2019", "blacksmith_fork_2015", "franklin_basin_2017")
LEADS_H = (8.0, 6.0, 4.0, 2.0)
WINDOW_MS = 3 * HOUR_MS
NEAR_MS = HOUR_MS // 2
FEWEST = 20


class Case(NamedTuple):
    """A forecast: `hours` before sunrise, the value and its slope an hour then, and what it was at sunrise."""

    hours: float
    value: float
    slope: float
    true: float


def oxygen(path: Path) -> list[tuple[int, float]]:
    """(time in ms, mg/L): what the technicians left after their corrections; gaps stay gaps."""
    frame = pl.read_csv(path, infer_schema_length=0, null_values=["NULL", "NA", "", "-9999"])
    column = next((column for column in frame.columns if column.lower() == "do_cor"), None)
    if column is None:
        return []
    at = pl.col("datetime").str.to_datetime(strict=False, time_unit="ms")
    rows = frame.select(
        at.alias("at"), pl.col(column).cast(pl.Float64, strict=False).alias("value")
    ).drop_nulls()
    shift_ms = round(ZONE.total_seconds() * 1000)
    times = [round(one.replace(tzinfo=UTC).timestamp() * 1000) - shift_ms for one in rows["at"]]
    return sorted((at_ms, v) for at_ms, v in zip(times, rows["value"], strict=True) if v > 0)


def cases(
    readings: list[tuple[int, float]], latitude: float = LATITUDE, longitude: float = LONGITUDE
) -> list[Case]:
    """A case for each lead of each night that has readings then and at sunrise."""
    if not readings:
        return []
    found: list[Case] = []
    day = datetime.fromtimestamp(readings[0][0] / 1000, UTC).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    times = [reading[0] for reading in readings]
    frame = pl.DataFrame({"at": times, "value": [reading[1] for reading in readings]})
    while day.timestamp() * 1000 < times[-1]:
        rise = sunrise(day, latitude, longitude)
        day += timedelta(days=1)
        if rise is not None:
            found += _night(frame, round(rise.timestamp() * 1000))
    return found


def _night(frame: pl.DataFrame, sunrise_ms: int) -> list[Case]:
    at_dawn = frame.filter(pl.col("at").is_between(sunrise_ms - NEAR_MS, sunrise_ms + NEAR_MS))["value"]
    if at_dawn.is_empty():
        return []
    true = statistics.fmean(at_dawn)
    found = []
    for hours in LEADS_H:
        at_ms = sunrise_ms - round(hours * HOUR_MS)
        recent = Recent(WINDOW_MS)
        for then_ms, value in frame.filter(pl.col("at").is_between(at_ms - WINDOW_MS, at_ms)).iter_rows():
            recent.add(then_ms, value)
        slope = recent.slope(WINDOW_MS)
        if slope is not None and at_ms - recent.times[-1] <= NEAR_MS:
            found.append(Case(hours, recent.values[-1], slope, true))
    return found


def learned(seen: list[Case]) -> NightHabit:
    """The share of the fall that came true (least squares through zero), and where nine of ten residuals lay."""
    bands = []
    for hours in sorted(LEADS_H):
        own = [case for case in seen if case.hours == hours]
        fall = [one.slope * hours for one in own]
        weight = sum(one * one for one in fall)
        share = (
            sum((one.true - one.value) * by for one, by in zip(own, fall, strict=True)) / weight
            if weight
            else 0.0
        )
        share = min(max(share, 0.0), 1.0)
        rest = sorted(one.true - one.value - share * by for one, by in zip(own, fall, strict=True))
        if len(rest) < FEWEST:
            msg = f"{len(rest)} đêm, cần {FEWEST} (nights, expected at least {FEWEST})"
            raise ValueError(msg)
        low, *_, high = statistics.quantiles(rest, n=20)
        bands.append(NightBand(hours, round(share, 3), round(low, 3), round(high, 3)))
    return NightHabit(LATITUDE, LONGITUDE, WINDOW_MS, bands)


def table(train: list[Case], held: list[Case]) -> tuple[str, NightHabit]:
    """The Markdown table of errors on the held-back nights, and the habit of the training nights."""
    habit = learned(train)
    lines = [
        "| hours before sunrise | nights | persistence | trend | ours | in our interval |",
        "|---|---|---|---|---|---|",
    ]
    for hours in sorted(LEADS_H, reverse=True):
        own = [case for case in held if case.hours == hours]
        ours = [at_sunrise(one.value, one.slope, hours, 0, habit) for one in own]
        errors = [
            [abs(one.value - one.true) for one in own],
            [abs(one.value + one.slope * hours - one.true) for one in own],
            [abs(one.likely - case.true) for one, case in zip(ours, own, strict=True)],
        ]
        inside = statistics.fmean(
            one.low <= case.true <= one.high for one, case in zip(ours, own, strict=True)
        )
        means = " | ".join(f"{statistics.fmean(error):.3f}" for error in errors)
        lines.append(f"| {hours:g} | {len(own)} | {means} | {100 * inside:.0f} % |")
    return "\n".join(lines), habit


def main() -> None:
    """Print the table and the habit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    train: list[Case] = []
    held: list[Case] = []
    for name in FILES:
        path = data / "water" / f"{name}.csv"
        if not path.is_file():
            raise SystemExit(f"không có {path} (no such file)")
        found = cases(oxygen(path))
        train += found[: len(found) // 2]
        held += found[len(found) // 2 :]
    text, habit = table(train, held)
    print(text)
    print(msgspec.json.format(msgspec.json.encode(habit)).decode())


if __name__ == "__main__":
    main()
