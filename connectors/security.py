"""Settings of what goes beyond this machine: users, certificates, the listener for stations of the field.

Rules that hold for every process stand here and are refused when the settings are read: no listener beyond loopback
without a certificate, no password over a line in clear. Whether the files can be used is for `infra/run/stack/certificates.py`,
at `phusa up` and `phusa check`: a process that only talks to a server need not see that server's key.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings

MQTT_TLS_PORT = 8883
"""IANA: secure-mqtt."""
BRIDGE_USER = "phusa-bridge"
"""The bridge's user on the MQTT broker that we run."""


class Address(NamedTuple):
    """Where to listen; `host` 0.0.0.0 or :: is every network of this machine."""

    host: str
    port: int


def address(written: str, port: int) -> Address:
    """`HOST`, `HOST:PORT` or `[IPv6]:PORT`; `port` where none is written. Raises ValueError."""
    try:
        parts = urlsplit(f"//{written}")
        found = parts.port
    except ValueError:
        found = 0
        parts = urlsplit("//")
    if not parts.hostname or found == 0 or parts.path or parts.query or parts.username is not None:
        msg = f"cần ĐỊA_CHỈ hoặc ĐỊA_CHỈ:CỔNG (expected ADDRESS or ADDRESS:PORT), found {written!r}"
        raise ValueError(msg)
    return Address(parts.hostname, found or port)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine is reached by `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SecuritySettings(BaseSettings):
    """The part of the settings that is about users and certificates; all files are PEM."""

    mqtt_listen: str | None = Field(
        default=None,
        description="address[:port] where stations of the field reach our MQTT broker, by TLS only; port 8883",
    )
    mqtt_certificate: Path | None = Field(
        default=None, description="certificate of that listener, with those between it and its authority"
    )
    mqtt_key: Path | None = Field(default=None, description="private key of that certificate")
    mqtt_station_ca: Path | None = Field(
        default=None, description="stations must also show a certificate of this authority"
    )
    mqtt_user: str | None = Field(
        default=None,
        description=f"the bridge's user on PHUSA_MQTT, its password in the secret mqtt_bridge; ours: {BRIDGE_USER}",
    )
    mqtt_ca: Path | None = Field(
        default=None, description="authority of PHUSA_MQTT's certificate; TLS is used"
    )

    kafka_ca: Path | None = Field(
        default=None, description="authority of Kafka's certificate; all our clients then use TLS"
    )
    kafka_user: str | None = Field(
        default=None, description="our user of Kafka (SASL), its password in the secret kafka_client"
    )
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="PLAIN", description="how the user is proven to Kafka; the native broker knows PLAIN"
    )
    kafka_certificate: Path | None = Field(
        default=None, description="certificate of the native Kafka: its port then speaks TLS only"
    )
    kafka_key: Path | None = Field(default=None, description="private key of that certificate")

    database_ca: Path | None = Field(
        default=None, description="authority of the database's certificate; all our clients then use TLS"
    )
    database_sslmode: Literal["verify-full", "verify-ca"] = Field(
        default="verify-full", description="verify-ca does not compare the server's name"
    )
    database_certificate: Path | None = Field(
        default=None, description="certificate of the native database: its port then speaks TLS only"
    )
    database_key: Path | None = Field(default=None, description="private key of that certificate")

    @field_validator("mqtt_listen")
    @classmethod
    def _an_address(cls, written: str | None) -> str | None:
        if written is not None:
            address(written, MQTT_TLS_PORT)
        return written

    @field_validator("*")
    @classmethod
    def _the_same_for_every_process(cls, value: object, info: ValidationInfo) -> object:
        """Our processes run in another folder than the one in which a setting was typed."""
        if (
            isinstance(value, Path)
            and info.field_name in SecuritySettings.model_fields
            and not value.is_absolute()
        ):
            msg = f"cần đường dẫn đầy đủ, bắt đầu bằng / (expected a full path), found {str(value)!r}"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _secure_together(self) -> Self:
        found = mistakes(self)
        if found:
            raise ValueError("; ".join(found))
        return self

    @property
    def mqtt_outside(self) -> Address | None:
        """Where the listener for stations of the field is; None: there is none."""
        return None if self.mqtt_listen is None else address(self.mqtt_listen, MQTT_TLS_PORT)


def mistakes(own: SecuritySettings) -> list[str]:
    """What does not fit together, each in both languages and by the names of the variables."""
    named_mqtt, named_kafka, named_database = (
        getattr(own, name, None) for name in ("mqtt", "kafka", "database")
    )
    rules = [
        *_pair("MQTT", own.mqtt_certificate, own.mqtt_key),
        *_pair("KAFKA", own.kafka_certificate, own.kafka_key),
        *_pair("DATABASE", own.database_certificate, own.database_key),
        (
            own.mqtt_listen and not own.mqtt_certificate,
            "PHUSA_MQTT_LISTEN: không mở MQTT ra ngoài máy này nếu không có TLS; đặt PHUSA_MQTT_CERTIFICATE và PHUSA_MQTT_KEY",
            "no MQTT beyond this machine without TLS: set PHUSA_MQTT_CERTIFICATE and PHUSA_MQTT_KEY",
        ),
        (
            (own.mqtt_certificate or own.mqtt_station_ca) and not own.mqtt_listen,
            "PHUSA_MQTT_CERTIFICATE, PHUSA_MQTT_STATION_CA: chưa có nơi dùng; đặt PHUSA_MQTT_LISTEN, ví dụ 0.0.0.0:8883",
            "nothing uses it: set PHUSA_MQTT_LISTEN, e.g. 0.0.0.0:8883",
        ),
        (
            own.mqtt_listen and named_mqtt,
            "PHUSA_MQTT_LISTEN: PHUSA_MQTT đã chỉ máy chủ MQTT khác, mở cổng ở máy chủ đó",
            "PHUSA_MQTT names another broker: its listeners are its own",
        ),
        (
            (own.mqtt_user or own.mqtt_ca) and not named_mqtt,
            "PHUSA_MQTT_USER, PHUSA_MQTT_CA: chỉ dùng với PHUSA_MQTT; máy chủ MQTT của ta tự có người dùng",
            "only with PHUSA_MQTT: the broker that we run has users of its own",
        ),
        (
            named_mqtt
            and own.mqtt_user
            and not own.mqtt_ca
            and not is_loopback(address(named_mqtt, MQTT_TLS_PORT).host),
            "PHUSA_MQTT_USER: mật khẩu sẽ đi không mã hoá ra ngoài máy này; đặt PHUSA_MQTT_CA",
            "the password would leave this machine in clear: set PHUSA_MQTT_CA",
        ),
        (
            own.kafka_user and not own.kafka_ca,
            "PHUSA_KAFKA_USER: mật khẩu sẽ đi không mã hoá; đặt PHUSA_KAFKA_CA",
            "the password would travel in clear: set PHUSA_KAFKA_CA",
        ),
        (
            own.kafka_certificate and own.kafka_user and not re.fullmatch(r"[A-Za-z0-9._-]+", own.kafka_user),
            f"PHUSA_KAFKA_USER: cần chữ, số, dấu . _ -, thấy {own.kafka_user!r}",
            f"expected letters, digits, . _ -, found {own.kafka_user!r}",
        ),
        *_ours("KAFKA", own.kafka_certificate, own.kafka_ca, named=bool(named_kafka)),
        *_ours("DATABASE", own.database_certificate, own.database_ca, named=bool(named_database)),
        (
            own.kafka_certificate and own.kafka_mechanism != "PLAIN",
            f"PHUSA_KAFKA_MECHANISM: Kafka của máy này chỉ biết PLAIN (qua TLS), thấy {own.kafka_mechanism}",
            f"the native Kafka knows PLAIN only (inside TLS), found {own.kafka_mechanism}",
        ),
    ]
    return [f"{vi} ({en})" for wrong, vi, en in rules if wrong]


Rule = tuple[object, str, str]
"""Whether it is broken, and what is then said in Vietnamese and in English."""


def _pair(server: str, certificate: Path | None, key: Path | None) -> list[Rule]:
    pair = f"PHUSA_{server}_CERTIFICATE, PHUSA_{server}_KEY"
    wrong = (certificate is None) != (key is None)
    return [(wrong, f"{pair}: phải đặt cả hai hoặc không", "both or neither")]


def _ours(server: str, certificate: Path | None, ca: Path | None, *, named: bool) -> list[Rule]:
    """A server that we start with a certificate: ours in truth, and our own clients can check it."""
    variable = f"PHUSA_{server}_CERTIFICATE"
    return [
        (
            certificate and not ca,
            f"{variable}: đặt cả PHUSA_{server}_CA để các tiến trình của ta kiểm tra được máy chủ",
            f"set PHUSA_{server}_CA too, by which our own processes check the server",
        ),
        (
            certificate and named,
            f"{variable}: PHUSA_{server} đã chỉ máy chủ khác, chứng thư đặt ở máy chủ đó",
            f"PHUSA_{server} names another server: its certificate is its own",
        ),
    ]
