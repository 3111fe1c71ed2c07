"""Apache Kafka as one process on the machine's Java: KRaft, one node, jars by Maven."""

from __future__ import annotations

import base64
import hashlib
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from infra.run.stack import certificates, packages
from infra.run.stack.passwords import KAFKA_CLIENT, made_once, owners_only
from infra.run.stack.place import building, cache, place
from infra.run.stack.program import Program
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from connectors.settings import Settings

POM = Path(__file__).resolve().parent.parent / "kafka" / "pom.xml"
NEEDED = {"java": "default-jre-headless", "mvn": "maven"}
HEAP = "768m"
LARGEST_MESSAGE = 24 * 1024 * 1024
"""Bytes: a reading of 10 MB must come through to be refused by name."""
KEYSTORE = "kafka-keystore.pem"
FOREVER_MS = 2**63 - 1


def version() -> str:
    """The pinned version, from the pom."""
    found = ElementTree.parse(POM).findtext(".//{*}kafka.version")  # noqa: S314 (our own file)
    if not found:
        msg = f"{POM}: no kafka.version"
        raise ValueError(msg)
    return found


def fetch() -> Path:
    """The folder of jars, copied by Maven the first time."""
    jars = cache() / f"kafka-{version()}"
    with building(jars) as part:
        if part is not None:
            tell(f"Tải Apache Kafka {version()} bằng Maven", f"Fetching Apache Kafka {version()} by Maven")
            packages.quiet(
                [
                    "mvn",
                    "-q",
                    "-B",
                    "-f",
                    str(POM),
                    "dependency:copy-dependencies",
                    f"-DoutputDirectory={part}",
                ]
            )
    return jars


def properties(settings: Settings, data: Path) -> str:
    """server.properties of the one node; with a certificate its port for clients speaks TLS only."""
    broker, controller = f"127.0.0.1:{settings.kafka_port}", f"127.0.0.1:{settings.controller_port}"
    listener = "PLAINTEXT" if settings.kafka_certificate is None else SECURE
    values = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"{listener}://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"{listener}://{broker}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        "message.max.bytes": LARGEST_MESSAGE,
        "replica.fetch.max.bytes": LARGEST_MESSAGE,
        # A simulated day may lie ahead of the wall clock; "in the future" is for the flow to judge.
        "log.message.timestamp.after.max.ms": FOREVER_MS,
        "group.initial.rebalance.delay.ms": 0,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # The cleaner's map is taken from the heap at start, 128 MiB by default.
        "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    } | (_secure(settings) if settings.kafka_certificate is not None else {})
    return "".join(f"{name}={value}\n" for name, value in values.items())


SECURE = "CLIENTS"
"""Name of the listener that speaks TLS."""


def _secure(settings: Settings) -> dict[str, object]:
    """What the listener with TLS needs; with a user nobody is let in without its password."""
    asks = settings.kafka_user is not None
    found: dict[str, object] = {
        "listener.security.protocol.map": f"{SECURE}:{'SASL_SSL' if asks else 'SSL'},CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": SECURE,
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": place(settings).run / KEYSTORE,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": settings.kafka_ca,
    }
    if not asks:
        return found
    user, password = (_quotable(text) for text in (settings.kafka_user or "", settings.secret(KAFKA_CLIENT)))
    return found | {
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        f"listener.name.{SECURE.lower()}.sasl.enabled.mechanisms": "PLAIN",
        # The broker is a client of itself too, by the same user.
        f"listener.name.{SECURE.lower()}.plain.sasl.jaas.config": (
            "org.apache.kafka.common.security.plain.PlainLoginModule required "
            f'username="{user}" password="{password}" user_{user}="{password}";'
        ),
    }


def _quotable(text: str) -> str:
    """Between quotes of a JAAS line in a file of properties, where a backslash is read twice."""
    if not text.isascii() or not text.isprintable() or set(text) & {'"', "\\"}:
        raise StackError(
            "PHUSA_KAFKA_USER và mật khẩu kafka_client: chỉ ký tự ASCII in được, không có dấu nháy kép hay gạch chéo ngược",
            "PHUSA_KAFKA_USER and the secret kafka_client: printable ASCII only, no double quote and no backslash",
        )
    return text


def _keystore(settings: Settings) -> str:
    """Certificate and key in one text, as Kafka reads PEM; empty where there is none."""
    if settings.kafka_certificate is None or settings.kafka_key is None:
        return ""
    return certificates.pkcs8(settings.kafka_key) + settings.kafka_certificate.read_text(encoding="utf-8")


LOG4J = """\
status=warn
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
"""


def prepare(settings: Settings) -> Program:
    """Fetch, format the folder of data once, and describe the process."""
    jars = fetch()
    own = place(settings)
    data = own.stack("kafka")
    config, log4j = own.run / "kafka.properties", own.run / "kafka-log4j2.properties"
    if settings.kafka_certificate is not None and settings.kafka_user is not None:
        made_once(settings.secrets_dir / KAFKA_CLIENT)
    text, store = properties(settings, data), _keystore(settings)
    owners_only(config, text)
    if store:
        owners_only(own.run / KEYSTORE, store)
    log4j.write_text(LOG4J, encoding="utf-8")
    java = [packages.program("java") or "java", "-cp", f"{jars}/*", f"-Dlog4j2.configurationFile={log4j}"]
    if not (data / "meta.properties").exists():
        # A format that was cut off leaves a folder that neither formats nor starts.
        shutil.rmtree(data, ignore_errors=True)
        tell("Định dạng thư mục dữ liệu Kafka", "Formatting Kafka's data folder")
        packages.quiet([*java, "kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", str(config)])
    return Program(
        name="kafka",
        command=(*java, "-Xms256m", f"-Xmx{HEAP}", "-XX:+ExitOnOutOfMemoryError", "kafka.Kafka", str(config)),
        priority=10,
        folder=own.var,
        stop_wait_s=30,
        # Another certificate or password is another description: the supervisor begins it anew.
        environment={"PHUSA_KAFKA_MARK": hashlib.sha256((text + store).encode()).hexdigest()[:12]}
        if store
        else {},
        ports={"Kafka": settings.kafka_port, "Kafka controller": settings.controller_port},
    )


def _cluster_id() -> str:
    """16 random bytes as Kafka writes them; the first character may not be a dash, the tool takes it for an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
