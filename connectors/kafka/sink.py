"""Our Kafka sink: acks=all, idempotent; a failed delivery is raised, and a snapshot waits for all.

The stock sink has no delivery callback: what the broker refuses is gone without an error.
Delivery: at least once; records of the epoch that is replayed after a crash come again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import structlog
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from connectors.kafka.asking import SAY_S, stopping
from connectors.kafka.client import client_settings

log = structlog.get_logger(__name__)

X = TypeVar("X")
Record = tuple[bytes | None, bytes]
"""Key and value."""

FLUSH_S = 30.0
ROOM_S = 0.05
ANY_PARTITION = -1
"""librdkafka chooses by the key."""


@dataclass(frozen=True)
class KafkaSinkSettings:
    """Where to write; `linger_ms` 5 costs 5 ms of latency and halves the requests."""

    bootstrap: str
    topic: str
    linger_ms: int = 5
    config: dict[str, Any] = field(default_factory=dict)


class DeliveryError(RuntimeError):
    """The broker did not take a record; the flow must stop and come back to its snapshot."""


class KafkaSink(FixedPartitionedSink[X, None]):
    """Writes the records that `encode` makes of each item, into the partition that `place` names.

    `encode` may give none. Without `place` the record's own key decides. One part and one
    producer for all partitions: a producer each would cost threads and idempotence handshakes.
    """

    def __init__(
        self,
        settings: KafkaSinkSettings,
        encode: Callable[[X], Iterable[Record]],
        place: Callable[[X], int] | None = None,
    ) -> None:
        self._settings, self._encode, self._place = settings, encode, place

    def list_parts(self) -> list[str]:
        """One part: the topic."""
        return [self._settings.topic]

    def part_fn(self, item_key: str) -> int:
        """All to the one part."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> _Part[X]:
        """The producer is made with the part."""
        return _Part(self._settings, self._encode, self._place)


class _Part(StatefulSinkPartition[X, None]):
    def __init__(
        self,
        settings: KafkaSinkSettings,
        encode: Callable[[X], Iterable[Record]],
        place: Callable[[X], int] | None,
    ) -> None:
        self._topic, self._encode = settings.topic, encode
        self._place = place or (lambda _item: ANY_PARTITION)
        # 0: Kafka is waited for, as the source waits: what it gives no answer to is no error, and a flow that died of it came back to the same.
        self._producer = producer(replace(settings, config={"message.timeout.ms": 0, **settings.config}))
        self._failed: KafkaError | None = None
        self._said = 0.0

    def write_batch(self, items: list[X]) -> None:
        for item in items:
            self._produce(self._encode(item), self._place(item))
        self._producer.poll(0)
        self._raise_failure()

    def _produce(self, records: Iterable[Record], partition: int) -> None:
        # One call a record: produce_batch wants a dict each, which costs a third more (measured).
        produce, topic, delivered = self._producer.produce, self._topic, self._delivered
        for key, value in records:
            try:
                produce(topic, value, key, partition, delivered)
            except BufferError:
                self._produce_when_there_is_room(key, value, partition)

    def _produce_when_there_is_room(self, key: bytes | None, value: bytes, partition: int) -> None:
        """The local queue is full: wait for room, and so hold back the flow."""
        self._said = time.monotonic()
        while True:
            self._producer.poll(ROOM_S)
            self._raise_failure()
            if time.monotonic() - self._said >= SAY_S:
                self._wait_on(len(self._producer))
            try:
                self._producer.produce(self._topic, value, key, partition, self._delivered)
            except BufferError:
                continue
            return

    def _delivered(self, error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            self._failed = error

    def _raise_failure(self) -> None:
        if self._failed is not None:
            msg = f"{self._topic}: the broker did not take a record: {self._failed.str()}"
            raise DeliveryError(msg) from KafkaException(self._failed)

    def snapshot(self) -> None:
        while left := self._producer.flush(SAY_S):
            self._raise_failure()
            self._wait_on(left)
        self._raise_failure()

    def _wait_on(self, left: int) -> None:
        """Say it; raise DeliveryError where we are to end: the next start comes back to the snapshot before."""
        self._said = time.monotonic()
        if stopping.is_set():
            # Else `close`, which Bytewax calls of a part that has raised, would wait for them again.
            self._producer.purge()
            msg = f"{self._topic}: {left} records not acknowledged, and we are told to end"
            raise DeliveryError(msg)
        log.warning("kafka_is_waited_for", topic=self._topic, records=left)

    def close(self) -> None:
        self._producer.flush(FLUSH_S)


def producer(settings: KafkaSinkSettings) -> Producer:
    """An idempotent producer: acks=all, no reordering, no duplicates by its own retries."""
    return Producer(
        {
            **client_settings(settings.bootstrap),
            "enable.idempotence": True,
            "acks": "all",
            "compression.type": "lz4",
            "linger.ms": settings.linger_ms,
            # Who waits for an answer is told long before the default of 300 s.
            "message.timeout.ms": 25000,
            "message.max.bytes": 24 * 1024 * 1024,
            "queue.buffering.max.messages": 200_000,
            # Only failures are called back: success costs no Python.
            "delivery.report.only.error": True,
            **settings.config,
        }
    )
