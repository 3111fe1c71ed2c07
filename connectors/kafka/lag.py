"""Where the topics end."""

from __future__ import annotations

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # exported at run time only

from connectors.kafka.client import client_settings

TIMEOUT_S = 10.0


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
        for place, future in admin.list_offsets(asked, request_timeout=TIMEOUT_S).items():
            found[place.topic][place.partition] = future.result().offset
    return found
