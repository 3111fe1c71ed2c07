"""What 10,000 stations of 12 sensors cost in memory and at a snapshot, a day into their readings of every five minutes.

`python -m infra.lab.measure.state [STATIONS [SECONDS]]` fills a recovery store as a day would have, lets the telemetry flow take it back, and
plays it SECONDS of readings: of stations that send at any time of the five minutes, all within a minute, or all in one second. A pause is
how long the flow asks its source for nothing around the end of an epoch; a plain loop cannot have one.
"""

from __future__ import annotations

import os
import pickle
import resource
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow
from bytewax.inputs import DynamicSource, StatelessSourcePartition
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig
from bytewax.run import cli_main

from connectors.recovery.store import make
from flows.telemetry import Item, build
from models.commune.configuration import Commune, Parameter, Station
from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS, partition_of
from models.envelope.reading import SCHEMA_VERSION, Reading
from models.envelope.refusal import LATE_MS
from models.quality.trust import DAYS, day_of
from models.telemetry.memory import Kept
from models.telemetry.plan import plan
from models.telemetry.seen import SLACK
from models.telemetry.sensor import Plan, SensorState, Shard
from models.telemetry.site import site_state

if TYPE_CHECKING:
    from bytewax.inputs import Source

SENSORS, INTERVAL_S = 12, 300
DAY_END_MS = 1_790_000_000_000 // 300_000 * 300_000
EPOCH = timedelta(seconds=1)
SPREADS_S = (300, 60, 1)
QUIET_S = 5
"""Before the first reading, so that the restore is seen alone."""
CODES = [f"thong-so-{i}" for i in range(SENSORS)]


def names(stations: int) -> list[str]:
    """Ids of the stations."""
    return [f"tram-{i}" for i in range(stations)]


def laid_out(stations: int) -> Plan:
    """The plan of stations without rules: memory and snapshots are the same with them, but for a few levels."""
    own = [Parameter(code, "1", -1e9, 1e9, INTERVAL_S, 1800) for code in CODES]
    return plan(Commune([], [], [Station(name, name, [], own) for name in names(stations)], [], []))


def day(station: str) -> Kept:
    """What a station's snapshot holds when every sensor remembers as much as it ever may."""
    held = round(SLACK * LATE_MS / INTERVAL_S / 1000)
    states: Shard = {}
    for code in CODES:
        one = states[station, code] = SensorState()
        one.seen.times = array("q", (DAY_END_MS - (held - i) * INTERVAL_S * 1000 for i in range(held)))
        one.seen.values = array("d", (i / 7 for i in range(held)))
        one.seen.marks = bytearray(b"\x01" * held)
        one.silence.heard_ms = one.doubt.heard_ms = DAY_END_MS
        one.closed_ms = DAY_END_MS
        own_day = day_of(DAY_END_MS)
        one.trust.day, one.trust.good, one.trust.heard = own_day, 100.0, 100
        one.trust.days = {own_day - i: (288.0, 288) for i in range(1, DAYS + 1)}
    site_state(states, station).heard_ms = DAY_END_MS
    return Kept(partition_of(station), station, states)


class _Fill(StatefulBatchLogic[str, Any, bytes]):
    def on_batch(self, values: list[str]) -> tuple[Iterable[Any], bool]:
        self.station = values[0]
        return [], False

    def snapshot(self) -> bytes:
        return pickle.dumps(tuple(day(self.station)), protocol=5)


class _Once(StatelessSourcePartition[Any]):
    def __init__(self, items: Iterator[list[Any]]) -> None:
        self._items = items

    def next_batch(self) -> list[Any]:
        return next(self._items)


class Timed(DynamicSource[Any]):
    """Batches from an iterator; `asked` are the times at which each was asked for."""

    def __init__(self, items: Iterator[list[Any]]) -> None:
        self._items = items

    def build(self, _step: str, _worker: int, _workers: int) -> _Once:
        return _Once(self._items)


class _Nothing(StatelessSinkPartition[Any]):
    def write_batch(self, items: list[Any]) -> None:
        """Take them."""


class Nowhere(DynamicSink[Any]):
    """A sink that costs nothing."""

    def build(self, _step: str, _worker: int, _workers: int) -> _Nothing:
        return _Nothing()


