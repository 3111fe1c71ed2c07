"""Where the topics end."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # exported at run time only

from connectors.kafka.client import client_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confluent_kafka import Consumer
    from confluent_kafka.admin import ListOffsetsResultInfo  # type: ignore[attr-defined]  # as above

TIMEOUT_S = 10.0


def partitions(client: Consumer, topic: str) -> list[int]:
    """Those of the topic, in order. Raises KafkaException, also of an error that comes with the topic."""
    found = client.list_topics(topic, timeout=TIMEOUT_S).topics[topic]
    if found.error is not None:
        raise KafkaException(found.error)
    return sorted(found.partitions)


def listed(
    admin: AdminClient, asked: Mapping[TopicPartition, OffsetSpec], timeout_s: float = TIMEOUT_S
) -> dict[TopicPartition, ListOffsetsResultInfo]:
    """What `list_offsets` answers. Raises KafkaException; the client may be asked again, once the broker is back.

    By itself `list_offsets` (librdkafka 2.x) never learns that a broker that was killed or stalled leads anew: 588 questions in
    the minute after a stall of 15 s were all answered FENCED_LEADER_EPOCH. After a look at the metadata it knows.
    """
    try:
        answers = admin.list_offsets(dict(asked), request_timeout=timeout_s)
        return {place: future.result() for place, future in answers.items()}
    except KafkaException:
        with suppress(KafkaException):  # the broker is still away: the first error says so
            admin.list_topics(timeout=timeout_s)
        raise


def ends(bootstrap: str, topics: list[str]) -> dict[str, dict[int, int]]:
    """{topic: {partition: offset after the last record}}; raises KafkaException when Kafka is away."""
    admin = AdminClient({**client_settings(bootstrap), "log_level": 0})
    standing = admin.list_topics(timeout=TIMEOUT_S).topics
    asked = {
        TopicPartition(topic, partition): OffsetSpec.latest()  # type: ignore[no-untyped-call]
        for topic in topics
        if topic in standing
        for partition in standing[topic].partitions
    }
    found: dict[str, dict[int, int]] = {topic: {} for topic in topics}
    if asked:
        for place, one in listed(admin, asked).items():
            found[place.topic][place.partition] = one.offset
    return found
