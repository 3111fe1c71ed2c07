"""Changes of alerts from what the rules say: a level crossed, a spell of not knowing begun or ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Kind
from models.envelope.evidence import Evidence
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.alerting.history import News
    from models.alerting.rule import LevelState, Step
    from models.commune.configuration import Rule


CORRECTION = Evidence("tính lại vì số liệu đến muộn", "reckoned anew: readings came late")
"""Why a level changes though no new reading crossed a limit."""


class Place(msgspec.Struct, frozen=True):
    """Who says it (the flow), of which station or camera, of what, in which unit."""

    by: str
    station: str
    parameter: str
    unit: str


class Unknown(msgspec.Struct, frozen=True):
    """A way of not knowing (silent, frozen, a wrong clock, an outage) and the seconds after which it is told."""

    place: Place
    rule: str
    kind: Kind
    limit_s: float
    parameters: list[str] = []
    evidence: list[Evidence] = []


def stepped(place: Place, rule: Rule, state: LevelState, step: Step, at_ms: int, value: float) -> AlertChange:
    """Name a step between levels; a rise from 0 begins a new alert, whose identity is its onset."""
    if step.previous == 0:
        state.onset_ms, state.changes = at_ms, 0
    state.changes += 1
    taken = replace(step, at_ms=at_ms, value=value)
    return _of_step(place, rule.id, rule.kind, taken, seq=state.changes, onset_ms=state.onset_ms)


def told(place: Place, rule: Rule, news: News, evidence: Sequence[Evidence] = ()) -> AlertChange:
    """A step of a rule as it is told; what is known long after its time says how old it is."""
    return of_news(place, rule.id, rule.kind, news, evidence)


def of_news(
    place: Place, rule: str, kind: Kind, news: News, evidence: Sequence[Evidence] = ()
) -> AlertChange:
    """The same of a rule that stands in no file: by its id and kind."""
    why = [*evidence, CORRECTION] if news.corrects else list(evidence)
    change = _of_step(place, rule, kind, news.step, seq=news.seq, onset_ms=news.onset_ms)
    return msgspec.structs.replace(change, evidence=why, late_s=news.late_s, over=news.over)


def _of_step(place: Place, rule: str, kind: Kind, step: Step, *, seq: int, onset_ms: int) -> AlertChange:
    return AlertChange(
        v=SCHEMA_VERSION,
        source=place.by,
        seq=seq,
        at=instant(step.at_ms),
        alert=identity(rule, place, onset_ms),
        rule=rule,
        kind=kind,
        station=place.station,
        parameter=place.parameter,
        change=verb(step),
        level=step.level,
        previous=step.previous,
        value=step.value,
        limit=step.limit,
        unit=place.unit,
    )


def unknown(what: Unknown, onset_ms: int, at_ms: int, span_s: float, *, over: bool = False) -> AlertChange:
    """The beginning (at its onset) or the end of not knowing; `span_s` is how long it has lasted, or the clock's offset."""
    return AlertChange(
        v=SCHEMA_VERSION,
        source=what.place.by,
        seq=2 if over else 1,
        at=instant(at_ms),
        alert=identity(what.rule, what.place, onset_ms),
        rule=what.rule,
        kind=what.kind,
        station=what.place.station,
        parameter=what.place.parameter,
        change=Change.CLEAR if over else Change.RAISE,
        level=0 if over else 1,
        previous=1 if over else 0,
        value=span_s,
        limit=what.limit_s,
        unit=what.place.unit,
        evidence=what.evidence,
        parameters=what.parameters,
    )


def identity(rule: str, place: Place, onset_ms: int) -> str:
    """`rule:station:parameter:onset`: event time only, so a replay makes the same identity."""
    onset = instant(onset_ms)
    return f"{rule}:{place.station}:{place.parameter}:{onset:%Y%m%dT%H%M%S}.{onset_ms % 1000:03d}Z"


def verb(step: Step) -> Change:
    """The word for a step between levels."""
    if step.previous == 0:
        return Change.RAISE
    if step.level == 0:
        return Change.CLEAR
    return Change.WORSE if step.level > step.previous else Change.BETTER


def instant(ms: int) -> datetime:
    """Milliseconds after the epoch as an instant."""
    return datetime.fromtimestamp(ms / 1000, UTC)
