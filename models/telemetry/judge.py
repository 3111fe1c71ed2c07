"""Judge a batch of raw records: check each, remember it, then apply the rules in the order of event time.

    RawBatch ── check ──┬── refused ───────────────> rejected
                        ├── seen before ───────────> duplicates
                        ├── beat ──────────────────> time of the partition
                        └── quality, memory ───────> observations, verdicts
                                │ what is new, by sensor and station, from its earliest reading on
                                └── rules ─────────> derived, changes, floods
Every record ends in exactly one of observations, rejected, duplicates, beats.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange
from models.alerting.history import LATE_MS
from models.catalogue.units import same_unit
from models.envelope.batch import RawBatch, complete_ms, rejected
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation, Reading
from models.envelope.refusal import MAX_BYTES, Refusal, too_big, unreadable
from models.quality import checks
from models.quality.clockwork import AHEAD_MS, DELAY_MS, FAR_MS
from models.telemetry import check, silence, ways
from models.telemetry.batch import Judged
from models.telemetry.canary import pass_over
from models.telemetry.clock import corrected, judge_clock
from models.telemetry.following import after_a_gap, follow, overtaken, pass_station, tick
from models.telemetry.out import Out
from models.telemetry.quality import flagged
from models.telemetry.seen import Novelty
from models.telemetry.sensor import Plan, Sensor, SensorState, Shard
from models.telemetry.site import site_state

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = "telemetry"
# An enum's member costs a lookup in its class each time: 30 ns, six times a reading.
_NEWEST = Novelty.NEWEST
CHUNK_MS = 12 * 3_600_000
"""A batch of a recording may span years, and a sensor remembers a day: what is new is judged at latest when it spans this."""


@lru_cache(maxsize=1)
def _instant(stamp_ms: int) -> datetime:
    """Records come in bursts of one millisecond: the last instant is often the next one too."""
    return datetime.fromtimestamp(stamp_ms / 1000, UTC)


def judge(plan: Plan, shard: Shard, batch: RawBatch) -> Judged:
    """Judge a batch of one partition against its memory `shard`, which is changed in place."""
    out = Out([], [], [], [], [], [], [], partition=batch.partition)
    max_bytes, decode, judge_one, now_ms = MAX_BYTES, check.decode, _judge_one, 0
    for offset, value, key, stamp in zip(
        batch.offsets, batch.values, batch.keys, batch.stamps_ms, strict=True
    ):
        if stamp > now_ms:
            now_ms = out.now_ms = stamp
        if len(value) > max_bytes:
            refusal: Refusal | None = too_big(len(value))
        else:
            try:
                reading = decode(value)
            except msgspec.MsgspecError as error:
                refusal = unreadable(value, error)
            except (UnicodeDecodeError, RecursionError) as error:
                refusal = unreadable(value, msgspec.DecodeError(str(error)))
            else:
                refusal = judge_one(plan, shard, reading, key, offset, stamp, out)
        if refusal is not None:
            out.rejected.append(rejected(NAME, batch, (offset, value, key, stamp), refusal))
    follow(plan, shard, out)
    pass_over(out)
    if batch.tick_ms is not None:
        out.now_ms = max(out.now_ms, batch.tick_ms)
        tick(plan, shard, batch.partition, batch.tick_ms, out)
    if len(out.changes) > 1:
        # In the order of what happened, not of the rules that said so.
        out.changes = overtaken(sorted(out.changes, key=lambda change: change.at))
    return Judged(
        batch.topic,
        batch.partition,
        batch.next_offset,
        len(batch.offsets) - out.beats,
        out.observations,
        out.origins,
        out.derived,
        out.changes,
        out.rejected,
        out.duplicates,
        out.verdicts,
        out.floods,
        out.withdrawn,
        out.beats,
        out.now_ms,
        out.heard,
        out.doubts,
        out.levels,
        bool(out.behind or out.late),
        complete_ms(batch),
    )


BATCH = 2000
"""Readings that a replay judges together, as the flow's source gives them."""


def judge_readings(
    plan: Plan, shard: Shard, readings: Iterable[tuple[Reading, int]], end_ms: int | None
) -> list[AlertChange]:
    """The changes that readings make, each with the moment (ms) at which it came; `end_ms`: then time passes until there.

    The judgement of the flow for those who have readings and no records: replays and figures. Refused ones are passed over.
    """
    found: list[AlertChange] = []
    source = iter(readings)
    while batch := list(islice(source, BATCH)):
        out = Out([], [], [], [], [], [], [])
        for i, (reading, stamp_ms) in enumerate(batch):
            out.now_ms = max(out.now_ms, stamp_ms)
            _judge_one(plan, shard, reading, None, i, stamp_ms, out)
        follow(plan, shard, out)
        found += sorted(out.changes, key=lambda change: change.at)
    if end_ms is not None:
        out = Out([], [], [], [], [], [], [], now_ms=end_ms)
        for station, sensors in plan.items():
            pass_station(station, sensors, shard, (end_ms, 0), out)
        found += sorted(out.changes, key=lambda change: change.at)
    return found


def _judge_one(
    plan: Plan, shard: Shard, reading: Reading, key: bytes | None, offset: int, stamp_ms: int, out: Out
) -> Refusal | None:
    """Check one decoded reading and add it to `out`, or say why not."""
    if reading.v != SCHEMA_VERSION:
        return check.wrong_version(reading)
    source = reading.source
    if key is not None and key != source.encode():
        return check.wrong_source(reading, key)
    station = plan.get(source)
    sensor = None if station is None else station.get(reading.parameter)
    if sensor is None:
        if station is not None:
            return check.unknown_parameter(reading)
        if not ways.is_beat(reading):
            return check.unknown_station(reading)
        out.beats += 1
        ways.beat(shard, reading, out.partition, out)
        return None
    return _timed(plan, sensor, shard, reading, offset, stamp_ms, out)


