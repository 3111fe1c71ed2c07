"""A station of the field: one MQTT connection, and what the broker says to it."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.certificates import Pair
from tests.gateways import eventually


class RefusedError(Exception):
    """The connection did not come about; says why."""


class Station:
    """Speaks MQTT 5, in which a broker says what it refuses; use as a context manager."""

    def __init__(
        self,
        address: tuple[str, int],
        login: tuple[str, str] | None,
        ca: Path | None = None,
        client_id: str = "",
        own: Pair | None = None,
    ) -> None:
        self._address = address
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5
        )
        if login is not None:
            self.client.username_pw_set(*login)
        if ca is not None:
            files = {"certfile": str(own.certificate), "keyfile": str(own.key)} if own else {}
            self.client.tls_set(ca_certs=str(ca), **files)
        self._answered = threading.Event()
        self._acknowledged: dict[int, str] = {}
        self.refused = ""
        self.dropped = threading.Event()
        self.received: list[MQTTMessage] = []
        self.client.on_connect, self.client.on_disconnect = self._connected, self._disconnected
        self.client.on_publish, self.client.on_message = self._published, self._message
        self.client.on_subscribe = lambda *_: self._answered.set()

    def __enter__(self) -> Self:
        """Connect; raises RefusedError with the reason."""
        try:
            self.client.connect(*self._address, keepalive=30)
        except (OSError, ssl.SSLError) as error:
            raise RefusedError(str(error)) from error
        self.client.loop_start()
        eventually(self._answered.is_set)
        if self.refused:
            self._end()
            raise RefusedError(self.refused)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> str:
        """What the broker answers to a message with QoS 1."""
        mid = self.client.publish(topic, payload, qos=1).mid
        return str(eventually(lambda: self._acknowledged.get(mid)))

    def subscribe(self, topic: str) -> None:
        """Ask for a topic and wait for the answer."""
        self._answered.clear()
        self.client.subscribe(topic, qos=1)
        eventually(self._answered.is_set)

    def _connected(self, _client: Client, _data: Any, _flags: Any, code: Any, _more: Any) -> None:
        self.refused = str(code) if code.is_failure else ""
        self._answered.set()

    def _disconnected(self, _client: Client, _data: Any, _flags: Any, code: Any, _more: Any) -> None:
        if not self._answered.is_set():
            self.refused = f"closed: {code}"
            self._answered.set()
        self.dropped.set()

    def _published(self, _client: Client, _data: Any, mid: int, code: Any, _more: Any) -> None:
        self._acknowledged[mid] = str(code)

    def _message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.received.append(message)
