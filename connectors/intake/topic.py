"""Readings onto the topic `readings` and what was refused onto `rejected`, and back only when Kafka has them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec
import structlog
from confluent_kafka import KafkaError, Message

from connectors.kafka.sink import DeliveryError, KafkaSinkSettings, producer
from models.envelope.partition import partition_of
from models.envelope.rejected import for_topic
from models.telemetry import ways
from models.telemetry.sensor import INTAKE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from models.envelope.reading import Reading
    from models.envelope.rejected import Rejected

    Delivered = Callable[[KafkaError | None, Message], None]

log = structlog.get_logger(__name__)

READINGS, REJECTED = "readings", "rejected"
FLUSH_S = 10.0


class IntakeTopic:
    """One producer for both topics; usable from several threads."""

    def __init__(self, bootstrap: str, readings: str = READINGS, rejected: str = REJECTED) -> None:
        self._readings, self._rejected = readings, rejected
        self._lock = threading.Lock()
        self._producer = producer(
            KafkaSinkSettings(bootstrap, readings, 0, {"delivery.report.only.error": False})
        )

    def beat(self, number: int, at: datetime, promise_s: float) -> None:
        """Say in every partition that the intake lives (models/telemetry/ways.py); one that fails is made good by the next."""

        def delivered(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                log.warning("beat_not_taken", error=error.str())

        with self._lock:
            for partition, one in ways.beats(INTAKE, number, at, promise_s):
                self._write(one, partition, round(at.timestamp() * 1000), delivered)
            self._producer.poll(0)

    def _write(self, reading: Reading, partition: int, stamp_ms: int, delivered: Delivered) -> None:
        value = msgspec.json.encode(reading)
        self._producer.produce(
            self._readings, value, reading.source, partition, on_delivery=delivered, timestamp=stamp_ms
        )

    def put(self, readings: Sequence[Reading], rejected: Sequence[Rejected], arrived_ms: int) -> None:
        """Returns when Kafka has all of it; raises DeliveryError, then it must come again (the flow tells duplicates)."""
        failed: list[str] = []

        def delivered(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                failed.append(error.str())

        with self._lock:
            for reading in readings:
                self._write(reading, partition_of(reading.source), arrived_ms, delivered)
            for each in rejected:
                value = msgspec.json.encode(for_topic(each))
                self._producer.produce(self._rejected, value, each.key, on_delivery=delivered)
            left = self._producer.flush(FLUSH_S)
        if left or failed:
            msg = f"{self._readings}: {failed[0] if failed else f'no answer in {FLUSH_S:.0f} s'}"
            raise DeliveryError(msg)
