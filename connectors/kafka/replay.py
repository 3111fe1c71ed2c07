"""Send kept bytes to their topic again, as they first came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.kafka.sink import DeliveryError, KafkaSinkSettings, producer
from models.telemetry.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confluent_kafka import KafkaError, Message

    from connectors.timescale.rejects import Kept

FLUSH_S = 30.0
READINGS = "readings"


def send_again(bootstrap: str, kept: Iterable[Kept]) -> None:
    """Return when Kafka has them all; raises DeliveryError otherwise.

    They arrive now: a message that was too late stays too late. Readings go to the partition of
    their station, as the bridge sends them.
    """
    failed: list[str] = []

    def delivered(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failed.append(error.str())

    own = producer(KafkaSinkSettings(bootstrap, READINGS, config={"delivery.report.only.error": False}))
    for one in kept:
        station = (one.key or b"").decode(errors="replace")
        partition = partition_of(station) if one.topic == READINGS else one.partition
        own.produce(one.topic, one.payload, one.key, partition=partition, on_delivery=delivered)
        own.poll(0)
    left = own.flush(FLUSH_S)
    if failed or left:
        msg = f"{len(failed) + left} messages not taken: {failed[:1] or 'no answer'}"
        raise DeliveryError(msg)
