"""What goes wrong with the readings of a day: planned, seeded, each fault written down. Pure.

Half of the faults change or drop a planned reading (spike, stuck, gap, late, out of order); the
others are messages more (a duplicate, or something that must be refused).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from infra.rehearsal.simulator.garbage import refused
from infra.rehearsal.simulator.sensor import Sample
from infra.rehearsal.simulator.truth import Event, ExpectedEnd, Fault, Silence

HOUR = timedelta(hours=1)
QUIET = ("dissolved_oxygen", 10.5, 3.5)
"""The silent sensor: the last one of this parameter, from 10:30 for 3.5 hours, when its cage is out
of danger and someone must still go and look. Longer where the configuration waits longer."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many of each fault a day has; of stuck and gap: periods."""

    spikes: int = 12
    stuck: int = 2
    gaps: int = 4
    duplicates: int = 40
    late: int = 24
    out_of_order: int = 15
    refused: tuple[tuple[Fault, int], ...] = (
        (Fault.DAY_LATE, 6),
        (Fault.FUTURE, 6),
        (Fault.WRONG_UNIT, 8),
        (Fault.UNKNOWN_STATION, 4),
        (Fault.UNKNOWN_PARAMETER, 4),
        (Fault.WRONG_SOURCE, 2),
        (Fault.WRONG_VERSION, 2),
        (Fault.GARBAGE, 10),
        (Fault.WRONG_TYPE, 6),
        (Fault.MISSING_FIELD, 6),
        (Fault.NAN, 4),
        (Fault.CONFLICT, 3),
        (Fault.TEN_MEGABYTES, 1),
    )
    silent: bool = True


RECIPE = Recipe()
NONE = Recipe(0, 0, 0, 0, 0, 0, (), silent=False)


@dataclass(slots=True)
class Planned:
    """A reading on its way: when it is sent, and what was done to it."""

    sample: Sample
    send_at: datetime
    fault: Fault | None = None


def spoil(
    samples: list[Sample], start: datetime, recipe: Recipe, rng: np.random.Generator
) -> tuple[list[Event], list[Silence]]:
    """Turn readings into messages with faults, in the order of sending; and who was silent when."""
    silences = _silences(samples, start) if recipe.silent else []
    plan = [Planned(s, s.at) for s in samples if not any(_in(s, quiet) for quiet in silences)]
    plan = _gaps(plan, recipe.gaps, rng)
    _stuck(plan, recipe.stuck, rng)
    free = [one for one in plan if one.fault is None]
    rng.shuffle(free)
    _spikes(free, recipe.spikes, rng)
    _late(free, recipe.late, start + 24 * HOUR, rng)
    _out_of_order(free, recipe.out_of_order)
    events = _write(plan, free, recipe, rng)
    events.sort(key=lambda event: event.send_at)
    return events, silences


def _in(sample: Sample, quiet: Silence) -> bool:
    sensor = sample.sensor
    return (sensor.station, sensor.code) == (
        quiet.station,
        quiet.parameter,
    ) and quiet.since < sample.at < quiet.until


def _silences(samples: list[Sample], start: datetime) -> list[Silence]:
    code, since_h, hours = QUIET
    sensors = [s.sensor for s in samples if s.sensor.code == code] or [s.sensor for s in samples]
    last = max(sensors, key=lambda sensor: sensor.station)
    since = start + since_h * HOUR
    length = max(hours * HOUR, 2 * timedelta(seconds=last.parameter.silent_after_s))
    return [Silence(last.station, last.code, since, since + length)]


def _gaps(plan: list[Planned], count: int, rng: np.random.Generator) -> list[Planned]:
    """Drop readings in periods that are too short for the alarm of silence."""
    for _ in range(count):
        sample = plan[int(rng.integers(len(plan)))].sample
        length = timedelta(seconds=0.4 * sample.sensor.parameter.silent_after_s)
        quiet = Silence(sample.sensor.station, sample.sensor.code, sample.at, sample.at + length)
        plan = [planned for planned in plan if not _in(planned.sample, quiet)]
    return plan


def _stuck(plan: list[Planned], count: int, rng: np.random.Generator) -> None:
    """Repeat one value for two hours, on sensors that no rule watches: the truth stays the truth."""
    sensors = sorted(
        {(p.sample.sensor.station, p.sample.sensor.code) for p in plan if not p.sample.sensor.watched}
    )
    for i in rng.permutation(len(sensors))[:count]:
        rows = [p for p in plan if (p.sample.sensor.station, p.sample.sensor.code) == sensors[int(i)]]
        first = int(rng.integers(len(rows) // 2))
        until = rows[first].sample.at + 2 * HOUR
        for row in rows[first:]:
            if row.sample.at < until:
                row.sample.value, row.fault = rows[first].sample.value, Fault.STUCK


def _spikes(free: list[Planned], count: int, rng: np.random.Generator) -> None:
    """Values outside the physical range: stored as they are, flagged FAIL, judged by no rule."""
    for one in _draw(free, count):
        parameter = one.sample.sensor.parameter
        span = parameter.high - parameter.low
        one.sample.value = round(float(parameter.high + span * rng.uniform(0.5, 5.0)), 2)
        one.fault = Fault.SPIKE


def _late(free: list[Planned], count: int, end: datetime, rng: np.random.Generator) -> None:
    """The logger was offline and sends later, by half an hour to ten hours, before the day ends."""
    for one in _draw(free, count):
        later = one.send_at + timedelta(minutes=float(rng.uniform(30, 600)))
        one.send_at = max(one.send_at, min(later, end))
        one.fault = Fault.LATE


def _out_of_order(free: list[Planned], count: int) -> None:
    """Send just after the reading that follows it."""
    for one in _draw(free, count):
        one.send_at += timedelta(seconds=1.1 * one.sample.sensor.parameter.interval_s)
        one.fault = Fault.OUT_OF_ORDER


def _draw(free: list[Planned], count: int) -> list[Planned]:
    """Take readings that nothing has happened to yet."""
    return [free.pop() for _ in range(min(count, len(free)))]


def _write(plan: list[Planned], free: list[Planned], recipe: Recipe, rng: np.random.Generator) -> list[Event]:
    """Give each reading its number and bytes, and add the messages that come on top."""
    counters: defaultdict[str, int] = defaultdict(int)

    def seq(station: str) -> int:
        counters[station] += 1
        return counters[station]

    events, sent = [], {}
    for planned in plan:
        station = planned.sample.sensor.station
        payload = planned.sample.encode(seq(station))
        sent[id(planned)] = payload
        events.append(Event(planned.send_at, station, payload, ExpectedEnd.STORED, planned.fault))
    for one in _draw(free, recipe.duplicates):
        # The same bytes again, within a minute to an hour: a QoS 1 message whose answer was lost.
        again = one.send_at + timedelta(minutes=float(rng.uniform(1, 60)))
        station = one.sample.sensor.station
        events.append(Event(again, station, sent[id(one)], ExpectedEnd.DUPLICATE, Fault.DUPLICATE))
    for fault, count in recipe.refused:
        events += [
            refused(fault, one.sample, seq(one.sample.sensor.station), rng) for one in _draw(free, count)
        ]
    return events
