"""Silence of a station: one alert for all of its parameters that are missed, told once and ended once.

It is judged by when readings came, so that a clock that is slow is not silent; and by the time up to which the partition
was read and carried to us, so that an outage of ours makes nobody silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.alert import AlertChange, Kind
from models.alerting.change import Place, Unknown, unknown
from models.catalogue.kinds import SILENCE
from models.telemetry.sensor import Spell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.telemetry.out import Out
    from models.telemetry.sensor import Sensor, Shard, SiteState

NAME = "telemetry"
WHOLE = "station"
"""In the place of a parameter's code: the station as a whole."""
CALM_MS = 6 * 3_600_000
"""A silence that comes back sooner is the same trouble: its end is told only when the station has spoken for as long again."""
MISSED = 2.5
"""Intervals after which a parameter is missing beside others that are."""


def missed(
    sensors: Mapping[str, Sensor], state: SiteState, shard: Shard, now_ms: int, back_ms: int, out: Out
) -> int | None:
    """It is `now_ms`: tell what has been missed for too long; when the next deadline is.

    `back_ms` ends the last outage of ours: nothing is missed from before it.
    """
    told = {code for spell in state.spells for code in spell.codes}
    overdue, following = [], None
    for code, sensor in sensors.items():
        own = shard.get(sensor.key)
        if own is None or code in told or not own.silence.heard_ms:
            continue
        deadline_ms = max(own.silence.heard_ms, back_ms) + sensor.parameter.silent_after_s * 1000
        if deadline_ms < now_ms:
            overdue.append((deadline_ms, code))
        elif following is None or deadline_ms < following:
            following = deadline_ms
    if overdue:
        onset_ms, first = min(overdue)
        codes = [first, *(code for code in _missing(sensors, shard, now_ms, told) if code != first)]
        _begin(sensors, state, shard, onset_ms, codes, out)
    return following


def _missing(sensors: Mapping[str, Sensor], shard: Shard, now_ms: int, told: set[str]) -> list[str]:
    """What is not heard of at `now_ms`, though its own deadline may still lie ahead."""
    found = []
    for code, sensor in sensors.items():
        own = shard.get(sensor.key)
        if code not in told and own is not None and own.silence.heard_ms:
            parameter = sensor.parameter
            # What never spoke is missed at its own limit: it may not have been connected yet.
            after_s = parameter.silent_after_s
            if own.seen.times:
                after_s = min(after_s, round(MISSED * parameter.interval_s))
            if now_ms - own.silence.heard_ms > after_s * 1000:
                found.append(code)
    return found


def _begin(
    sensors: Mapping[str, Sensor], state: SiteState, shard: Shard, onset_ms: int, codes: list[str], out: Out
) -> None:
    never = all(not shard[sensors[code].key].seen.times for code in codes)
    spell = Spell(onset_ms, codes, never)
    state.spells.append(spell)
    for code in codes:
        shard[sensors[code].key].silence.onset_ms = onset_ms
    limit_s = float(sensors[codes[0]].parameter.silent_after_s)
    out.changes.append(_change(sensors[codes[0]].station, spell, onset_ms, limit_s, limit_s, over=False))


def heard(
    sensors: Mapping[str, Sensor], state: SiteState, shard: Shard, code: str, arrived_ms: int, out: Out
) -> None:
    """A reading of `code` came: of a silence that it ends, the end is told when all that was missed is back."""
    for spell in list(state.spells):
        if code not in spell.codes:
            continue
        spell.back.setdefault(code, arrived_ms)
        gone = [code for code in spell.codes if code not in sensors]
        since = [spell.back.get(code) for code in spell.codes if code not in gone]
        if None in since:
            continue
        begun_ms = max(one for one in since if one is not None)
        if arrived_ms - begun_ms >= _patience(sensors, state, spell):
            _end(sensors, state, shard, spell, arrived_ms, out)


def _patience(sensors: Mapping[str, Sensor], state: SiteState, spell: Spell) -> int:
    """How long it must be heard before its silence is over: at once, but longer each time that it comes and goes."""
    recent = sum(spell.onset_ms - one < CALM_MS for one in state.calmed)
    longest = max(
        (sensors[code].parameter.silent_after_s for code in spell.codes if code in sensors), default=0
    )
    return min(CALM_MS, longest * 1000 * 2 ** (recent - 1)) if recent else 0


def _end(
    sensors: Mapping[str, Sensor], state: SiteState, shard: Shard, spell: Spell, at_ms: int, out: Out
) -> None:
    state.spells.remove(spell)
    for code in spell.codes:
        if code in sensors:
            shard[sensors[code].key].silence.onset_ms = 0
    state.calmed = [*(one for one in state.calmed if at_ms - one < CALM_MS), at_ms]
    first = next((code for code in spell.codes if code in sensors), None)
    limit_s = float(sensors[first].parameter.silent_after_s) if first is not None else 0.0
    station = next(iter(sensors.values())).station
    lasted_s = 0.0 if spell.never else (at_ms - spell.onset_ms) / 1000 + limit_s
    out.changes.append(_change(station, spell, at_ms, lasted_s, limit_s, over=True))


def gap(
    sensors: Mapping[str, Sensor],
    state: SiteState,
    shard: Shard,
    code: str,
    now_ms: int,
    back_ms: int,
    out: Out,
) -> None:
    """A reading came after its deadline and no tick had shown that: the silence is told, and over unless more is missed."""
    known = any(code in spell.codes for spell in state.spells)
    for spell in state.spells:
        if code in spell.back:
            del spell.back[code]  # it spoke, and fell silent again
    if not known:
        missed(sensors, state, shard, now_ms, back_ms, out)


def partly(sensors: Mapping[str, Sensor], state: SiteState, shard: Shard, now_ms: int, out: Out) -> None:
    """Of a station that is back but for some parameters, the silence goes on of those alone."""
    for spell in list(state.spells):
        back = [code for code in spell.codes if code in spell.back]
        left = [code for code in spell.codes if code not in spell.back and code in sensors]
        if not back or not left:
            continue
        longest_ms = max(sensors[code].parameter.silent_after_s for code in left) * 1000
        if now_ms - min(spell.back.values()) < longest_ms:
            continue
        _end(sensors, state, shard, spell, now_ms, out)
        rest = Spell(now_ms, left, spell.never)
        state.spells.append(rest)
        for code in left:
            shard[sensors[code].key].silence.onset_ms = now_ms
        limit_s = float(sensors[left[0]].parameter.silent_after_s)
        lasted_s = (now_ms - spell.onset_ms) / 1000 + limit_s
        out.changes.append(_change(sensors[left[0]].station, rest, now_ms, lasted_s, limit_s, over=False))


def _change(
    station: str, spell: Spell, at_ms: int, lasted_s: float, limit_s: float, *, over: bool
) -> AlertChange:
    place = Place(NAME, station, WHOLE, "s")
    what = Unknown(place, SILENCE, Kind.SILENT, limit_s, parameters=spell.codes)
    return unknown(what, spell.onset_ms, at_ms, lasted_s, over=over)
