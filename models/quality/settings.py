"""What quality control asks of a parameter; all limits are data (infra/commune/quality.yaml)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

Span = Annotated[int, msgspec.Meta(gt=0, le=21_600)]
"""Seconds, at most six hours: so much more of each sensor is remembered than its readings may be late."""
Positive = Annotated[float, msgspec.Meta(gt=0)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Spike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a value may lie from the middle of its two neighbours, in the parameter's unit; beyond it is flagged."""

    suspect: Positive
    fail: Positive | None = None


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How fast a value may change, in the parameter's unit an hour."""

    suspect: Positive
    fail: Positive | None = None


class Flat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A range below `tolerance` (strictly) for so long is a stuck sensor. Tolerance 0 would flag nothing."""

    tolerance: Positive
    suspect_s: Span
    fail_s: Span | None = None


class Neighbour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another station that measures the same: readings within half an hour that differ by more than `apart` make both suspect."""

    station: Code
    apart: Positive


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings for a parameter at `stations` (none named: at all). A test that is not named is not made.

    `typical_low`/`typical_high`: beyond is suspect, inside the instrument's range. `gap_s`: a longer time since the
    reading before marks the first one after it. `repaired`: days before it do not count against the sensor.
    """

    parameter: str
    stations: list[Code] = []
    typical_low: float | None = None
    typical_high: float | None = None
    spike: Spike | None = None
    rate: Rate | None = None
    flat: Flat | None = None
    gap_s: Annotated[int, msgspec.Meta(gt=0)] | None = None
    neighbour: Neighbour | None = None
    repaired: date | None = None
