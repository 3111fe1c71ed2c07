"""Book what the providers told.

    payments ── book ──┬── changes ─────> alerts (odd payments)
    (Kafka)  (memory   ├── rejected ────> rejected
              of what  └── everything ──> store (TimescaleDB: ledger, with the source offsets)
              is usual)

State: per partition, each merchant's usual amounts and the odd payments that are shown.
Delivery: the store exactly once, and (source, event) once for ever; the topics at least once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bytewax.operators as op
import msgspec
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic

from connectors import snapshots
from models.envelope.batch import RawBatch
from models.envelope.ownership import WHOLE, Ownership
from models.envelope.rejected import for_topic
from models.payments.matching import Catalogue, catalogue
from models.posting.batch import Posted
from models.posting.post import Shard, post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bytewax.inputs import Source
    from bytewax.outputs import Sink

    from connectors.kafka.sink import Record

Item = tuple[str, Posted]


class _Memory(StatefulBatchLogic[RawBatch, Posted, bytes]):
    """The memory of one partition around the pure `post`."""

    def __init__(self, own: Catalogue, snapshot: bytes | None) -> None:
        self._own = own
        self._shard: Shard = snapshots.loads(snapshot) if snapshot else Shard()

    def on_batch(self, values: list[RawBatch]) -> tuple[Iterable[Posted], bool]:
        return [post(self._own, self._shard, batch) for batch in values], False

    def snapshot(self) -> bytes:
        return snapshots.dumps(self._shard)


def build(
    payments: Source[tuple[str, RawBatch]],
    alerts: Sink[Item],
    rejected: Sink[Item],
    store: Sink[Item] | None,
    own: Catalogue,
) -> Dataflow:
    """Wire the picture above; the caller chooses what stands at its ends."""
    flow = Dataflow("payments")

    raw = op.input("payments", flow, payments)
    # ("1", RawBatch(partition=1, values=[b'{"type":"event","source":"sepay","event":"92704",...}', ...]))

    # The recovery store knows the step by its name: it stays as it was.
    posted = op.stateful_batch("book", raw, lambda snapshot: _Memory(own, snapshot))
    # ("1", Posted(entries=[Entry(fee="rac", household="HO0123", ...)], rejected=[...]))

    op.output("alerts", posted, alerts)
    op.output("rejected", posted, rejected)
    if store is not None:
        op.output("store", posted, store)

    return flow


_encode = msgspec.json.Encoder().encode


def encode_changes(posted: Posted) -> Iterable[Record]:
    """One record an odd payment, keyed by merchant."""
    return [(change.station.encode(), _encode(change)) for change in posted.changes]


def encode_rejected(posted: Posted) -> Iterable[Record]:
    """One record a refused one, its body still sealed, under its own key."""
    return [(one.key, _encode(for_topic(one))) for one in posted.rejected]


def production(owner: Ownership = WHOLE) -> Dataflow:
    """Plug in the real ends, for the partitions of `owner`. Start: phusa run payments [--shard 1/2]."""
    from connectors import clock
    from connectors.commune import load
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings
    from connectors.settings import settings
    from connectors.timescale.ledger import ledger_sink
    from models.payments.configuration import Odd, Payments, Targets

    own = settings()

    def topic(name: str, encode: Callable[[Posted], Iterable[Record]]) -> Sink[Item]:
        return KafkaSink(KafkaSinkSettings(own.bootstrap, name), encode)

    # A commune that takes no payments has merchants for none: what comes is then rejected by name.
    nothing = Payments([], [], [], Targets(0, 0, 1), Odd(2, 1, 3))
    source = KafkaSourceSettings(
        own.bootstrap, "payments", "phusa-payments", clock=clock.from_setting(own.clock), owner=owner
    )
    return build(
        KafkaSource(source),
        topic("alerts", encode_changes),
        topic("rejected", encode_rejected),
        ledger_sink(own.dsn("writer")),
        catalogue(load(own.commune).payments or nothing),
    )
