"""Hear what several sources say together: witnesses of a flood, neighbouring sensors, the link that all stations share.

    testimony ── gather ── listen ──┬── changes ────> alerts
    (Kafka)               (memory   ├── rejected ───> rejected
                          of the    └── everything ─> store (TimescaleDB: verdicts, with the source offsets)
                          commune)

Reports of telemetry and cameras, one a batch of a partition, are heard in the order in which the batches came, whichever partition is
read first (models/places/turns.py). In the same process, beside the flow, the state and sentence of each place are said from the store
(connectors/timescale/saying.py).

State: of the commune, who said what within a day, the levels of its places, and the reports whose turn has not come.
Delivery: the store exactly once, the topics at least once; a change that is told again has the same alert and number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic

from connectors import snapshots
from models.envelope.batch import RawBatch
from models.envelope.rejected import for_topic
from models.places.listen import Commune, Placed, listen, waited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record
    from models.places.scene import Scene
    from models.places.turns import Origin
    from models.places.witnesses import Memory

Item = tuple[str, Placed]
KEY = "commune"


class _Listening(StatefulBatchLogic[RawBatch, Placed, bytes]):
    """The memory of the commune around the pure `listen`."""

    def __init__(
        self, scene: Scene, origins: frozenset[Origin], snapshot: bytes | None, before: Memory | None
    ) -> None:
        self._scene, self._origins = scene, origins
        self._commune: Commune = snapshots.loads(snapshot) if snapshot else Commune()
        if snapshot is None and before is not None:
            self._commune.memory = before

    def on_batch(self, values: list[RawBatch]) -> tuple[Iterable[Placed], bool]:
        return [
            item for batch in values for item in listen(self._scene, self._commune, self._origins, batch)
        ], False

    def snapshot(self) -> bytes:
        # Bytes, not the object: Bytewax may pickle after the next batch has changed it.
        return snapshots.dumps(self._commune)


def _gather(items: list[tuple[str, RawBatch]]) -> Iterable[tuple[str, RawBatch]]:
    """All partitions are heard by one memory."""
    return [(KEY, batch) for _partition, batch in items]


def build(
    testimony: Source[tuple[str, RawBatch]],
    alerts: Sink[Item],
    rejected: Sink[Item],
    store: Sink[Item] | None,
    scene: Scene,
    origins: frozenset[Origin] = frozenset(),
    before: Memory | None = None,
) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends.

    `origins`: whose reports wait for each other (models.places.listen.waited). `before`: what is remembered at the first start.
    """
    flow = Dataflow("places")

    raw = op.input("testimony", flow, testimony)
    # ("1", RawBatch(partition=1, values=[b'{"v":1,"source":"telemetry","partition":1,"observations":[...],...}', ...]))

    gathered = op.flat_map_batch("gather", raw, _gather)
    # ("commune", RawBatch(partition=1, ...))

    placed = op.stateful_batch(
        "listen", gathered, lambda snapshot: _Listening(scene, origins, snapshot, before)
    )
    # ("commune", Placed(partition=1, next_offset=4712, changes=[witness:ven-song:flood raise 1], ...))

    op.output("alerts", placed, alerts)
    op.output("rejected", placed, rejected)
    if store is not None:
        op.output("store", placed, store)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_changes(placed: Placed) -> Iterable[Record]:
    """One record a change of an alert, keyed by place or station."""
    return [(change.station.encode(), _encode(change)) for change in placed.changes]


def encode_rejected(placed: Placed) -> Iterable[Record]:
    """One record a refused report, under its own key."""
    return [(refused.key, _encode(for_topic(refused))) for refused in placed.rejected]


def taken_over(folder: Path) -> Memory | None:
    """What the step `witnesses` of the flow telemetry remembered before it became this flow; `folder`: telemetry's recovery store."""
    from connectors.recovery.store import remembered
    from models.places.witnesses import Memory

    raw = remembered(folder, "telemetry.witnesses", KEY)
    found = None if raw is None else snapshots.loads(raw)
    return found if isinstance(found, Memory) else None


def _first_start(folder: Path, dsn: str) -> bool:
    """Whether the flow has remembered nothing yet: one that was killed in its first second has a store without a snapshot.

    A flow that has stored a position and whose own recovery store is gone does not go back to what telemetry remembered long ago.
    """
    from connectors.recovery.store import remembered
    from connectors.timescale.heard import knows_position

    if any(folder.glob("part-*.sqlite3")):
        return remembered(folder, "places.listen", KEY) is None
    return not knows_position(dsn)


def production() -> Dataflow:
    """Plug in the real ends. Start: phusa run places."""
    import structlog

    from connectors import clock
    from connectors.commune import load
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import PLAYED_TICK_S, TICK_S, KafkaSource, KafkaSourceSettings
    from connectors.kafka.topics import partitions_of
    from connectors.settings import settings
    from connectors.timescale.heard import heard_sink
    from models.places.scene import scene

    own = settings()
    dsn, laid_out = own.dsn("writer"), scene(load(own.commune))
    now = clock.from_setting(own.clock)
    # History carries its own time and nobody tells how far a partition is: it is heard as it is read.
    origins = frozenset() if now is None else waited(laid_out, range(partitions_of("testimony")))
    before = (
        taken_over(own.var / "state" / "telemetry")
        if _first_start(own.var / "state" / "places", dsn)
        else None
    )
    if before is not None:
        structlog.get_logger(__name__).info("taken_over_from_telemetry", places=sorted(before.places))

    def topic(name: str, encode: Callable[[Placed], Iterable[Record]]) -> Sink[Item]:
        return KafkaSink(KafkaSinkSettings(own.bootstrap, name), encode)

    # Its ticks are of the wall clock in a play too: they say for how long somebody has been waited for.
    source = KafkaSourceSettings(
        own.bootstrap,
        "testimony",
        "phusa-places",
        clock=clock.system,
        tick_s=PLAYED_TICK_S if isinstance(now, clock.Played) else TICK_S,
    )
    return build(
        KafkaSource(source),
        topic("alerts", encode_changes),
        topic("rejected", encode_rejected),
        heard_sink(dsn),
        laid_out,
        origins,
        before,
    )
