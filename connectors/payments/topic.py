"""Into the topic `payments`, each record awaited until Kafka has it.

Delivery: at least once. acks=all, idempotent, batched by librdkafka (linger): a thousand calls a
second share a few requests. A record that is not acknowledged within TIMEOUT_MS is an error to the
caller, who answers 503 and is called again; Kafka may have it all the same, the flow knows a duplicate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from confluent_kafka import KafkaError, KafkaException, Message

from connectors.kafka.sink import KafkaSinkSettings, producer
from models.envelope.partition import partition_of

log = structlog.get_logger(__name__)

TIMEOUT_MS = 4000
"""SePay waits 5 s for its answer."""
POLL_S = 0.002
"""Between two looks at the delivery reports while some are awaited."""
MOST_AWAITED = 2000
FLUSH_S = 10.0


class NotKeptError(RuntimeError):
    """Kafka has not confirmed the record; whoever sent it must send it again."""


class Keeper(Protocol):
    """Where records go."""

    async def put(self, key: str, value: bytes) -> None:
        """Return when it is kept. Raises NotKeptError."""
        ...


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """`most_awaited`: more calls than these at once are refused at the endpoint, so that memory is bounded."""

    bootstrap: str
    topic: str = "payments"
    most_awaited: int = MOST_AWAITED
    timeout_ms: int = TIMEOUT_MS


class Topic:
    """One producer inside one event loop; no thread of our own."""

    def __init__(self, settings: TopicSettings) -> None:
        self._settings = settings
        self._awaited = 0
        self._wanted = asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self.broken: KafkaError | None = None
        self._producer = producer(
            KafkaSinkSettings(
                settings.bootstrap,
                settings.topic,
                config={
                    "message.timeout.ms": settings.timeout_ms,
                    "delivery.report.only.error": False,
                    "error_cb": self._failed,
                },
            )
        )

    async def put(self, key: str, value: bytes) -> None:
        """Return when Kafka has it. Raises NotKeptError."""
        if self._awaited >= self._settings.most_awaited:
            raise NotKeptError("quá nhiều yêu cầu cùng lúc (too many at once)")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def delivered(error: KafkaError | None, _message: Message) -> None:
            # Called inside `poll`, so inside our loop.
            if done.done():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(NotKeptError(error.str()))

        self._produce(key, value, delivered)
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll())
        self._awaited += 1
        self._wanted.set()
        try:
            await done
        finally:
            self._awaited -= 1

    def _produce(
        self, key: str, value: bytes, delivered: Callable[[KafkaError | None, Message], None]
    ) -> None:
        try:
            self._producer.produce(
                self._settings.topic, value, key, partition=partition_of(key), on_delivery=delivered
            )
        except (BufferError, KafkaException) as error:
            raise NotKeptError(str(error)) from error

    async def _poll(self) -> None:
        while True:
            await self._wanted.wait()
            while self._awaited:
                self._producer.poll(0)
                await asyncio.sleep(POLL_S)
            self._wanted.clear()

    def _failed(self, error: KafkaError) -> None:
        if error.fatal():
            # Nothing more goes out by this producer: the process ends and the supervisor begins anew.
            self.broken = error
            log.error("payments_producer_broken", error=error.str())

    async def close(self) -> None:
        """Wait for what is under way."""
        if self._polling is not None:
            self._polling.cancel()
        left = self._producer.flush(FLUSH_S)
        log.info("payments_topic_closed", unacknowledged=left)
