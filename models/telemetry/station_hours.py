"""Hourly means of a station's parameters, closed together: water, humidity, particles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.telemetry.hourly import GRACE_MS, HOUR_MS, Hours

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class HourlyState:
    """Open hours by parameter; `told_ms` ends the last hour that was told."""

    hours: dict[str, Hours] = field(default_factory=dict)
    told_ms: int = 0


def add(state: HourlyState, code: str, at_ms: int, value: float) -> None:
    """Count a good reading into its hour."""
    if not state.told_ms:
        state.told_ms = (at_ms - 1) // HOUR_MS * HOUR_MS
    if at_ms <= state.told_ms:
        return  # its hour was told of all parameters together
    hours = state.hours.get(code)
    if hours is None:
        hours = state.hours[code] = Hours()
    hours.add(at_ms, value)


def due(state: HourlyState, now_ms: int) -> bool:
    """Whether an hour is over that was not yet told."""
    return 0 < state.told_ms <= now_ms - GRACE_MS - HOUR_MS


def over(
    state: HourlyState, now_ms: int, expected: Mapping[str, float]
) -> list[tuple[int, dict[str, float]]]:
    """The hours that are over by `now_ms`: (end in ms, parameter -> mean); `expected` readings an hour."""
    found: dict[int, dict[str, float]] = {}
    for code in list(state.hours):
        if code not in expected:
            del state.hours[code]  # the configuration has lost it
            continue
        for one in state.hours[code].close(now_ms, expected[code]):
            found.setdefault(one.end_ms, {})[code] = one.mean
    state.told_ms = (now_ms - GRACE_MS) // HOUR_MS * HOUR_MS
    return sorted(found.items())
