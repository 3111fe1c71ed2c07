"""Topics of a test's own on the real broker."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from confluent_kafka.cimpl import NewTopic

from tests.gateways import eventually

_COMING_BACK = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError._TRANSPORT,
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._TIMED_OUT,
    KafkaError._WAIT_COORD,
)
"""Answers of a broker that is starting: asked again, it says something else."""


def topic(bootstrap: str, partitions: int = 2, **config: str) -> str:
    """An empty topic that forgets nothing: tests write records of days long gone, which retention would take at any moment."""
    name = f"test-{uuid.uuid4().hex[:10]}"
    # Named, or it is destroyed with its answer still to come.
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, partitions, 1, config={"retention.ms": "-1"} | config)])[name].result(
        timeout=15
    )
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


def _ends(consumer: Consumer, partition: TopicPartition) -> tuple[int, int] | None:
    """First and next offset; None while a broker that just came back does not lead its partitions again."""
    try:
        found: tuple[int, int] = consumer.get_watermark_offsets(partition, timeout=15)
    except KafkaException as error:
        if error.args[0].code() not in _COMING_BACK:
            raise
        return None
    return found


def everything(bootstrap: str, name: str, partitions: int = 2) -> list[tuple[bytes | None, bytes]]:
    """Key and value of all records now in the topic."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"test-{uuid.uuid4().hex}"})
    found: list[tuple[bytes | None, bytes]] = []
    try:
        for one in range(partitions):
            low, high = eventually(partial(_ends, consumer, TopicPartition(name, one)), 60)
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
