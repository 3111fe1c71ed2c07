"""The topics: partitions, retention, cleanup, and the type of what travels on them."""

from __future__ import annotations

from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from models.alerting.alert import AlertChange
from models.alerting.receipt import Receipt
from models.payments.event import PaymentEvent, RefusedRequest
from models.places.report import PartitionReport
from models.rejected import Rejected
from models.telemetry.partition import PARTITIONS
from models.telemetry.reading import Observation, Reading
from models.vision.frame import Frame

MIB = 1024 * 1024
HOURS_A_DAY = 24
FRAMES_H = 10 / 60
FRAME_BYTES = 12 * MIB


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it is created; `value` is the message's type, `content` how it is written."""

    name: str
    value: type
    key: str
    partitions: int
    retention_h: float
    cleanup: str = "delete"
    max_message_bytes: int = MIB
    segment_mib: int | None = None
    also: tuple[type, ...] = ()
    content: str = "application/json"

    @property
    def values(self) -> tuple[type, ...]:
        """All types that travel on it; `value` is the usual one."""
        return (self.value, *self.also)


# A reading of 10 MB must reach the flow to be refused by name, with its partition and offset, and
# comes back on `rejected` in base64 (4/3 of it): hence 24 MiB on these two.
TOPICS = (
    Topic("readings", Reading, "station", PARTITIONS, 7 * HOURS_A_DAY, max_message_bytes=24 * MIB),
    Topic("observations", Observation, "station", PARTITIONS, 7 * HOURS_A_DAY),
    # What witnesses, neighbours and the link need of a batch, together and in the order of its partition: `observations` and
    # `alerts` tell neither sums of rain nor steps of a rule, and not how far a partition is.
    Topic("testimony", PartitionReport, "partition", PARTITIONS, 7 * HOURS_A_DAY, max_message_bytes=24 * MIB),
    Topic("alerts", AlertChange, "station", PARTITIONS, 90 * HOURS_A_DAY),
    # Pictures of people live for minutes. 41 cameras at 1 frame/s of 300 kB are 7 GB in ten minutes.
    Topic(
        "frames",
        Frame,
        "camera",
        PARTITIONS,
        FRAMES_H,
        max_message_bytes=FRAME_BYTES,
        segment_mib=256,
        content="application/msgpack",
    ),
    Topic("payments", PaymentEvent, "provider:event", PARTITIONS, 30 * HOURS_A_DAY, also=(RefusedRequest,)),
    Topic("receipts", Receipt, "notification", 1, 30 * HOURS_A_DAY),
    Topic("rejected", Rejected, "origin key", 1, 90 * HOURS_A_DAY, max_message_bytes=24 * MIB),
)


def partitions_of(name: str) -> int:
    """How many partitions a topic has; KeyError: there is no such topic."""
    return {topic.name: topic.partitions for topic in TOPICS}[name]


def create(bootstrap: str, retention_ms_override: int | None = None) -> list[str]:
    """Create what is missing and return its names; topics that stand are left as they are.

    `retention_ms_override` -1 keeps everything: a replay of old recordings carries record
    times of 2015, which the broker would delete at once.
    """
    admin = AdminClient({"bootstrap.servers": bootstrap})
    standing = admin.list_topics(timeout=10).topics
    wanted = [_new(topic, retention_ms_override) for topic in TOPICS if topic.name not in standing]
    created = []
    for name, future in admin.create_topics(wanted).items() if wanted else ():
        try:
            future.result(timeout=15)
            created.append(name)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return created


def _new(topic: Topic, retention_ms_override: int | None) -> NewTopic:
    retention_ms = (
        round(topic.retention_h * 3_600_000) if retention_ms_override is None else retention_ms_override
    )
    config = {
        "retention.ms": str(retention_ms),
        "cleanup.policy": topic.cleanup,
        "max.message.bytes": str(topic.max_message_bytes),
    }
    if topic.segment_mib is not None:
        # Kafka forgets whole segments: the usual one of 1 GiB or a week would outlive the retention by far.
        config |= {"segment.bytes": str(topic.segment_mib * MIB), "segment.ms": str(retention_ms)}
    return NewTopic(topic.name, num_partitions=topic.partitions, replication_factor=1, config=config)
