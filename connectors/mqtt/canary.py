"""The canary's sender: once a minute a marked reading by MQTT, as any station sends, from a user that may speak for no other.

What is due while the MQTT broker is away is not kept: an old canary says nothing. Delivery: at most once, by QoS 1 while connected.
Where the clock is a play's, or PHUSA_CANARY is off, it stays and sends nothing: its age is of the wall clock.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties

from connectors import clock, readiness
from models.commune.canary import CANARY, CANARY_PARAMETER, CANARY_UNIT, EVERY_S, canary_value
from models.envelope.reading import SCHEMA_VERSION, Reading
from models.telemetry.station_topic import PREFIX

if TYPE_CHECKING:
    from datetime import datetime

    from paho.mqtt.reasoncodes import ReasonCode

    from connectors.settings import Settings

log = structlog.get_logger(__name__)

RECONNECT_S, RECONNECT_MAX_S = 1, 10
ANSWER_S = 10.0
SECRET = "mqtt_canary"  # noqa: S105 (the name of a secret file)


def canary_reading(at: datetime) -> Reading:
    """What the canary sends at a moment; the milliseconds are all that is kept of it."""
    stamp = at.replace(microsecond=at.microsecond // 1000 * 1000)
    number = int(at.timestamp() * 1000)
    return Reading(SCHEMA_VERSION, CANARY, number, stamp, CANARY_PARAMETER, canary_value(at), CANARY_UNIT)


def login(settings: Settings) -> tuple[str, str] | None:
    """Its user and password; None: the broker named in PHUSA_MQTT asks for none. Raises FileNotFoundError."""
    if settings.mqtt is not None and settings.mqtt_user is None:
        return None
    return CANARY, settings.secret(SECRET)


class Canary:
    """One connection; `now` is the wall clock."""

    def __init__(self, settings: Settings, now: clock.Now = clock.system) -> None:
        self._address, self._now = settings.mqtt_address, now
        self._connected = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=CANARY)
        credentials = login(settings)
        if credentials is not None:
            self._client.username_pw_set(*credentials)
        if settings.mqtt_ca is not None:
            self._client.tls_set(ca_certs=str(settings.mqtt_ca))
        self._client.reconnect_delay_set(RECONNECT_S, RECONNECT_MAX_S)
        self._client.on_connect, self._client.on_disconnect = self._on_connect, self._on_disconnect

    def run(self, stopping: threading.Event) -> None:
        """Send each minute until `stopping`, the first as soon as it is connected."""
        self._client.connect_async(*self._address)
        self._client.loop_start()
        while not stopping.is_set():
            if self._connected.wait(1.0):
                self.send()
                stopping.wait(EVERY_S - self._now().timestamp() % EVERY_S)
        self._client.disconnect()
        self._client.loop_stop()

    def send(self) -> bool:
        """Send one; True once the broker has it, False where it is away."""
        if not self._connected.is_set():
            return False
        told = self._client.publish(PREFIX + CANARY, msgspec.json.encode(canary_reading(self._now())), qos=1)
        if told.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        told.wait_for_publish(ANSWER_S)
        return told.is_published()

    def _on_connect(
        self, _client: Client, _data: Any, _flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if code.is_failure:
            log.error("mqtt_refused", reason=str(code), user=CANARY)
            return
        self._connected.set()
        readiness.tell(readiness.MQTT)
        log.info("canary_connected")

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        self._connected.clear()
        readiness.lack(readiness.MQTT)
        log.warning("mqtt_disconnected", reason=str(code))


def run(settings: Settings) -> None:
    """Run until SIGTERM. Start: phusa run canary."""
    stopping = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopping.set())
    if not settings.sends_canary:
        readiness.tell(readiness.MQTT)
        log.info("canary_off", clock=settings.clock, wanted=settings.canary)
        stopping.wait()
        return
    Canary(settings).run(stopping)
