"""A storm day on the Bồ: every message of every station, its faults, and the truth beside them.

    storm ── signals ── instruments ── readings ── faults ──> messages
      └───── true curves ── rules ──────────────────────────> truth

Pure and seeded: the same commune, day and seed give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from infra.rehearsal.simulator import crossings, signals
from infra.rehearsal.simulator.faults import RECIPE, Recipe, spoil
from infra.rehearsal.simulator.hydrology import Series
from infra.rehearsal.simulator.sensor import Sample, SimulatedSensor
from infra.rehearsal.simulator.truth import Curve, Day, Event, ExpectedEnd, Truth
from models.commune.configuration import Commune

MINUTES = 24 * 60
CURVE_STEP_MIN = 5
TO_TELL = timedelta(minutes=30)
"""A rule confirms, an hour closes: so long after it was true a crossing must have been told."""


def build(
    commune: Commune,
    start: datetime,
    seed: int = 2026,
    severity: float = 1.0,
    recipe: Recipe = RECIPE,
) -> Day:
    """Make the day that begins at `start` (local midnight, with its zone).

    `severity` scales the rain: 1 peaks above alarm level III at Phú Ốc, 0.8 between II and III.
    """
    rng = np.random.default_rng(seed)
    day = signals.weather(severity, rng)
    sensors = lay_out(commune, day)
    samples = [sample for sensor in sensors for sample in take(sensor, start, rng)]
    samples.sort(key=lambda sample: (sample.at, sample.sensor.station, sample.sensor.code))
    events, silences = spoil(samples, start, recipe, rng)
    truth = Truth(
        start=start,
        **_counts(events),
        crossings=[
            crossing
            for sensor in sensors
            for rule in commune.rules
            if rule.parameter == sensor.code and sensor.station in rule.stations
            for crossing in crossings.of_rule(rule, sensor.station, sensor.parameter.unit, sensor.true, start)
        ],
        silences=silences,
        curves=[_curve(sensor) for sensor in sensors if sensor.code != "rain"],
    )
    return Day(events, truth)


def until(day: Day, end: datetime) -> Day:
    """The day's beginning: what is sent by `end`, and what of the truth must have been told by then."""
    events = [event for event in day.events if event.send_at <= end]
    told = [crossing for crossing in day.truth.crossings if crossing.at <= end - TO_TELL]
    truth = msgspec.structs.replace(day.truth, **_counts(events), crossings=told)
    return Day(events, truth)


def _counts(events: list[Event]) -> dict[str, Any]:
    """What of the truth is counted."""
    outcomes = Counter(event.outcome for event in events)
    return {
        "sent": len(events),
        "stored": outcomes[ExpectedEnd.STORED],
        "duplicates": outcomes[ExpectedEnd.DUPLICATE],
        "rejected": dict(sorted(Counter(e.reason for e in events if e.reason is not None).items())),
        "faults": dict(sorted(Counter(e.fault for e in events if e.fault is not None).items())),
    }


def lay_out(commune: Commune, day: signals.Weather) -> list[SimulatedSensor]:
    """A sensor for each parameter of each station, with its true values per minute."""
    places: Counter[str] = Counter()
    sensors = []
    for station in commune.stations:
        for parameter in station.parameters:
            true = signals.signal(day, parameter.code, places[parameter.code])
            places[parameter.code] += 1
            watched = any(r.parameter == parameter.code and station.id in r.stations for r in commune.rules)
            sensors.append(SimulatedSensor(station.id, parameter, true, watched))
    return sensors


def take(sensor: SimulatedSensor, start: datetime, rng: np.random.Generator) -> list[Sample]:
    """The sensor's readings of the day, as its instrument shows them."""
    minutes: Series = np.arange(0, MINUTES, sensor.parameter.interval_s / 60)
    values = signals.read(sensor.code, sensor.true, minutes, rng)
    return [
        Sample(sensor, start + timedelta(minutes=float(minute)), float(value))
        for minute, value in zip(minutes, values, strict=True)
    ]


def _curve(sensor: SimulatedSensor) -> Curve:
    values = [round(float(v), 3) for v in sensor.true[::CURVE_STEP_MIN]]
    return Curve(sensor.station, sensor.code, sensor.parameter.unit, CURVE_STEP_MIN * 60, values)
