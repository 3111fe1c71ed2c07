"""Judge a batch of raw records: check each, remember it, apply the rules.

    RawBatch ── check ──┬── refused ───────────────> rejected
                        ├── seen before ───────────> duplicates
                        └── quality ── rules ──────> observations, verdicts, derived, changes

Every record ends in exactly one of observations, rejected, duplicates.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from models.catalogue.units import same_unit
from models.telemetry import check
from models.telemetry.batch import Judged, RawBatch, rejected
from models.telemetry.consequence import Out, pass_time, watch
from models.telemetry.partition import partition_of
from models.telemetry.quality import flagged, usable
from models.telemetry.reading import SCHEMA_VERSION, Observation, Reading, Status
from models.telemetry.seen import Novelty
from models.telemetry.sensor import Plan, Sensor, SensorState, Shard
from models.telemetry.site import follow, pass_hours

NAME = "telemetry"
# An enum's member costs a lookup in its class each time: 30 ns, six times a reading.
_NEWEST = Novelty.NEWEST
_CALIBRATING = Status.CALIBRATING


@lru_cache(maxsize=1)
def _instant(stamp_ms: int) -> datetime:
    """Records come in bursts of one millisecond: the last instant is often the next one too."""
    return datetime.fromtimestamp(stamp_ms / 1000, UTC)


def judge(plan: Plan, shard: Shard, batch: RawBatch) -> Judged:
    """Judge a batch of one partition against its memory `shard`, which is changed in place."""
    out = Out([], [], [], [], [], [], [])
    max_bytes, decode, judge_one = check.MAX_BYTES, check.decode, _judge_one
    for offset, value, key, stamp in zip(
        batch.offsets, batch.values, batch.keys, batch.stamps_ms, strict=True
    ):
        if len(value) > max_bytes:
            refusal: check.Refusal | None = check.too_big(len(value))
        else:
            try:
                reading = decode(value)
            except msgspec.MsgspecError as error:
                refusal = check.unreadable(value, error)
            except (UnicodeDecodeError, RecursionError) as error:
                refusal = check.unreadable(value, msgspec.DecodeError(str(error)))
            else:
                refusal = judge_one(plan, shard, reading, key, offset, stamp, out)
        if refusal is not None:
            out.rejected.append(rejected(NAME, batch, (offset, value, key, stamp), refusal))
    if batch.tick_ms is not None:
        _tick(plan, shard, batch.partition, batch.tick_ms, out)
    return Judged(
        batch.topic,
        batch.partition,
        batch.next_offset,
        len(batch.offsets),
        out.observations,
        out.origins,
        out.derived,
        out.changes,
        out.rejected,
        out.duplicates,
        out.verdicts,
        out.floods,
    )


def _judge_one(
    plan: Plan, shard: Shard, reading: Reading, key: bytes | None, offset: int, stamp_ms: int, out: Out
) -> check.Refusal | None:
    """Check one decoded reading and add it to `out`, or say why not."""
    if reading.v != SCHEMA_VERSION:
        return check.wrong_version(reading)
    source = reading.source
    if key is not None and key != source.encode():
        return check.wrong_source(reading, key)
    station = plan.get(source)
    if station is None:
        return check.unknown_station(reading)
    sensor = station.get(reading.parameter)
    if sensor is None:
        return check.unknown_parameter(reading)
    parameter = sensor.parameter
    if reading.unit != parameter.unit:
        if not same_unit(reading.unit, parameter.unit):
            return check.wrong_unit(reading, parameter)
        reading = msgspec.structs.replace(reading, unit=parameter.unit)
    at_ms = round(reading.at.timestamp() * 1000)
    ahead_ms = at_ms - stamp_ms
    if ahead_ms > check.FUTURE_MS or (ahead_ms < -check.LATE_MS and not reading.asked):
        return check.out_of_time(reading, at_ms, stamp_ms)
    return _remember(sensor, shard, reading, at_ms, offset, stamp_ms, out)


def _remember(
    sensor: Sensor,
    shard: Shard,
    reading: Reading,
    at_ms: int,
    offset: int,
    stamp_ms: int,
    out: Out,
) -> check.Refusal | None:
    """Tell a duplicate from news; store the news with its flag and let the rules see what may be used."""
    state = shard.get(sensor.key)
    if state is None:
        state = shard[sensor.key] = SensorState()
    value = reading.value
    novelty = state.seen.add(at_ms, value, sensor.span_ms)
    if novelty is not _NEWEST:
        if novelty is Novelty.DUPLICATE:
            out.duplicates.append(offset)
            return None
        if novelty is Novelty.CONFLICT:
            return check.conflict(reading)
    newest = novelty is _NEWEST
    flag = flagged(sensor, state, reading, at_ms, stamp_ms, newest=newest, out=out)
    good = usable(
        sensor, state, at_ms, flag, newest=newest, out=out, calibrating=reading.status == _CALIBRATING
    )
    out.origins.append(offset)
    out.observations.append(
        Observation(
            SCHEMA_VERSION,
            reading.source,
            reading.seq,
            reading.at,
            reading.parameter,
            value,
            reading.unit,
            flag,
            _instant(stamp_ms),
        )
    )
    watch(sensor, state, at_ms, stamp_ms, value, good=good, newest=newest, out=out)
    if sensor.site is not None and good:
        follow(sensor.site, shard, sensor, at_ms, stamp_ms, value, newest=newest, out=out)
    return None


def _tick(plan: Plan, shard: Shard, partition: int, now_ms: int, out: Out) -> None:
    """Let time pass: close hours, tell silence, also of stations that never spoke."""
    for station, sensors in plan.items():
        if partition_of(station) != partition:
            continue
        for code, sensor in sensors.items():
            state = shard.get((station, code))
            if state is None:
                state = shard[station, code] = SensorState()
            state.silence.heard_ms = state.silence.heard_ms or now_ms
            pass_time(sensor, state, now_ms, out)
        site = next((one.site for one in sensors.values() if one.site is not None), None)
        if site is not None:
            pass_hours(site, shard, now_ms, out)
