"""Check and judge what the stations send.

    readings ── rouse ── judge ──┬── observations ──> observations
    (Kafka)              (memory ├── changes ───────> alerts
                         of each ├── rejected ──────> rejected
                         sensor) ├── reports ───────> testimony
                                 └── everything ────> store (TimescaleDB, with the source offsets)

What no partition sees alone, the witnesses of a flood, neighbouring sensors and a lost link, is heard by the flow places from the topic
`testimony`. Silences are told there, not on `alerts`: an outage of the link comes before the silences that follow from it.

State: per station, a day of its readings, levels, silence; of the partition, when what carries readings was last heard.
A process may own some partitions only (production).
Delivery: the store exactly once, the topics at least once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic

from connectors import snapshots
from models.envelope.batch import RawBatch
from models.envelope.ownership import WHOLE, Ownership
from models.envelope.partition import partition_of
from models.envelope.rejected import for_topic
from models.places.report import Reporter, picked, without_silences
from models.telemetry.batch import Judged
from models.telemetry.memory import TURNS, Kept, Partition, Wake, kept, remember, restore, spoke

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record
    from models.places.scene import Scene
    from models.telemetry.sensor import Plan, Shard

Item = tuple[str, Judged]


class _Memory(StatefulBatchLogic["RawBatch | Wake", Judged, bytes]):
    """The memory of a partition around the pure `judge`, or one of its stations: what was awake is kept.

    All share `memories`, so they belong into one process with one worker. Bytewax (0.21, src/operators.rs) gives all
    snapshots back before the first batch, and asks for them after the last batch of an epoch.
    """

    def __init__(
        self,
        plan: Plan,
        known: Mapping[bytes, str],
        memories: dict[int, Partition],
        snapshot: bytes | None,
    ) -> None:
        self._plan, self._known, self._memories = plan, known, memories
        self._place: tuple[int, str | None] = (0, None)
        if snapshot:
            found = _kept(snapshots.loads(snapshot))
            self._place = found.partition, found.station
            restore(memories.setdefault(found.partition, Partition()), found)

    def on_batch(self, values: list[RawBatch | Wake]) -> tuple[Iterable[Judged], bool]:
        told = []
        for value in values:
            memory = self._memories.setdefault(value.partition, Partition())
            if isinstance(value, Wake):
                self._place = value
                memory.touched.discard(value.station)
            else:
                self._place = value.partition, None
                told.append(remember(self._plan, self._known, memory, value))
        return told, False

    def snapshot(self) -> bytes:
        partition, station = self._place
        found = kept(self._plan, self._memories[partition], partition, station)
        return snapshots.dumps(tuple(found))


def _kept(found: tuple[int, str | None, Shard] | Shard) -> Kept:
    if isinstance(found, tuple):
        return Kept(*found)
    # Up to 0.5 a partition was kept whole: its stations move to keys of their own by turns.
    return Kept(partition_of(next(iter(found))[0]) if found else 0, None, found)


def _rouse(
    known: Mapping[bytes, str], memories: Mapping[int, Partition], items: list[tuple[str, RawBatch]]
) -> Iterable[tuple[str, RawBatch | Wake]]:
    """Each batch, and with it the stations to keep: those that speak in it, and some of the touched."""
    for key, batch in items:
        yield key, batch
        waking = spoke(known, batch)
        if batch.tick_ms is not None and batch.partition in memories:
            waking |= set(islice(memories[batch.partition].touched, TURNS))
        for station in waking:
            yield f"{key}/{station}", Wake(batch.partition, station)


def build(
    readings: Source[tuple[str, RawBatch]],
    observations: Sink[Item],
    alerts: Sink[Item],
    rejected: Sink[Item],
    store: Sink[Item] | None,
    plan: Plan,
    testimony: Sink[Item] | None = None,
) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends. Without `testimony` nobody hears the reports."""
    flow = Dataflow("telemetry")

    raw = op.input("readings", flow, readings)
    # ("1", RawBatch(partition=1, values=[b'{"v":1,"source":"phu-oc",...}', ...]))

    memories: dict[int, Partition] = {}
    known = {station.encode(): station for station in plan}
    waking = op.flat_map_batch("rouse", raw, partial(_rouse, known, memories))
    # ("1", RawBatch(...)), ("1/phu-oc", Wake(partition=1, station="phu-oc"))

    judged = op.stateful_batch("judge", waking, lambda snapshot: _Memory(plan, known, memories, snapshot))
    # ("1", Judged(observations=[...], changes=[...], rejected=[...]))

    if testimony is not None:
        op.output("testimony", judged, testimony)
    op.output("alerts", judged, alerts)
    op.output("observations", judged, observations)
    op.output("rejected", judged, rejected)
    if store is not None:
        op.output("store", judged, store)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_observations(judged: Judged) -> Iterable[Record]:
    """One record an observation, keyed by station."""
    return [(observation.source.encode(), _encode(observation)) for observation in judged.observations]


def encode_changes(judged: Judged) -> Iterable[Record]:
    """One record a change of an alert, keyed by station; silences are told by the flow places."""
    changes = without_silences(judged).changes if judged.changes else ()
    return [(change.station.encode(), _encode(change)) for change in changes]


class EncodeTestimony:
    """One record a batch, keyed by its partition; none where it says nothing new."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._reporter = scene, Reporter()

    def __call__(self, judged: Judged) -> Iterable[Record]:
        report = picked(self._scene, judged)
        if not self._reporter.worth_telling(report):
            return []
        return [(str(report.partition).encode(), _encode(report))]


def encode_rejected(judged: Judged) -> Iterable[Record]:
    """One record a refused message, under its own key."""
    return [(one.key, _encode(for_topic(one))) for one in judged.rejected]


def same_partition(judged: Judged) -> int:
    """Results stay in the partition of their readings, in their order."""
    return judged.partition


def production(owner: Ownership = WHOLE) -> Dataflow:
    """Plug in the real ends, for the partitions of `owner`. Start: phusa run telemetry [--shard 1/2]."""
    from connectors import clock
    from connectors.commune import load
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings
    from connectors.settings import settings
    from connectors.timescale.sink import telemetry_sink
    from models.commune.canary import with_canary
    from models.places.scene import scene
    from models.telemetry.plan import plan

    own = settings()

    def topic(
        name: str, encode: Callable[[Judged], Iterable[Record]], place: Callable[[Judged], int] | None
    ) -> Sink[Item]:
        return KafkaSink(KafkaSinkSettings(own.bootstrap, name), encode, place)

    source = KafkaSourceSettings(
        own.bootstrap, "readings", "phusa-telemetry", clock=clock.from_setting(own.clock), owner=owner
    )
    return build(
        KafkaSource(source),
        topic("observations", encode_observations, same_partition),
        topic("alerts", encode_changes, same_partition),
        topic("rejected", encode_rejected, None),
        telemetry_sink(own.dsn("writer"), flow="telemetry"),
        plan(with_canary(load(own.commune)), own.late_s),
        topic("testimony", EncodeTestimony(scene(load(own.commune))), same_partition),
    )
