"""When the true values cross the levels of the commune's rules. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from infra.rehearsal.simulator.hydrology import Series
from infra.rehearsal.simulator.truth import Crossing
from models.commune.configuration import Average, Direction, Rule


def hour_means(minutes: Series) -> Series:
    """Mean of each clock hour; as in the flow, a value on the full hour ends the hour before it."""
    return np.asarray(minutes[1:].reshape(-1, 60).mean(axis=1))


def of_rule(rule: Rule, station: str, unit: str, true: Series, start: datetime) -> list[Crossing]:
    """The first crossing of each level that the day reaches; `true` is per minute from `start`."""
    if rule.average is Average.HOUR:
        values, step, first = hour_means(true), timedelta(hours=1), timedelta(hours=1)
    else:
        values, step, first = true, timedelta(minutes=1), timedelta()
    above = rule.direction is Direction.ABOVE
    worst = int(np.argmax(values) if above else np.argmin(values))
    found = []
    for level in sorted(rule.levels, key=lambda level: level.level):
        beyond = values >= level.raise_at if above else values < level.raise_at
        if beyond.any():
            found.append(
                Crossing(
                    rule.id,
                    rule.kind,
                    station,
                    rule.parameter,
                    level.level,
                    level.name,
                    level.raise_at,
                    unit,
                    start + first + int(np.argmax(beyond)) * step,
                    start + first + worst * step,
                    round(float(values[worst]), 3),
                )
            )
    return found
