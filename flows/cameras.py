"""Watch what the cameras send.

    frames ── watch ──┬── observations ──> observations
    (Kafka)  (memory  ├── changes ───────> alerts
              of each ├── rejected ──────> rejected
              camera) ├── reports ───────> testimony (where a camera is a witness of a place)
                      └── everything ────> store (TimescaleDB, with the source offsets)
    teaching (TimescaleDB, asked every 5 s) ── what each camera was taught of its place ──> watch

State: per partition, each camera's last pictures (small and grey), its own view as it learned it, counts, levels, silence.
Delivery: the store exactly once, the topics at least once. A backlog is skipped, and counted as dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic

from connectors import snapshots
from models.cameras.batch import Eyes, JudgedFrames
from models.cameras.memory import Plan, Shard, plan, restored
from models.cameras.watch import watch
from models.envelope.batch import RawBatch
from models.envelope.ownership import WHOLE, Ownership
from models.envelope.rejected import for_topic
from models.places.report import Reporter, seen_by_cameras

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record
    from models.places.scene import Scene

Item = tuple[str, JudgedFrames]
BATCH = 64
"""Frames a poll: 64 of 0.3 MB are 20 MB, and enough to keep both cores busy."""
MAX_LAG = 240
"""A partition with more frames waiting goes on at its newest: four frames/s of 10 cameras are 6 s of them."""


class _Memory(StatefulBatchLogic[RawBatch, JudgedFrames, bytes]):
    """The memory of one partition around the pure `watch`."""

    def __init__(self, plan: Plan, eyes: Eyes, snapshot: bytes | None) -> None:
        self._plan, self._eyes = plan, eyes
        self._shard: Shard = restored(snapshots.loads(snapshot)) if snapshot else {}

    def on_batch(self, values: list[RawBatch]) -> tuple[Iterable[JudgedFrames], bool]:
        return [watch(self._plan, self._shard, self._eyes, batch) for batch in values], False

    def snapshot(self) -> bytes:
        return snapshots.dumps(self._shard)


def build(
    frames: Source[tuple[str, RawBatch]],
    observations: Sink[Item],
    alerts: Sink[Item],
    rejected: Sink[Item],
    store: Sink[Item] | None,
    plan: Plan,
    eyes: Eyes,
    testimony: Sink[Item] | None = None,
) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends."""
    flow = Dataflow("cameras")

    raw = op.input("frames", flow, frames)
    # ("1", RawBatch(partition=1, values=[Frame(source="cho-quang-tho", sealed=...), ...]))

    seen = op.stateful_batch("watch", raw, lambda snapshot: _Memory(plan, eyes, snapshot))
    # ("1", JudgedFrames(observations=[people/san-cho: 17], changes=[...], still=[...]))

    if testimony is not None:
        op.output("testimony", seen, testimony)
    op.output("alerts", seen, alerts)
    op.output("observations", seen, observations)
    op.output("rejected", seen, rejected)
    if store is not None:
        op.output("store", seen, store)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_observations(seen: JudgedFrames) -> Iterable[Record]:
    """One record a zone and frame, keyed by camera."""
    return [(observation.source.encode(), _encode(observation)) for observation in seen.observations]


def encode_changes(seen: JudgedFrames) -> Iterable[Record]:
    """One record a change of an alert, keyed by camera."""
    return [(change.station.encode(), _encode(change)) for change in seen.changes]


def encode_rejected(seen: JudgedFrames) -> Iterable[Record]:
    """One record a refused frame, still sealed, under its own key."""
    return [(one.key, _encode(for_topic(one))) for one in seen.rejected]


class EncodeTestimony:
    """One record a batch, keyed by its partition; none where it says nothing new."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._reporter = scene, Reporter()

    def __call__(self, seen: JudgedFrames) -> Iterable[Record]:
        report = seen_by_cameras(self._scene, seen)
        if not self._reporter.worth_telling(report):
            return []
        return [(str(report.partition).encode(), _encode(report))]


def same_partition(seen: JudgedFrames) -> int:
    """Results stay in the partition of their frames, in their order."""
    return seen.partition


def production(owner: Ownership = WHOLE) -> Dataflow:
    """Plug in the real ends, for the partitions of `owner`. Start: phusa run cameras [--shard 1/2]."""
    from connectors import clock
    from connectors.cameras.eyes import eyes
    from connectors.cameras.pacing import River, paced
    from connectors.commune import load
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings
    from connectors.sealing import Seal, key
    from connectors.settings import settings
    from connectors.teach.store import Teachings
    from connectors.timescale.pictures import camera_sink
    from connectors.weights import resolve, resolve_water
    from models.cameras.pace import Meter
    from models.places.scene import scene
    from models.vision.load import load as load_detector
    from models.vision.water_net import load_segmenter

    own = settings()

    def topic(
        name: str,
        encode: Callable[[JudgedFrames], Iterable[Record]],
        place: Callable[[JudgedFrames], int] | None,
    ) -> Sink[Item]:
        return KafkaSink(KafkaSinkSettings(own.bootstrap, name), encode, place)

    now = clock.from_setting(own.clock)
    # History has no lag: every frame of a recording is worth a look.
    lag = None if now is None else MAX_LAG
    source = KafkaSourceSettings(
        own.bootstrap, "frames", "phusa-cameras", batch=BATCH, clock=now, max_lag=lag, owner=owner
    )
    commune = load(own.commune)
    needed_per_s = sum(camera.rate_per_s for camera in commune.cameras)
    detector = load_detector(resolve(own.weights, own.var / "weights", needed_per_s=needed_per_s))
    watched = plan(commune)
    seeing = eyes(Seal(key(own.secrets_dir, "frames")), detector, own.vision_threads)
    if any(view.water for view in watched.values()):
        # The net and the thread that hears what cameras are taught: only where a camera watches water.
        segment = load_segmenter(resolve_water(own.water_weights), threads=own.vision_threads)
        seeing = replace(seeing, segment=segment, taught=Teachings(own.dsn("writer")))
    laid_out = scene(commune)
    return build(
        KafkaSource(source),
        topic("observations", encode_observations, same_partition),
        topic("alerts", encode_changes, same_partition),
        topic("rejected", encode_rejected, None),
        camera_sink(own.dsn("writer")),
        watched,
        # A play or a recording goes on as fast as we do: there, whoever is slow waits, and every frame counts.
        paced(
            seeing,
            Meter({camera.id: camera for camera in commune.cameras}, rationed=own.clock == "system"),
            River(own.dsn("reader")),
        ),
        topic("testimony", EncodeTestimony(laid_out), same_partition) if laid_out.watching else None,
    )
