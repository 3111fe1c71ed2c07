"""Changes of alerts onto the topic `alerts` by somebody who is no flow: a drill.

Delivery: at least once; (alert, seq) tells a repeated one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.kafka.sink import DeliveryError, KafkaSinkSettings, producer
from models.envelope.partition import partition_of

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message

    from models.alerting.alert import AlertChange

TOPIC = "alerts"
FLUSH_S = 10.0


class AlertLog:
    """Writes changes; `put` returns when Kafka has it."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = producer(
            KafkaSinkSettings(bootstrap, TOPIC, 0, {"delivery.report.only.error": False})
        )

    def put(self, change: AlertChange) -> None:
        """Raises DeliveryError when Kafka does not take it. All of one station are in one partition, in their order."""
        failed: list[str] = []

        def delivered(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                failed.append(error.str())

        station = change.station
        self._producer.produce(
            TOPIC,
            msgspec.json.encode(change),
            station,
            partition=partition_of(station),
            on_delivery=delivered,
        )
        left = self._producer.flush(FLUSH_S)
        if left or failed:
            msg = f"{TOPIC}: {failed[:1] or 'no answer'}"
            raise DeliveryError(msg)
