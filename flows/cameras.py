"""Watch what the cameras send.

    frames ── watch ──┬── observations ──> observations
    (Kafka)  (memory  ├── changes ───────> alerts
              of each ├── rejected ──────> rejected
              camera) └── everything ────> store (TimescaleDB, with the source offsets)

State: per partition, each camera's last pictures (small and grey), its own view as it learned it, counts, levels, silence.
Delivery: the store exactly once, the topics at least once. A backlog is skipped, and counted as dropped.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic

from flows import snapshots
from models.rejected import for_topic
from models.telemetry.batch import RawBatch
from models.vision.batch import Eyes, Seen
from models.vision.memory import Plan, Shard, plan, restored
from models.vision.watch import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record

Item = tuple[str, Seen]
BATCH = 64
"""Frames a poll: 64 of 0.3 MB are 20 MB, and enough to keep both cores busy."""
MAX_LAG = 240
"""A partition with more frames waiting goes on at its newest: four frames/s of 10 cameras are 6 s of them."""


class _Memory(StatefulBatchLogic[RawBatch, Seen, bytes]):
    """The memory of one partition around the pure `watch`."""

    def __init__(self, plan: Plan, eyes: Eyes, snapshot: bytes | None) -> None:
        self._plan, self._eyes = plan, eyes
        self._shard: Shard = restored(snapshots.read(snapshot)) if snapshot else {}

    def on_batch(self, values: list[RawBatch]) -> tuple[Iterable[Seen], bool]:
        return [watch(self._plan, self._shard, self._eyes, batch) for batch in values], False

    def snapshot(self) -> bytes:
        # Bytes, not the object: Bytewax may pickle after the next batch has changed it.
        return pickle.dumps(self._shard, protocol=5)


def build(
    frames: Source[tuple[str, RawBatch]],
    observations: Sink[Item],
    alerts: Sink[Item],
    rejected: Sink[Item],
    store: Sink[Item] | None,
    plan: Plan,
    eyes: Eyes,
) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends."""
    flow = Dataflow("cameras")

    raw = op.input("frames", flow, frames)
    # ("1", RawBatch(partition=1, values=[Frame(source="cho-quang-tho", sealed=...), ...]))

    seen = op.stateful_batch("watch", raw, lambda snapshot: _Memory(plan, eyes, snapshot))
    # ("1", Seen(observations=[people/san-cho: 17], changes=[...], still=[...]))

    op.output("alerts", seen, alerts)
    op.output("observations", seen, observations)
    op.output("rejected", seen, rejected)
    if store is not None:
        op.output("store", seen, store)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_observations(seen: Seen) -> Iterable[Record]:
    """One record a zone and frame, keyed by camera."""
    return [(one.source.encode(), _encode(one)) for one in seen.observations]


def encode_changes(seen: Seen) -> Iterable[Record]:
    """One record a change of an alert, keyed by camera."""
    return [(one.station.encode(), _encode(one)) for one in seen.changes]


def encode_rejected(seen: Seen) -> Iterable[Record]:
    """One record a refused frame, still sealed, under its own key."""
    return [(one.key, _encode(for_topic(one))) for one in seen.rejected]


def same_partition(seen: Seen) -> int:
    """Results stay in the partition of their frames, in their order."""
    return seen.partition


def production() -> Dataflow:
    """Plug in the real ends. Start: phusa run cameras."""
    from connectors import clock
    from connectors.cameras.eyes import eyes
    from connectors.commune import load
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings
    from connectors.sealing import Seal, key
    from connectors.settings import settings
    from connectors.timescale.pictures import camera_sink
    from connectors.weights import resolve
    from models.vision.load import load as load_detector

    own = settings()

    def topic(
        name: str, encode: Callable[[Seen], Iterable[Record]], place: Callable[[Seen], int] | None
    ) -> Sink[Item]:
        return KafkaSink(KafkaSinkSettings(own.bootstrap, name), encode, place)

    now = clock.from_setting(own.clock)
    # History has no lag: every frame of a recording is worth a look.
    lag = None if now is None else MAX_LAG
    source = KafkaSourceSettings(
        own.bootstrap, "frames", "phusa-cameras", batch=BATCH, clock=now, max_lag=lag
    )
    detector = load_detector(resolve(own.weights, own.var / "weights"))
    return build(
        KafkaSource(source),
        topic("observations", encode_observations, same_partition),
        topic("alerts", encode_changes, same_partition),
        topic("rejected", encode_rejected, None),
        camera_sink(own.dsn("writer")),
        plan(load(own.commune)),
        eyes(Seal(key(own.secrets_dir, "frames")), detector, own.vision_threads),
    )
