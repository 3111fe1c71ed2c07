"""Topics of a test's own on the real broker."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from confluent_kafka.cimpl import NewTopic

from tests.gateways import eventually


def topic(bootstrap: str, partitions: int = 2, **config: str) -> str:
    """An empty topic."""
    name = f"test-{uuid.uuid4().hex[:10]}"
    # Named, or it is destroyed with its answer still to come.
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, partitions, 1, config=config)])[name].result(timeout=15)
    # The answer comes before the broker leads the partitions.
    eventually(lambda: _is_led(admin, name, partitions))
    return name


def _is_led(admin: AdminClient, name: str, partitions: int) -> bool:
    asked = {TopicPartition(name, one): OffsetSpec.latest() for one in range(partitions)}
    try:
        return all(future.result(timeout=5).offset == 0 for future in admin.list_offsets(asked).values())
    except KafkaException:
        return False


def fill(bootstrap: str, name: str, values: Sequence[bytes], partition: int = 0) -> None:
    """Write values in order, acknowledged."""
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
    for value in values:
        producer.produce(name, value, b"key", partition)
    assert producer.flush(15) == 0


def everything(bootstrap: str, name: str, partitions: int = 2) -> list[tuple[bytes | None, bytes]]:
    """Key and value of all records now in the topic."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"test-{uuid.uuid4().hex}"})
    found: list[tuple[bytes | None, bytes]] = []
    try:
        for one in range(partitions):
            low, high = consumer.get_watermark_offsets(TopicPartition(name, one), timeout=15)
            consumer.assign([TopicPartition(name, one, low)])
            got = 0
            while got < high - low:
                messages = consumer.consume(min(500, high - low - got), 5)
                assert messages, f"{name}[{one}]: {got} of {high - low}"
                found += [(message.key(), message.value() or b"") for message in messages]  # type: ignore[misc]
                got += len(messages)
    finally:
        consumer.close()
    return found
