"""The three servers and the ways to have them: named in the settings, by Docker compose, natively."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from connectors.kafka.client import client_settings
from infra.run.stack import compose, kafka, mosquitto, packages, patience, ports, postgres
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.settings import Settings
    from infra.run.stack.program import Program

NAMED_PATIENCE_S = 30.0
"""For a server that we did not start, of which we cannot see whether it is alive."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server: who it is, where the settings name it, whether it answers."""

    name: str
    title: str
    setting: str
    address: str | None
    answers: Callable[[], bool]


def servers(settings: Settings) -> list[Server]:
    """The three in the order in which they start."""
    host, port = settings.mqtt_address
    database = "PHUSA_DATABASE" if settings.database else None
    return [
        Server("kafka", "Apache Kafka", "PHUSA_KAFKA", settings.kafka, lambda: _kafka(settings)),
        # The DSN may hold a password: only the name of its setting is ever printed.
        Server("timescaledb", "TimescaleDB", "PHUSA_DATABASE", database, lambda: _database(settings)),
        Server("mosquitto", "MQTT", "PHUSA_MQTT", settings.mqtt, lambda: ports.answers(host, port)),
    ]


def server_dsn(settings: Settings) -> str:
    """The administrator's DSN on a database that surely exists, to create ours from."""
    if settings.database:
        return settings.dsn("admin")
    return psycopg.conninfo.make_conninfo(settings.dsn("admin"), dbname="postgres")


def _kafka(settings: Settings) -> bool:
    """Whether it answers; raises StackError when it answers and one of us does not trust the other."""
    refused: list[str] = []

    def told(error: KafkaError) -> None:
        if error.code() == KafkaError._AUTHENTICATION or UNTRUSTED in error.str():  # noqa: SLF001 (the library's own name)
            refused.append(error.str())

    asking = {**client_settings(settings.bootstrap, settings), "log_level": 0, "error_cb": told}
    admin = AdminClient(asking)
    try:
        admin.list_topics(timeout=2)
    except KafkaException:
        admin.poll(0)  # hands over what the library has to say
        if refused:
            raise _distrust(
                "Apache Kafka", settings.bootstrap, refused[-1], "PHUSA_KAFKA_CA, _USER"
            ) from None
        return False
    return True


UNTRUSTED = "certificate verify failed"
"""OpenSSL's words, which librdkafka and libpq pass on."""


def _distrust(title: str, where: str, why: str, names: str) -> StackError:
    return StackError(
        f"{title} ({where}) từ chối, hoặc không chứng minh được mình: {why}. Xem {names} và tập tin mật khẩu",
        f"{title} ({where}) refuses us, or cannot prove itself: {why}. Look at {names} and the password's file",
    )


def _database(settings: Settings) -> bool:
    """Whether it lets us in; raises StackError when it cannot prove itself by TLS as the settings want it."""
    try:
        psycopg.connect(server_dsn(settings), connect_timeout=2).close()
    except psycopg.OperationalError as error:
        if settings.database_ca is not None and any(word in str(error) for word in ("SSL", "certificate")):
            # The DSN may hold a password: only what the library says of the connection is told.
            raise _distrust("TimescaleDB", "PHUSA_DATABASE", str(error), "PHUSA_DATABASE_CA") from None
        return False
    return True


def native(settings: Settings, names: list[str]) -> list[Program]:
    """Install what lacks and describe the servers `names` as programs of the supervisor."""
    needed: dict[str, str] = {}
    needed |= kafka.NEEDED if "kafka" in names else {}
    needed |= mosquitto.NEEDED if "mosquitto" in names else {}
    needed |= postgres.needed() if "timescaledb" in names else {}
    packages.require(needed)
    prepare = {"kafka": kafka.prepare, "timescaledb": postgres.prepare, "mosquitto": mosquitto.prepare}
    return [prepare[name](settings) for name in names]


def choose(settings: Settings) -> tuple[list[Server], str]:
    """The servers that we must start, and the way: "named", "compose" or "native". Says it aloud."""
    ours = []
    for server in servers(settings):
        if server.address is None:
            ours.append(server)
        else:
            where = server.address if server.address != server.setting else "đã đặt (set)"
            tell(
                f"{server.title}: máy chủ có sẵn, {server.setting}: {where}",
                f"{server.title}: a server that already runs",
            )
    if not ours:
        return [], "named"
    names = ", ".join(one.title for one in ours)
    if compose.engine_answers():
        tell(f"{names}: chạy bằng Docker compose", f"{names}: by Docker compose")
        return ours, "compose"
    tell(
        f"{names}: chạy trực tiếp trên máy (không có Docker)", f"{names}: natively (no Docker engine answers)"
    )
    return ours, "native"


def wait(server: Server, alive: Callable[[], None] | None) -> None:
    """Until it answers. `alive` raises when the process that we started has died: as long as it lives we wait.

    None: a server that somebody else runs; who does not answer for NAMED_PATIENCE_S is said to be away.
    """
    until = time.monotonic() + NAMED_PATIENCE_S

    def check() -> None:
        if alive is not None:
            alive()
        elif time.monotonic() > until:
            where = f"{server.setting}={server.address}" if server.address else server.name
            raise StackError(
                f"{server.title} không trả lời ({where}). Máy chủ có đang chạy không?",
                f"{server.title} does not answer ({where}). Is it running?",
            )

    words = (f"{server.title} trả lời", f"{server.title} answers")
    patience.until(server.answers, check, lambda: words)
