"""The topics: partitions, retention, cleanup, and the type of what travels on them."""

from __future__ import annotations

from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from connectors.kafka.client import client_settings
from models.alerting.alert import AlertChange
from models.alerting.incoming import Incoming
from models.alerting.receipt import Receipt
from models.envelope.partition import chosen
from models.envelope.reading import Observation, Reading
from models.envelope.rejected import Rejected
from models.payments.event import PaymentEvent, RefusedRequest
from models.places.report import PartitionReport
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
    fixed: int | None
    """Partitions; None: as many as the settings say, a station is always in the same one."""
    retention_h: float
    cleanup: str = "delete"
    max_message_bytes: int = MIB
    segment_mib: int | None = None
    also: tuple[type, ...] = ()
    content: str = "application/json"

    @property
    def partitions(self) -> int:
        """How many it has."""
        return chosen() if self.fixed is None else self.fixed

    @property
    def values(self) -> tuple[type, ...]:
        """All types that travel on it; `value` is the usual one."""
        return (self.value, *self.also)


# A reading of 10 MB must reach the flow to be refused by name, with its partition and offset, and
# comes back on `rejected` in base64 (4/3 of it): hence 24 MiB on these two.
TOPICS = (
    Topic("readings", Reading, "station", None, 7 * HOURS_A_DAY, max_message_bytes=24 * MIB),
    Topic("observations", Observation, "station", None, 7 * HOURS_A_DAY),
    # What witnesses, neighbours and the link need of a batch, together and in the order of its partition: `observations` and
    # `alerts` tell neither sums of rain nor steps of a rule, and not how far a partition is.
    Topic("testimony", PartitionReport, "partition", None, 7 * HOURS_A_DAY, max_message_bytes=24 * MIB),
    Topic("alerts", AlertChange, "station", None, 90 * HOURS_A_DAY),
    # Pictures of people live for minutes. 41 cameras at 1 frame/s of 300 kB are 7 GB in ten minutes.
    Topic(
        "frames",
        Frame,
        "camera",
        None,
        FRAMES_H,
        max_message_bytes=FRAME_BYTES,
        segment_mib=256,
        content="application/msgpack",
    ),
    Topic("payments", PaymentEvent, "provider:event", None, 30 * HOURS_A_DAY, also=(RefusedRequest,)),
    Topic("receipts", Receipt, "notification", 1, 30 * HOURS_A_DAY),
    # What people write back: no number, only who of the contacts it is, and as short as what they did.
    Topic("replies", Incoming, "contact", 1, 30 * HOURS_A_DAY),
    Topic("rejected", Rejected, "origin key", 1, 90 * HOURS_A_DAY, max_message_bytes=24 * MIB),
)


class PartitionsError(RuntimeError):
    """A topic has another number of partitions than the settings say; in both languages."""

    def __init__(self, topic: str, found: int, wanted: int) -> None:
        self.vi = (
            f"Chủ đề {topic} có {found} phần, PHUSA_PARTITIONS cần {wanted}: trạm sẽ sang phần khác, mất thứ tự và trí nhớ; "
            f"giữ PHUSA_PARTITIONS={found}"
        )
        self.en = (
            f"Topic {topic} has {found} partitions, PHUSA_PARTITIONS wants {wanted}: stations would go to other partitions, without "
            f"their order and what is remembered of them; keep PHUSA_PARTITIONS={found}"
        )
        super().__init__(f"{self.vi} ({self.en})")


def partitions_of(name: str) -> int:
    """How many partitions a topic has; KeyError: there is no such topic."""
    return {topic.name: topic.partitions for topic in TOPICS}[name]


def create(bootstrap: str, retention_ms_override: int | None = None, replicas: int = 1) -> list[str]:
    """Create what is missing and return its names; topics that stand are left as they are.

    Raises PartitionsError where one that stands has another number of partitions: a station's partition is the remainder of its
    id's checksum, so that more of them would move stations away from their earlier records and from their state.

    `retention_ms_override` -1 keeps everything: a replay of old recordings carries record
    times of 2015, which the broker would delete at once.
    """
    admin = AdminClient(client_settings(bootstrap))
    standing = admin.list_topics(timeout=10).topics
    for topic in TOPICS:
        found = standing.get(topic.name)
        # One that is just being made has none yet.
        if found is not None and found.partitions and len(found.partitions) != topic.partitions:
            raise PartitionsError(topic.name, len(found.partitions), topic.partitions)
    wanted = [_new(topic, retention_ms_override, replicas) for topic in TOPICS if topic.name not in standing]
    created = []
    for name, future in admin.create_topics(wanted).items() if wanted else ():
        try:
            future.result()  # the client's own limit (60 s) ends it by a KafkaException, which who insists asks again
            created.append(name)
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.INVALID_REPLICATION_FACTOR and "fenced" in error.args[0].str():
                # "All brokers are currently fenced": after a stall, for seconds.
                raise KafkaException(
                    KafkaError(KafkaError.BROKER_NOT_AVAILABLE, error.args[0].str())
                ) from None
            if code != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return created


def require_led(bootstrap: str) -> None:
    """Raise KafkaException while the broker does not lead each partition: it answers that they are created before it does."""
    standing = AdminClient(client_settings(bootstrap)).list_topics(timeout=10).topics
    for topic in TOPICS:
        found = standing.get(topic.name)
        if found is None or not found.partitions or any(one.leader < 0 for one in found.partitions.values()):
            why = f"Kafka chưa phục vụ {topic.name} ({topic.name} has no leader yet)"
            raise KafkaException(KafkaError(KafkaError.LEADER_NOT_AVAILABLE, why))


def _new(topic: Topic, retention_ms_override: int | None, replicas: int) -> NewTopic:
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
    return NewTopic(topic.name, num_partitions=topic.partitions, replication_factor=replicas, config=config)
