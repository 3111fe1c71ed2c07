"""The topics `receipts` and `replies` for the delivery: written by the endpoint, read back in order.

Delivery: at least once both ways; a receipt, or a message of a person, that comes twice changes nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message

from connectors import readiness
from connectors.kafka.asking import commit
from connectors.kafka.client import client_settings
from connectors.kafka.sink import DeliveryError, KafkaSinkSettings, producer
from models.alerting.incoming import Incoming

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connectors.webhook.server import Brought

TOPIC, REPLIES = "receipts", "replies"
GROUP = "phusa-delivery"
FLUSH_S = 10.0
POLL_S = 0.5
BATCH = 100


class ReceiptLog:
    """Writes receipts and messages of people, each to its topic; `put` returns when Kafka has them."""

    def __init__(self, bootstrap: str) -> None:
        # No lingering: the gateway waits for our answer.
        self._producer = producer(
            KafkaSinkSettings(bootstrap, TOPIC, 0, {"delivery.report.only.error": False})
        )

    async def put(self, brought: Brought) -> None:
        """Raises DeliveryError when Kafka does not take them; the gateway then comes again."""
        await asyncio.to_thread(self._put, brought)

    def _put(self, brought: Brought) -> None:
        failed: list[str] = []

        def delivered(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                failed.append(error.str())

        for one in brought:
            # Of one contact in order; a receipt goes by the key of its notification.
            topic, key = (REPLIES, one.contact) if isinstance(one, Incoming) else (TOPIC, one.key)
            self._producer.produce(topic, msgspec.json.encode(one), key, on_delivery=delivered)
        left = self._producer.flush(FLUSH_S)
        if left or failed:
            msg = f"{TOPIC}, {REPLIES}: {failed[:1] or 'no answer'}"
            raise DeliveryError(msg)


async def follow(
    bootstrap: str, handle: Callable[[list[Message]], Awaitable[None]], stopping: asyncio.Event
) -> None:
    """Give all of both topics to `handle` in batches; a batch is committed after it was handled."""
    consumer = Consumer(
        {
            **client_settings(bootstrap),
            "group.id": GROUP,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([TOPIC, REPLIES], on_assign=lambda *_: readiness.tell(readiness.PARTITIONS))
    try:
        while not stopping.is_set():
            found = await asyncio.to_thread(consumer.consume, BATCH, POLL_S)
            messages = [one for one in found if _is_record(one)]
            if messages:
                await handle(messages)
                await asyncio.to_thread(commit, consumer)
    finally:
        consumer.close()


def _is_record(message: Message) -> bool:
    error = message.error()
    if error is None:
        return True
    if error.fatal():
        raise KafkaException(error)
    # Kafka away or moving: librdkafka goes on by itself.
    return False
