"""The time to the next level on a gauge: what comes true of persistence, of the bare trend, of ours, of a library's models.

`python -m infra.lab.measure.river --data ../shared/data` prints the table of figures.md. statsmodels and scikit-learn are used where they are
installed; nothing else of the project needs them. `--learn STORED.csv` (columns at_ms, level) prints a habit for river.yaml.

Questions are asked 1, 3 and 6 hours before the water reached one of a ladder of levels, and stayed there for two readings, having been below
for six hours. Models and habits know the first part of the recording, the questions are of the rest.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import math
import statistics
from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from infra.rehearsal.recordings import readers
from models.envelope.period import HOUR_MS
from models.river.arrival import Habit, arrival
from models.river.habit import forecasts, learned, outcomes, reached_after

STEP_M, LADDER = 0.01524, 100
"""Half a tenth of a foot: the recording has floods of snow only, which rise slowly over the same few decimetres."""
WINDOWS_MS = (HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS)
HORIZON_MS = 12 * HOUR_MS
LEADS_MS = (HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS)
QUIET_MS = 6 * HOUR_MS
TRAINED = 0.5
BACK = 96
"""Readings that a model sees: a day."""

Readings = list[tuple[int, float]]
Said = tuple[float | None, float | None, float | None]
"""Earliest, likely and latest time to the level in ms; None: not within the horizon."""
Method = Callable[[int, float], Said]
"""(place of the reading, level) -> what it says."""


class Question(NamedTuple):
    """At the reading `place`, `lead_ms` before the water came to `level`, which took `true_ms`."""

    place: int
    level: float
    lead_ms: int
    true_ms: int


def questions(readings: Readings, levels: list[float]) -> list[Question]:
    """All questions of a recording."""
    found, times = [], [reading[0] for reading in readings]
    for level in levels:
        below_since = times[0]
        for i in range(1, len(readings) - 1):
            up = readings[i][1] >= level
            if (
                up
                and readings[i - 1][1] < level
                and times[i] - below_since >= QUIET_MS
                and readings[i + 1][1] >= level
            ):
                for lead_ms in LEADS_MS:
                    place = bisect_left(times, times[i] - lead_ms)
                    exact = times[place] == times[i] - lead_ms
                    if exact and place >= BACK and times[place] - times[place - BACK] == BACK * HOUR_MS // 4:
                        found.append(Question(place, level, lead_ms, lead_ms))
            if up:
                below_since = times[i]
    return found


def trend(readings: Readings, habit: Habit | None) -> Method:
    """Ours, or without a habit the bare trend."""
    slopes = [slope for _, slope in forecasts(readings, WINDOWS_MS)]

    def say(place: int, level: float) -> Said:
        at_ms, value = readings[place]
        slope = slopes[place]
        if habit is None:
            ahead = (level - value) / slope * HOUR_MS if slope is not None and slope > 0 else math.inf
            return (ahead, ahead, ahead) if ahead <= HORIZON_MS else (None, None, None)
        coming = arrival(at_ms, value, slope, level, habit)
        if coming is None or coming.likely_ms is None or coming.latest_ms is None:
            return None, None, None
        return coming.earliest_ms - at_ms, coming.likely_ms - at_ms, coming.latest_ms - at_ms

    return say


def persistence(_place: int, _level: float) -> Said:
    """The level stays: no level is ever reached."""
    return None, None, None


def holt(readings: Readings) -> Method:
    """Holt's damped trend of statsmodels, fitted anew on the last day at each question; 80 % by simulation."""
    ets: Any = importlib.import_module("statsmodels.tsa.exponential_smoothing.ets")
    pandas: Any = importlib.import_module("pandas")

    def say(place: int, level: float) -> Said:
        values = pandas.Series([reading[1] for reading in readings[place - BACK : place + 1]])
        fitted = ets.ETSModel(values, error="add", trend="add", damped_trend=True).fit(disp=False)
        steps = HORIZON_MS * 4 // HOUR_MS
        frame = fitted.get_prediction(start=len(values), end=len(values) + steps - 1).summary_frame(alpha=0.2)
        return (
            _first(frame["pi_upper"].to_numpy(), level), _first(frame["mean"].to_numpy(), level),
            _first(frame["pi_lower"].to_numpy(), level),
        )  # fmt: skip

    return say


def boosted(train: Readings, readings: Readings, levels: list[float]) -> Method:
    """Gradient boosting of scikit-learn on the changes of the last day: quantiles of the time, learned on `train`."""
    np: Any = importlib.import_module("numpy")
    ensemble: Any = importlib.import_module("sklearn.ensemble")

    def features(own: Readings, place: int, level: float) -> list[float]:
        now = own[place][1]
        return [level - now, *(now - own[place - k][1] for k in (1, 2, 4, 8, 12, 16, 24, 48, 96))]

    asked = questions(train, levels)
    rows = np.array([features(train, question.place, question.level) for question in asked])
    logs = np.log([question.true_ms for question in asked])
    models = [
        ensemble.HistGradientBoostingRegressor(
            loss="quantile", quantile=q, max_iter=150, min_samples_leaf=20
        ).fit(rows, logs)
        for q in (0.1, 0.5, 0.9)
    ]

    def say(place: int, level: float) -> Said:
        row = np.array([features(readings, place, level)])
        low, mid, high = sorted(math.exp(float(model.predict(row)[0])) for model in models)
        return low, mid, high

    return say


def _first(values: Any, level: float) -> float | None:
    """Time of the first forecast at the level, ms."""
    place = next((i for i, value in enumerate(values, 1) if value >= level), None)
    return None if place is None else place * HOUR_MS / 4


