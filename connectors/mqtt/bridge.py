"""Carry what the stations publish from MQTT to the topic `readings`, byte for byte; uplinks of LoRaWAN become readings.

All below `phusa/` is read: what is on no topic of readings goes onto `rejected` by name (connectors/mqtt/records.py).

Delivery: at least once. A station's QoS 1 message is acknowledged to the MQTT broker only after
Kafka has it (acks=all); what was not acknowledged comes again after a reconnect, and the
telemetry flow knows a duplicate. While Kafka is away the broker keeps the messages for us.
"""

from __future__ import annotations

import itertools
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from confluent_kafka import KafkaError, KafkaException, Message
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties

from connectors import clock, readiness
from connectors.kafka.sink import KafkaSinkSettings, producer
from connectors.mqtt import session
from connectors.mqtt.records import Outgoing, Ways, records
from connectors.mqtt.session import BridgeSettings
from models.telemetry import ways
from models.telemetry.sensor import BRIDGE
from models.telemetry.ways import PROMISE_S

if TYPE_CHECKING:
    from paho.mqtt.reasoncodes import ReasonCode

    from connectors.settings import Settings

log = structlog.get_logger(__name__)

Delivered = Callable[[Outgoing, KafkaError | None, Message], None]
POLL_S = 0.05
RECONNECT_S = 1
RECONNECT_MAX_S = 10
FLUSH_S = 10.0
LEAP = timedelta(minutes=1)


