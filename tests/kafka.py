"""Topics of a test's own on the real broker."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from confluent_kafka.cimpl import NewTopic

from connectors.kafka import lag
from connectors.kafka.asking import insist, passes
from connectors.kafka.client import client_settings
from tests.gateways import eventually


def topic(bootstrap: str, partitions: int = 2, **config: str) -> str:
    """An empty topic that forgets nothing.

    The records of tests carry times of their own: half a minute after its start a broker forgets those older than a week.
    """
    name = f"test-{uuid.uuid4().hex[:10]}"
    # Named, or it is destroyed with its answer still to come.
    admin = AdminClient(client_settings(bootstrap))
    insist(lambda: _create(admin, NewTopic(name, partitions, 1, config={"retention.ms": "-1"} | config)))
    # The answer comes before the broker leads the partitions.
    eventually(lambda: _is_led(admin, name, partitions))
    return name


def _create(admin: AdminClient, new: NewTopic) -> None:
    try:
        admin.create_topics([new], request_timeout=15)[new.topic].result(timeout=60)
    except KafkaException as error:
        # An answer that was lost on its way: it is there.
        code = error.args[0].code()
        if code == KafkaError.INVALID_REPLICATION_FACTOR:  # the only broker is fenced
            raise KafkaException(KafkaError(KafkaError.BROKER_NOT_AVAILABLE)) from None
        if code != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def _is_led(admin: AdminClient, name: str, partitions: int) -> bool:
    asked = {TopicPartition(name, one): OffsetSpec.latest() for one in range(partitions)}
    try:
        return all(one.offset == 0 for one in lag.listed(admin, asked, 5).values())
    except KafkaException:
        return False


def fill(bootstrap: str, name: str, values: Sequence[bytes], partition: int = 0) -> None:
    """Write values in order, acknowledged."""
    refused: list[KafkaError] = []
    producer = Producer({**client_settings(bootstrap), "enable.idempotence": True, "message.timeout.ms": 0})
    for value in values:
        producer.produce(
            name,
            value,
            b"key",
            partition,
            on_delivery=lambda error, _: refused.append(error) if error else None,
        )
    while producer.flush(1):
        assert not refused, refused
    assert not refused, refused


def everything(bootstrap: str, name: str, partitions: int = 2) -> list[tuple[bytes | None, bytes]]:
    """Key and value of all records now in the topic."""
    return _records(bootstrap, name, range(partitions))


def of_partition(bootstrap: str, name: str, partition: int) -> list[tuple[bytes | None, bytes]]:
    """Key and value of all records now in one partition, in its order."""
    return _records(bootstrap, name, [partition])


def _records(bootstrap: str, name: str, partitions: Iterable[int]) -> list[tuple[bytes | None, bytes]]:
    # A broker that still loads may call the first offset unknown: begin again, where the default jumps to the end.
    settings = {
        **client_settings(bootstrap),
        "group.id": f"test-{uuid.uuid4().hex}",
        "auto.offset.reset": "earliest",
    }
    consumer = Consumer(settings)
    found: list[tuple[bytes | None, bytes]] = []
    try:
        for partition in partitions:
            place = TopicPartition(name, partition)
            low, high = insist(lambda place=place: consumer.get_watermark_offsets(place, timeout=5))  # type: ignore[misc]
            consumer.assign([TopicPartition(name, partition, low)])
            following = low
            while following < high:
                for message in filter(is_record, consumer.consume(min(500, high - following), 1)):
                    if (message.offset() or 0) >= following:
                        found.append((message.key(), message.value() or b""))  # type: ignore[arg-type]
                        following = (message.offset() or 0) + 1
    finally:
        consumer.close()
    return found


def is_record(message: Message) -> bool:
    """Whether it is a record; an error that passes is none, one that does not is raised."""
    error = message.error()
    # As in the source: a broker that comes back says "unknown topic" of what it has not loaded yet.
    if error is not None and not passes(error) and error.code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
        raise KafkaException(error)
    return error is None
