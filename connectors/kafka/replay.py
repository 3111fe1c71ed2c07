"""Refused messages once more: read again by their own reader, then onto their topic as what they are now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from connectors.kafka.sink import ANY_PARTITION, DeliveryError, KafkaSinkSettings, producer
from connectors.kafka.topics import TOPICS
from models.commune.file_names import file_stations
from models.envelope.partition import partition_of
from models.envelope.rejected import for_topic
from models.lorawan.read import senders
from models.replay import again
from models.replay.again import READINGS, Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confluent_kafka import KafkaError, Message

    from connectors.timescale.rejects import Kept
    from models.commune.configuration import Commune
    from models.envelope.bilingual import Bilingual

FLUSH_S = 30.0
REJECTED = "rejected"


class Record(NamedTuple):
    """What is written to Kafka."""

    topic: str
    key: bytes | None
    value: bytes
    partition: int


@dataclass(slots=True)
class Reread:
    """What became of kept messages: those in `taken` are sent by `records`, the others are counted by why."""

    taken: list[Kept] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    still: Counter[Bilingual] = field(default_factory=Counter)
    skipped: Counter[Bilingual] = field(default_factory=Counter)


def known(commune: Commune) -> Known:
    """Who sends what, for reading again."""
    return Known(
        file_stations(commune.stations),
        senders(commune.devices, commune.profiles),
        frozenset(topic.name for topic in TOPICS),
    )


def reread(kept: Iterable[Kept], own: Known) -> Reread:
    """Read each again. What is sent is marked as asked for, so that its age is no reason to refuse it once more."""
    out = Reread()
    for one in kept:
        place = again.Kept(one.topic, one.partition, one.offset, one.at, one.payload)
        found = again.again(place, own)
        if found.still is not None:
            out.still[found.still] += 1
            continue
        if found.skipped is not None:
            out.skipped[found.skipped] += 1
            continue
        out.taken.append(one)
        for reading in found.readings:
            # A reading that came under another station's name is told so again.
            key = one.key if one.topic == READINGS else reading.source.encode()
            partition = partition_of((key or b"").decode(errors="replace"))
            out.records.append(Record(READINGS, key, msgspec.json.encode(reading), partition))
        for each in found.refused:
            value = msgspec.json.encode(for_topic(each))
            out.records.append(Record(REJECTED, each.key, value, ANY_PARTITION))
        if found.bytes_as_they_were:
            out.records.append(Record(one.topic, one.key, one.payload, one.partition))
    return out


def send(bootstrap: str, records: Iterable[Record]) -> None:
    """Return when Kafka has them all, as of now; raises DeliveryError otherwise."""
    failed: list[str] = []

    def delivered(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failed.append(error.str())

    own = producer(KafkaSinkSettings(bootstrap, READINGS, config={"delivery.report.only.error": False}))
    for record in records:
        own.produce(record.topic, record.value, record.key, partition=record.partition, on_delivery=delivered)
        own.poll(0)
    left = own.flush(FLUSH_S)
    if failed or left:
        msg = f"{len(failed) + left} messages not taken: {failed[:1] or 'no answer'}"
        raise DeliveryError(msg)