def fill(stations: int, state: Path) -> None:
    """Write the recovery store, a hundred stations an epoch so that it fits into memory."""

    def items() -> Iterator[list[tuple[str, str]]]:
        own = names(stations)
        for first in range(0, stations, 100):
            yield [(f"{partition_of(name)}/{name}", name) for name in own[first : first + 100]]

    flow = Dataflow("telemetry")
    raw = op.input("readings", flow, Timed(items()))
    op.output("store", op.stateful_batch("judge", raw, lambda _: _Fill()), Nowhere())
    cli_main(flow, epoch_interval=timedelta(0), recovery_config=_recovery(state))  # type: ignore[no-untyped-call]


def _recovery(state: Path) -> RecoveryConfig:
    return RecoveryConfig(str(state), backup_interval=timedelta(0))  # type: ignore[no-untyped-call]


def live(stations: int, spread_s: int, seconds: int, gaps: list[tuple[float, float]]) -> Iterator[list[Item]]:
    """Readings as they would come, batch by batch; into `gaps` (when, s between giving a batch and being asked for the next)."""
    own, encode = names(stations), msgspec.json.Encoder().encode
    offsets = [0] * PARTITIONS
    start = asked = time.perf_counter()
    sent, due_all = 0, min(stations, round(stations * seconds / spread_s))
    while asked - start < seconds:
        due = min(due_all, int(max(asked - start - QUIET_S, 0) * stations / spread_s))
        found = _batches(own[sent : max(due, sent)], offsets, encode)
        sent = max(due, sent)
        given = time.perf_counter()
        yield found  # type: ignore[misc]
        asked = time.perf_counter()
        gaps.append((asked - start, asked - given))
        if not found:
            time.sleep(0.002)
            asked = time.perf_counter()


def _batches(stations: list[str], offsets: list[int], encode: Any) -> list[tuple[str, RawBatch]]:
    found = []
    for partition in range(PARTITIONS):
        own = [station for station in stations if partition_of(station) == partition]
        values = [
            encode(
                Reading(
                    SCHEMA_VERSION, one, 1, datetime.fromtimestamp(DAY_END_MS / 1000, UTC), code, 1.5, "1"
                )
            )
            for one in own
            for code in CODES
        ]
        if values:
            first = offsets[partition]
            offsets[partition] += len(values)
            found.append(
                (
                    str(partition),
                    RawBatch(
                        "readings", partition, list(range(first, offsets[partition])), values,
                        [one.encode() for one in own for _ in CODES], [DAY_END_MS] * len(values), offsets[partition],
                    ),
                )
            )  # fmt: skip
    return found


def main() -> None:
    """Print bytes and seconds."""
    stations = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        make(state)
        fill(stations, state)
        on_disk = sum(one.stat().st_size for one in state.iterdir())
        print(f"{stations} stations x {SENSORS} sensors: {on_disk / 2**20:.0f} MiB on disk")
        for spread_s in SPREADS_S:
            process = os.fork()
            if not process:
                watched(stations, spread_s, seconds, state)
                os._exit(0)
            os.waitpid(process, 0)


def watched(stations: int, spread_s: int, seconds: int, state: Path) -> None:
    """Take the store back, play, and print the pauses of each second."""
    gaps: list[tuple[float, float]] = []
    source: Source[Any] = Timed(live(stations, spread_s, seconds, gaps))
    flow = build(source, Nowhere(), Nowhere(), Nowhere(), None, laid_out(stations))
    cli_main(flow, epoch_interval=EPOCH, recovery_config=_recovery(state))  # type: ignore[no-untyped-call]
    restored = max(gap for when, gap in gaps if when - gap < 1)
    worst: dict[int, float] = {}
    for when, gap in gaps:
        if when >= QUIET_S:
            worst[int(when)] = max(worst.get(int(when), 0), 1000 * gap)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20
    )
    print(
        f"| {stations} within {spread_s} s | {held:.0f} MiB | {peak:.0f} MiB | {restored:.1f} s "
        f"| {statistics.median(worst.values()):.0f} ms | {max(worst.values()):.0f} ms |",
        flush=True,
    )


if __name__ == "__main__":
    main()