class Bridge:
    """One MQTT session into one Kafka topic; `now` gives the arrival time of each message.

    While it is connected it says every few seconds that it lives, and first of all when it has connected: so what it brings then is known
    to have waited for it (models/telemetry/ways.py).
    """

    def __init__(self, settings: BridgeSettings, now: clock.Now, promise_s: float = PROMISE_S) -> None:
        self._settings, self._now, self._promise_s = settings, now, promise_s
        self._passed = clock.passed(now)
        self._connected_to_mqtt = threading.Event()
        self._beats = itertools.count()
        self._beat_due, self._beat_at = 0.0, datetime.min.replace(tzinfo=UTC)
        self._ways = Ways(settings.topic, settings.rejected, settings.senders)
        self._failed = threading.Event()
        self._broken: KafkaException | None = None
        self._stopping = threading.Event()
        self._producer = producer(
            KafkaSinkSettings(
                settings.bootstrap,
                settings.topic,
                # 0: wait for Kafka for ever; meanwhile the MQTT broker holds what is unacknowledged.
                config={"message.timeout.ms": 0, "delivery.report.only.error": False},
            )
        )
        self._client = self._connected()

    def _connected(self) -> Client:
        client = session.client(self._settings)
        client.on_connect_fail = self._on_connect_fail
        client.reconnect_delay_set(RECONNECT_S, RECONNECT_MAX_S)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = lambda *_: readiness.tell(readiness.MQTT)
        client.connect_async(self._settings.host, self._settings.port)
        return client

    def run(self) -> None:
        """Carry messages until `stop`; a failed delivery makes us reconnect, so that it comes again.

        Raises KafkaException when the producer is beyond help.
        """
        self._client.loop_start()
        while not self._stopping.is_set():
            self._producer.poll(POLL_S)
            if self._broken is not None:
                raise self._broken
            if self._connected_to_mqtt.is_set() and self._beat_is_due():
                self._beat()
            if self._failed.is_set():
                self._failed.clear()
                self._client.disconnect()
                self._client.loop_stop()
                self._client = self._connected()
                self._client.loop_start()
        left = self._producer.flush(FLUSH_S)
        self._client.disconnect()
        self._client.loop_stop()
        log.info("bridge_stopped", unacknowledged=left)

    def stop(self, *_signal: object) -> None:
        """End `run` after what is in flight has been acknowledged."""
        self._stopping.set()

    def _on_connect(
        self,
        client: Client,
        _data: Any,
        _flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if code.is_failure:
            log.error(
                "mqtt_refused", reason=str(code), address=f"{self._settings.host}:{self._settings.port}"
            )
            return
        if self._promise_s:
            self._beat()
        self._connected_to_mqtt.set()
        session.subscribe(client, self._settings)
        log.info("mqtt_connected", address=f"{self._settings.host}:{self._settings.port}")

    def _on_connect_fail(self, _client: Client, _data: Any) -> None:
        """Nobody listens there, or it cannot prove by its certificate that it is the one; it is tried again."""
        address = f"{self._settings.host}:{self._settings.port}"
        log.warning("mqtt_unreachable", reason=str(sys.exception()), address=address)

    def _on_disconnect(
        self,
        _client: Client,
        _data: Any,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._connected_to_mqtt.clear()
        readiness.lack(readiness.MQTT)
        if not self._stopping.is_set():
            log.warning("mqtt_disconnected", reason=str(code))

    def _beat_is_due(self) -> bool:
        """Every few seconds; where the clock is a play's, whenever it has leapt."""
        if not self._promise_s:
            return False
        leapt = self._promise_s > PROMISE_S and self._passed() - self._beat_at >= LEAP
        return leapt or time.monotonic() >= self._beat_due

    def _beat(self) -> None:
        """Say in every partition that we live; one that fails is made good by the next."""

        def delivered(record: Outgoing, error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                log.warning("beat_not_taken", partition=record.partition, error=error.str())

        at = self._passed()
        stamp_ms = round(at.timestamp() * 1000)
        for partition, one in ways.beats(BRIDGE, next(self._beats), at, self._promise_s):
            value = msgspec.json.encode(one)
            self._offer(Outgoing(self._settings.topic, BRIDGE, value, partition, stamp_ms), delivered)
        self._beat_due, self._beat_at = time.monotonic() + ways.EVERY_S, at

    def _on_message(self, client: Client, _data: Any, message: MQTTMessage) -> None:
        """A message is acknowledged when the last of its records is in Kafka."""
        mid, qos = message.mid, message.qos
        found = records(self._ways, message.topic, bytes(message.payload), self._now())
        self._carry(found, lambda: client.ack(mid, qos) if qos else None)

    def _carry(self, found: Sequence[Outgoing], done: Callable[[], object]) -> None:
        """Write these records; `done` is called once Kafka has all, never when one failed: then the message comes again."""
        left, failed = len(found), False

        def delivered(record: Outgoing, error: KafkaError | None, _message: Message) -> None:
            nonlocal left, failed
            if error is not None and error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
                self._offer(record.cut(), delivered)
                return
            left -= 1
            if error is not None:
                failed = True
                log.error("message_not_taken", topic=record.topic, key=record.key, error=error.str())
                self._failed.set()
            elif not left and not failed:
                done()

        if not found:
            done()
        for outgoing in found:
            self._offer(outgoing, delivered)

    def _offer(self, record: Outgoing, delivered: Delivered) -> None:
        """Hand one record to the producer; `delivered` is told what became of it."""
        while True:
            try:
                self._producer.produce(
                    record.topic, record.value, record.key, partition=record.partition,
                    timestamp=record.stamp_ms, on_delivery=partial(delivered, record),
                )  # fmt: skip
            except BufferError:
                # The local queue is full: waiting here holds back the MQTT broker, which keeps the rest.
                self._producer.poll(POLL_S)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.MSG_SIZE_TOO_LARGE:
                    # Nothing more goes out by this producer: end, and the supervisor begins anew.
                    self._broken = error
                    return
                record = record.cut()
            else:
                return


def run(settings: Settings) -> None:
    """Run the bridge until SIGTERM. Start: phusa run bridge."""
    now = clock.from_setting(settings.clock) or clock.system
    promise_s = ways.promise_s(settings.clock)
    bridge = Bridge(BridgeSettings.of(settings), now, promise_s)
    signal.signal(signal.SIGTERM, bridge.stop)
    signal.signal(signal.SIGINT, bridge.stop)
    bridge.run()
