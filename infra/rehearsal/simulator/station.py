"""The stations of the simulator as an MQTT client: QoS 1, every PUBACK awaited.

Delivery: at least once; `publish` returns when the broker has acknowledged every message, or says
how many it did not.
"""

from __future__ import annotations

import threading
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from infra.rehearsal.simulator.truth import TOPIC

INFLIGHT = 100
"""Messages without PUBACK at a time; enough for 1,000 a second at 100 ms round trip."""
CONNECT_S = 120.0


class PublishError(RuntimeError):
    """The broker did not take everything in time."""


class Publisher:
    """One connection for all simulated stations; use as a context manager."""

    def __init__(
        self, host: str, port: int, name: str = "phusa-simulator", credentials: tuple[str, str] | None = None
    ) -> None:
        """`credentials` are user and password, where the broker asks for them."""
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
        self._client.max_inflight_messages_set(INFLIGHT)
        self._client.max_queued_messages_set(0)
        if credentials is not None:
            self._client.username_pw_set(*credentials)
        self._client.on_publish = self._on_publish
        self._client.on_connect = self._on_connect
        self._address = (host, port)
        self._connected = threading.Event()
        self._moved = threading.Condition()
        self.sent = 0
        """Messages handed to the client."""
        self.acknowledged = 0
        """Messages that the broker has answered with a PUBACK."""

    def __enter__(self) -> Self:
        """Connect, and wait for the broker's answer."""
        self._client.connect(*self._address, keepalive=30)
        self._client.loop_start()
        if not self._connected.wait(CONNECT_S):
            self._client.loop_stop()
            msg = f"MQTT {self._address[0]}:{self._address[1]}: no CONNACK in {CONNECT_S:.0f} s"
            raise PublishError(msg)
        return self

    def __exit__(self, *_: object) -> None:
        """Say goodbye."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, station: str, payload: bytes) -> None:
        """Hand over one reading of a station."""
        self._client.publish(TOPIC + station, payload, qos=1)
        self.sent += 1

    def drain(self, timeout_s: float = 60.0) -> None:
        """Wait for the last PUBACK; raises PublishError naming how many are missing."""
        with self._moved:
            done = self._moved.wait_for(lambda: self.acknowledged >= self.sent, timeout_s)
        if not done:
            missing = self.sent - self.acknowledged
            msg = f"{missing} of {self.sent} messages have no PUBACK after {timeout_s:.0f} s"
            raise PublishError(msg)

    def _on_connect(self, *_: object) -> None:
        self._connected.set()

    def _on_publish(self, *_: object) -> None:
        with self._moved:
            self.acknowledged += 1
            self._moved.notify_all()