def row(name: str, say: Method, asked: list[Question]) -> str:
    """A row of the table: for each lead the share that was told, the median error of those, how many lay in the interval."""
    cells = []
    for lead_ms in LEADS_MS:
        own = [
            (question, say(question.place, question.level))
            for question in asked
            if question.lead_ms == lead_ms
        ]
        told = [(one, said) for one, said in own if said[1] is not None]
        errors = [abs((said[1] or 0) - one.true_ms) / HOUR_MS for one, said in told]
        inside = [
            said[0] is not None and said[0] <= one.true_ms and (said[2] is None or one.true_ms <= said[2])
            for one, said in told
        ]
        share = f"{100 * len(told) / len(own):.0f} %" if own else "-"
        error = f"{statistics.median(errors):.2f} h" if errors else "-"
        within = f"{100 * statistics.fmean(inside):.0f} %" if inside else "-"
        cells.append(f"{share}, {error}, {within}")
    return f"| {name} | " + " | ".join(cells) + " |"


def announced(name: str, say: Method, readings: Readings, levels: list[float]) -> str:
    """Of what was announced for the next three hours (asked each hour, once in six hours for a level), how much came."""
    right = wrong = 0
    last: dict[float, int] = {}
    for place in range(BACK, len(readings) - BACK, 4):
        at_ms, value = readings[place]
        level = next((level for level in levels if level >= value + STEP_M / 3), None)
        if level is None or at_ms - last.get(level, 0) < QUIET_MS:
            continue
        likely = say(place, level)[1]
        if likely is not None and likely <= LEADS_MS[1]:
            last[level] = at_ms
            came = any(v >= level for t, v in readings[place + 1 : place + 25] if t - at_ms <= QUIET_MS)
            right, wrong = right + came, wrong + (not came)
    share = f"{100 * right / (right + wrong):.0f} %" if right + wrong else "-"
    return f"{name}: {right + wrong} announced, {share} came within 6 h"


def calibrated(say: Method, readings: Readings, levels: list[float], habit: Habit) -> list[str]:
    """Of all that was said, at any time and by how far ahead: how much came, and how much of that in the interval."""
    rows, bounds = [], (0, *(band.upto_ms for band in habit.bands))
    said: list[tuple[float, float | None, bool]] = []
    ordered = sorted(levels)
    for place in range(BACK, len(readings) - BACK, 2):
        level = next((level for level in ordered if level >= readings[place][1] + STEP_M / 3), None)
        if level is None:
            continue
        low, likely, high = say(place, level)
        if low is None or likely is None or high is None:
            continue
        true = reached_after(readings, place, level, HORIZON_MS)
        said.append((likely, true, true is not None and low <= true <= high))
    for above, upto in pairwise(bounds):
        own = [one for one in said if above < one[0] <= upto]
        came = [one for one in own if one[1] is not None]
        inside = f"{100 * statistics.fmean(one[2] for one in came):.0f} %" if came else "-"
        rows.append(
            f"| {above / HOUR_MS:g}-{upto / HOUR_MS:g} h | {len(own)} | {100 * len(came) / max(len(own), 1):.0f} % | {inside} |"
        )
    return rows


def habit_of(readings: Readings, levels: list[float]) -> Habit:
    """The habit that a recording teaches."""
    seen = outcomes(readings, levels, WINDOWS_MS, HORIZON_MS, near=STEP_M / 3)
    return learned(seen, WINDOWS_MS, HORIZON_MS, (HOUR_MS * 3 // 2, 4 * HOUR_MS))


def main() -> None:
    """Print the table, or the habit of a stored history."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--learn", type=Path)
    options = parser.parse_args()
    if options.learn is not None:
        with options.learn.open(encoding="utf-8") as file:
            own = sorted((int(one["at_ms"]), float(one["level"])) for one in csv.DictReader(file))
        low, high = min(v for _, v in own), max(v for _, v in own)
        levels = [low + (high - low) * i / LADDER for i in range(1, LADDER)]
        print(msgspec.json.format(msgspec.json.encode(habit_of(own, levels))).decode())
        return
    path = options.data / "river" / "river_gauge_15min.csv"
    if not path.is_file():
        raise SystemExit(f"không có {path} (no such file)")
    readings = [
        (int(ms), float(value)) for ms, value in readers.gauge(path).frame.select("ms", "value").iter_rows()
    ]
    compare(readings)


def compare(readings: Readings) -> None:
    """Print the table for a recording, and what was announced rightly."""
    levels = [STEP_M * (i + 0.5) for i in range(LADDER)]
    cut = int(len(readings) * TRAINED)
    train, held = readings[:cut], readings[cut:]
    habit = habit_of(train, levels)
    methods: dict[str, Method] = {
        "persistence": persistence, "bare trend": trend(held, None), "ours": trend(held, habit),
    }  # fmt: skip
    if importlib.util.find_spec("statsmodels") is not None:
        methods["statsmodels, Holt damped"] = holt(held)
    if importlib.util.find_spec("sklearn") is not None:
        methods["scikit-learn, boosting"] = boosted(train, held, levels)
    asked = questions(held, levels)
    counts = ", ".join(str(sum(question.lead_ms == lead for question in asked)) for lead in LEADS_MS)
    print(f"{counts} questions 1, 3, 6 h before; each cell: told, median error, in the 80 % interval\n")
    print("| method | 1 h | 3 h | 6 h |\n|---|---|---|---|")
    for name, say in methods.items():
        print(row(name, say, asked))
    print()
    for name in ("bare trend", "ours", "scikit-learn, boosting"):
        if name in methods:
            print(announced(name, methods[name], held, levels))
    print("\n| said ahead | said | came | of those in the 80 % interval |\n|---|---|---|---|")
    print("\n".join(calibrated(methods["ours"], held, levels, habit)))
    print(msgspec.json.format(msgspec.json.encode(habit)).decode())


if __name__ == "__main__":
    main()
