"""What carries readings to us says now and then that it lives; between two such beats time has passed for its stations.

A beat stands on the topic among the readings: all that came before it in the partition had come by then. So silence is judged
by what was read and carried, not by a clock on the wall: a bridge or a broker that was away is one outage of ours, and
nobody was silent while it lasted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.alert import AlertChange, Kind
from models.alerting.change import Place, Unknown, unknown
from models.envelope.partition import chosen, partition_of
from models.envelope.reading import BEAT, SCHEMA_VERSION, Reading
from models.telemetry.sensor import BRIDGE, INTAKE, SITE, SensorState, Way

if TYPE_CHECKING:
    from datetime import datetime

    from models.telemetry.out import Out
    from models.telemetry.sensor import Shard

NAME = "telemetry"
OUTAGE, PLATFORM = "outage", "platform"
"""The rule id of an outage of ours, and what stands in the place of a station."""
EVERY_S, PROMISE_S = 5.0, 120.0
"""A process gives a beat every five seconds, and promises the next within two minutes: a busy machine is no outage."""
REHEARSED_S = 86_400.0
"""Where the clock is a play's it goes in leaps that nobody can promise."""
KEY = (SITE, SITE)


def promise_s(clock: str) -> float:
    """What a process may promise by the clock that the setting names; 0: no beats, where only records carry time."""
    return {"system": PROMISE_S, "stream": 0.0}.get(clock, REHEARSED_S)


def beats(way: str, number: int, at: datetime, promise_s: float) -> list[tuple[int, Reading]]:
    """A beat for each partition: the `number`-th of this process, at its clock's `at`, the next within `promise_s` of that clock."""
    made = Reading(SCHEMA_VERSION, way, number, at, BEAT, promise_s, "s")
    return [(partition, made) for partition in range(chosen())]


def is_beat(reading: Reading) -> bool:
    """Whether it is no reading of a station but a beat."""
    return (
        reading.parameter == BEAT and reading.source in (BRIDGE, INTAKE) and 0 < reading.value <= REHEARSED_S
    )


def beat(shard: Shard, reading: Reading, partition: int, out: Out) -> None:
    """Take a beat of `reading.at`; after a pause that was too long the stations have till their limits from now on."""
    ways = _ways(shard)
    at_ms, promise_ms = round(reading.at.timestamp() * 1000), round(reading.value * 1000)
    own = ways.get(reading.source)
    if own is None:
        ways[reading.source] = Way(at_ms, promise_ms)
        return
    if at_ms <= own.beat_ms:
        return
    if at_ms - own.beat_ms > own.promise_ms:
        if partition == partition_of(PLATFORM):
            if not own.told:
                out.changes.append(_change(reading.source, own, own.beat_ms, over=False))
            out.changes.append(_change(reading.source, own, at_ms, over=True))
        own.back_ms, own.told = at_ms, False
    own.beat_ms, own.promise_ms = at_ms, promise_ms


def missed(shard: Shard, partition: int, tick_ms: int, out: Out) -> None:
    """Nothing more is to be read and it is `tick_ms`: tell a way that gives no beat."""
    for name, own in _known(shard).items():
        if not own.told and tick_ms - own.beat_ms > own.promise_ms:
            own.told = True
            if partition == partition_of(PLATFORM):
                out.changes.append(_change(name, own, tick_ms, over=False))


def time_of(shard: Shard, way: str, tick_ms: int) -> tuple[int, int]:
    """Up to when the stations of a way were heard of, and since when without a pause of ours (ms); no beats: the tick, 0."""
    own = _known(shard).get(way)
    return (tick_ms, 0) if own is None else (min(tick_ms, own.beat_ms), own.back_ms)


def _ways(shard: Shard) -> dict[str, Way]:
    state = shard.get(KEY)
    if state is None:
        state = shard[KEY] = SensorState()
    return state.ways


def _known(shard: Shard) -> dict[str, Way]:
    state = shard.get(KEY)
    return {} if state is None else state.ways


def _change(name: str, own: Way, at_ms: int, *, over: bool) -> AlertChange:
    """The beginning or the end of an outage; its onset is the last beat, which every replay shows alike."""
    what = Unknown(Place(NAME, PLATFORM, name, "s"), OUTAGE, Kind.OUTAGE, own.promise_ms / 1000)
    begun_ms = own.beat_ms
    return unknown(what, begun_ms, at_ms if over else begun_ms, (at_ms - begun_ms) / 1000, over=over)
