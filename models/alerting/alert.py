"""An alert and its changes: raise, worse, better, clear."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.catalogue.kinds import Kind
from models.envelope.evidence import Evidence
from models.envelope.reading import Zoned

__all__ = ["AlertChange", "Change", "Evidence", "Kind"]


DANGER = 3
"""The highest level. It always rings: it never waits, no silence hides it, a false alarm does not stop its calls, it ends a drill."""


class Change(enum.StrEnum):
    """How an alert changed; the verbs of the control room."""

    RAISE = "raise"
    WORSE = "worse"
    BETTER = "better"
    CLEAR = "clear"


class AlertChange(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """Topic `alerts`: the `seq`-th change (from 1) of the alert `alert`.

    `alert` is `rule:station:parameter:onset` and the same after every replay, because the
    onset is event time; (alert, seq) is the natural key. `level` 0 is clear. `limit` is the
    limit that was crossed; `value`, `limit` are in `unit`. For the kinds silent, frozen,
    untrusted and blind, `value` is the seconds of it. `evidence` is not written where there is none.

    One alert may be of several parameters: a station that is silent lists them in `parameters`
    (`parameter` is then "station"); an outage in which all stations fell silent at once (`parameter`
    "link") lists the stations' ids there. A clock's `value` is its offset in s: positive is slow,
    negative fast. News of the past: `late_s` is the seconds from `at` to when it could be told; `over`
    says that newer readings already told its end, so it is recorded and rings nobody. `exercise`: it is of a drill
    (models/alerting/drill.py), and nothing of it is real.
    """

    v: int
    source: str
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    at: Zoned
    alert: str
    rule: str
    kind: Kind
    station: str
    parameter: str
    change: Change
    level: Annotated[int, msgspec.Meta(ge=0, le=5)]
    previous: Annotated[int, msgspec.Meta(ge=0, le=5)]
    value: float
    limit: float
    unit: str
    evidence: list[Evidence] = []
    parameters: list[str] = []
    late_s: Annotated[int, msgspec.Meta(ge=0)] = 0
    over: bool = False
    exercise: bool = False
