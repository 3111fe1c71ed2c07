"""The bridge's session at the MQTT broker: whose it is, what it asks for, and that it stands before a station speaks."""

from __future__ import annotations

import ssl
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from connectors import commune
from models.lorawan import read as uplinks
from models.lorawan.read import Senders
from models.telemetry.station_topic import PREFIX, ROOT

if TYPE_CHECKING:
    from paho.mqtt.reasoncodes import ReasonCode

    from connectors.settings import Settings

FORMER = (PREFIX + "+",)
"""What sessions of earlier versions asked for; the broker remembers it, and what is asked for twice it may send twice."""
UPLINKS = "application/+/device/+/event/up"
"""ChirpStack v4: application/APPLICATION/device/DEVEUI/event/up."""
QOS = 1


@dataclass(frozen=True)
class BridgeSettings:
    """`client_id` names the session in which the broker keeps our messages: never change it lightly."""

    host: str
    port: int
    bootstrap: str
    topic: str = "readings"
    client_id: str = "phusa-bridge"
    username: str | None = None
    password: str | None = None
    rejected: str = "rejected"
    senders: Senders = field(default_factory=dict)
    """LoRaWAN devices; none: uplinks are not asked for."""
    ca: Path | None = None
    """Authority of the broker's certificate; None: no TLS."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The bridge that this installation has. Raises FileNotFoundError when the password's file is not there."""
        host, port = settings.mqtt_address
        user, password = settings.mqtt_login or (None, None)
        own = commune.load(settings.commune)
        senders = uplinks.senders(own.devices, own.profiles)
        return cls(
            host,
            port,
            settings.bootstrap,
            username=user,
            password=password,
            senders=senders,
            ca=settings.mqtt_ca,
        )

    @property
    def wanted(self) -> list[tuple[str, int]]:
        """What to subscribe to."""
        return [(ROOT + "#", QOS), *([(UPLINKS, QOS)] if self.senders else [])]


def client(settings: BridgeSettings) -> Client:
    """Not yet connected, in the session that the broker keeps."""
    made = Client(
        CallbackAPIVersion.VERSION2,
        client_id=settings.client_id,
        clean_session=False,
        protocol=MQTTProtocolVersion.MQTTv311,
        manual_ack=True,
    )
    if settings.username is not None:
        made.username_pw_set(settings.username, settings.password)
    if settings.ca is not None:
        made.tls_set(ca_certs=str(settings.ca))
    return made


def subscribe(own: Client, settings: BridgeSettings) -> None:
    """First what is wanted now, then without what was: no message may fall between."""
    own.subscribe(settings.wanted)
    own.unsubscribe(list(FORMER))


class RefusedError(ConnectionError):
    """The MQTT broker refuses us, or cannot prove by its certificate that it is the one; trying again changes nothing."""


def reserve(settings: BridgeSettings, timeout_s: float = 10.0) -> None:
    """Make the session in which the MQTT broker keeps our messages, before the bridge runs for the first time.

    Without it, what a station sends before the first subscription would be acknowledged and thrown
    away. Not while the bridge runs: the broker would throw it out. Raises TimeoutError, RefusedError.
    """
    answered = threading.Event()
    refused: list[str] = []

    def connected(own: Client, _data: Any, _flags: ConnectFlags, code: ReasonCode, _more: Any) -> None:
        if code.is_failure:
            refused.append(str(code))
            answered.set()
        else:
            subscribe(own, settings)

    def failed(_own: Client, _data: Any) -> None:
        error = sys.exception()
        if isinstance(error, ssl.SSLCertVerificationError):
            refused.append(str(error))
            answered.set()

    def subscribed(_own: Client, _data: Any, _mid: int, codes: list[ReasonCode], _more: Any) -> None:
        refused.extend(f"subscription: {code}" for code in codes if code.is_failure)
        answered.set()

    made = client(settings)
    made.on_connect, made.on_connect_fail, made.on_subscribe = connected, failed, subscribed
    made.connect_async(settings.host, settings.port)
    made.loop_start()
    try:
        where = f"MQTT {settings.host}:{settings.port}"
        if not answered.wait(timeout_s):
            msg = f"{where}: no SUBACK in {timeout_s:.0f} s"
            raise TimeoutError(msg)
        if refused:
            msg = f"{where}: {refused[0]}"
            raise RefusedError(msg)
    finally:
        made.disconnect()
        made.loop_stop()