def _timed(
    plan: Plan, sensor: Sensor, shard: Shard, reading: Reading, offset: int, stamp_ms: int, out: Out
) -> Refusal | None:
    """Is it in the sensor's unit, and of a time at which it can have been measured?"""
    parameter = sensor.parameter
    if reading.unit != parameter.unit:
        if not same_unit(reading.unit, parameter.unit):
            return check.wrong_unit(reading, parameter)
        reading = msgspec.structs.replace(reading, unit=parameter.unit)
    sent_ms = round(reading.at.timestamp() * 1000) - sensor.offset_ms
    if -sensor.late_ms <= sent_ms - stamp_ms <= FAR_MS:
        return _remember(plan, sensor, shard, reading, (sent_ms, sent_ms), offset, stamp_ms, out)
    if reading.asked and 0 <= sent_ms < stamp_ms:
        _keep(sensor, reading, sent_ms, offset, stamp_ms, out)
        return None
    at_ms = corrected(shard, sensor, sent_ms, stamp_ms)
    if at_ms is None:
        return check.out_of_time(reading, sent_ms, stamp_ms, sensor.late_ms)
    return _remember(plan, sensor, shard, reading, (at_ms, sent_ms), offset, stamp_ms, out)


def _keep(sensor: Sensor, reading: Reading, at_ms: int, offset: int, stamp_ms: int, out: Out) -> None:
    """A reading too late for every judgement, which somebody asked for: it is stored, and its neighbours are not known any more."""
    flag = checks.gross_range(reading.value, sensor.parameter, sensor.quality)
    flag = Flag.UNKNOWN if flag is Flag.GOOD else flag
    out.origins.append(offset)
    out.observations.append(
        Observation(
            SCHEMA_VERSION, reading.source, reading.seq, _instant(at_ms), reading.parameter, reading.value, reading.unit,
            flag, _instant(stamp_ms),
        )
    )  # fmt: skip


def _remember(
    plan: Plan,
    sensor: Sensor,
    shard: Shard,
    reading: Reading,
    times: tuple[int, int],
    offset: int,
    stamp_ms: int,
    out: Out,
) -> Refusal | None:
    """Tell a duplicate from news; store the news with its flag, and note that its sensor has something new.

    `times`: when it was measured, and what the station said.
    """
    state = shard.get(sensor.key)
    if state is None:
        state = shard[sensor.key] = SensorState()
    at_ms, sent_ms = times
    value, touched, before_ms = reading.value, out.touched, state.silence.heard_ms
    low = touched.get(sensor.key)
    if low is not None and at_ms - low > CHUNK_MS:
        follow(plan, shard, out, sensor.station)
        low = None
    if stamp_ms > state.silence.heard_ms:
        _hear(plan, sensor, state, shard, at_ms, stamp_ms, out)
    novelty = state.seen.add(at_ms, value, sensor.span_ms)
    if novelty is Novelty.DUPLICATE:
        out.duplicates.append(offset)
        return None
    if novelty is Novelty.CONFLICT:
        # A clock that stepped back comes upon its own stamps: that it is wrong is told all the same.
        judge_clock(shard, sensor, state, sent_ms, stamp_ms, out)
        return check.conflict(reading)
    newest = novelty is _NEWEST
    if newest:
        delay_ms = stamp_ms - sent_ms
        state.delay_ms = max(delay_ms, 0)
        if delay_ms > LATE_MS:
            out.behind.add(sensor.key)
            # Its readings run faster than time; those of a slow clock, or of a sensor that is always behind, do not.
            known = state.seen.times
            step_ms = at_ms - known[-2] if len(known) > 1 else at_ms
            state.catching_up = step_ms > 2 * (stamp_ms - before_ms)
        if not -AHEAD_MS <= delay_ms < DELAY_MS or state.clockwork.odd or state.clockwork.alike:
            judge_clock(shard, sensor, state, sent_ms, stamp_ms, out)
    else:
        out.late.add(sensor.key)
    flag = flagged(sensor, state, reading, at_ms, newest=newest, doubted=at_ms != sent_ms, out=out)
    out.origins.append(offset)
    out.observations.append(
        Observation(
            SCHEMA_VERSION,
            reading.source,
            reading.seq,
            reading.at if at_ms == sent_ms and not sensor.offset_ms else _instant(at_ms),
            reading.parameter,
            value,
            reading.unit,
            flag,
            _instant(stamp_ms),
        )
    )
    if low is None or at_ms < low:
        touched[sensor.key] = at_ms
    return None


def _hear(
    plan: Plan, sensor: Sensor, state: SensorState, shard: Shard, at_ms: int, arrived_ms: int, out: Out
) -> None:
    """A sensor spoke, whatever it said: it is not silent, and was if its deadline had passed."""
    quiet, limit_ms = state.silence, sensor.parameter.silent_after_s * 1000
    # What was measured all the while and came together was held up on its way: nobody was silent.
    if (
        quiet.heard_ms
        and arrived_ms - quiet.heard_ms > limit_ms
        and at_ms - (state.seen.newest_ms or 0) > limit_ms
    ):
        after_a_gap(plan, sensor, shard, arrived_ms, out)
    quiet.heard_ms = arrived_ms
    if quiet.onset_ms:
        own, sensors = site_state(shard, sensor.station), plan[sensor.station]
        silence.heard(sensors, own, shard, sensor.parameter.code, arrived_ms, out)
