"""The stations of the simulator as an MQTT client: QoS 1, every PUBACK awaited.

Delivery: at least once; `publish` returns when the broker has acknowledged every message, or says
how many it did not.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from infra.rehearsal.simulator.truth import TOPIC
from infra.run.stack.passwords import rehearsal_login

if TYPE_CHECKING:
    from paho.mqtt.reasoncodes import ReasonCode

    from connectors.settings import Settings

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
        self._refused = ""

    @classmethod
    def of(cls, settings: Settings, name: str = "phusa-simulator") -> Self:
        """To this copy's broker, as the user that may speak for any station; `name` is the session's."""
        return cls(*settings.mqtt_address, name, rehearsal_login(settings))

    def __enter__(self) -> Self:
        """Connect, and wait for the broker's answer."""
        self._client.connect(*self._address, keepalive=30)
        self._client.loop_start()
        answered = self._connected.wait(CONNECT_S)
        if self._refused or not answered:
            self._client.disconnect()
            self._client.loop_stop()
        if self._refused:
            msg = f"MQTT {self._address[0]}:{self._address[1]}: {self._refused}"
            raise PublishError(msg)
        if not answered:
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

    def drained(self, timeout_s: float) -> bool:
        """Whether the last PUBACK has come within so long."""
        with self._moved:
            return self._moved.wait_for(lambda: self.acknowledged >= self.sent, timeout_s)

    def drain(self, timeout_s: float = 60.0) -> None:
        """Wait for the last PUBACK; raises PublishError naming how many are missing."""
        if not self.drained(timeout_s):
            missing = self.sent - self.acknowledged
            msg = f"{missing} of {self.sent} messages have no PUBACK after {timeout_s:.0f} s"
            raise PublishError(msg)

    def _on_connect(
        self, _client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _more: object
    ) -> None:
        self._refused = str(code) if code.is_failure else ""
        self._connected.set()

    def _on_publish(self, *_: object) -> None:
        with self._moved:
            self.acknowledged += 1
            self._moved.notify_all()
