"""Kafka by TLS and user, TimescaleDB by TLS: our clients work, and whoever cannot prove himself is refused and told so."""

from __future__ import annotations

import time

import psycopg
import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from connectors.kafka.asking import insist
from connectors.kafka.client import client_settings
from connectors.kafka.lag import ends
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.kafka.topics import TOPICS
from connectors.settings import Settings
from infra.run.doctor import services
from infra.run.doctor.line import Verdict
from infra.run.stack import servers
from infra.run.stack.voice import StackError
from tests import kafka
from tests.certificates import Authority
from tests.gateways import eventually

pytestmark = pytest.mark.integration

VALUES = [str(i).encode() for i in range(10)]


def test_a_flows_sink_and_source_work_by_tls_and_user(own: Settings) -> None:
    name = kafka.topic(own.bootstrap)
    sink = KafkaSink[bytes](
        KafkaSinkSettings(own.bootstrap, name), lambda value: [(b"key", value)], lambda _: 0
    )
    writing = sink.build_part("s", name, None)
    writing.write_batch(VALUES)
    writing.snapshot()
    writing.close()  # type: ignore[no-untyped-call]
    reading = KafkaSource(KafkaSourceSettings(own.bootstrap, name, "g")).build_part("s", name, None)
    found: list[bytes] = []
    while len(found) < len(VALUES):
        found += [value for _key, batch in reading.next_batch() for value in batch.values]
        time.sleep(0.005)
    reading.close()

    assert found == VALUES


def test_the_topics_were_made_and_are_asked_for_by_the_same_way(own: Settings) -> None:
    assert {
        name: len(parts)
        for name, parts in insist(lambda: ends(own.bootstrap, [topic.name for topic in TOPICS])).items()
    } == {topic.name: topic.partitions for topic in TOPICS}


def told(configuration: dict[str, object]) -> str:
    """What a client of Kafka tells its program when it is not let in."""
    said: list[str] = []
    admin = AdminClient({**configuration, "error_cb": lambda error: said.append(error.str())})
    with pytest.raises(KafkaException):
        admin.list_topics(timeout=5)
    eventually(lambda: (admin.poll(0.1), said)[1])  # type: ignore[no-untyped-call]
    return "; ".join(said)


def test_kafka_lets_nobody_in_by_a_wrong_password(own: Settings) -> None:
    configuration = client_settings(own.bootstrap, own) | {"sasl.password": "wrong"}

    assert "uthentication failed" in told(configuration)


def test_kafka_lets_nobody_in_without_a_user(own: Settings) -> None:
    configuration = client_settings(own.bootstrap, own.model_copy(update={"kafka_user": None}))

    assert configuration["security.protocol"] == "SSL"
    assert told(configuration)


def test_kafka_speaks_to_nobody_in_clear(own: Settings) -> None:
    """No broker of that kind is there, is what the library tells its program."""
    assert "brokers are down" in told({"bootstrap.servers": own.bootstrap})


def test_a_client_refuses_a_kafka_of_an_unknown_authority(own: Settings, stranger: Authority) -> None:
    doubting = own.model_copy(update={"kafka_ca": stranger.file})

    assert "certificate verify failed" in told(client_settings(own.bootstrap, doubting))
    with pytest.raises(
        StackError, match=r"PHUSA_KAFKA_CA[\s\S]*cannot prove itself.*certificate verify failed"
    ):
        servers.servers(doubting)[0].answers()


def test_a_client_refuses_a_kafka_whose_certificate_names_another_host(own: Settings) -> None:
    """127.1 is how the same address may be written too, and stands in no certificate."""
    elsewhere = own.model_copy(update={"kafka": f"127.1:{own.kafka_port}"})

    assert "certificate verify failed" in told(client_settings(elsewhere.bootstrap, elsewhere))


def test_the_store_is_asked_by_tls_and_proves_itself(own: Settings) -> None:
    dsn = own.dsn("writer")
    with psycopg.connect(dsn) as db:
        row = db.execute("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
        level = db.execute("select level from phusa.capability").fetchone()

    assert psycopg.conninfo.conninfo_to_dict(dsn)["sslmode"] == "verify-full"
    assert row is not None
    assert row[0] is True
    assert row[1] in {"TLSv1.2", "TLSv1.3"}
    assert level is not None


REFUSED = {
    "in clear": ({"sslmode": "disable"}, "no encryption"),
    "a wrong password": ({"password": "wrong"}, "password authentication failed"),
    "another name": ({"host": "127.0.0.2", "hostaddr": "127.0.0.1"}, "does not match host name"),
}


@pytest.mark.parametrize(("changed", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_the_store_lets_nobody_in_otherwise(changed: dict[str, str], reason: str, own: Settings) -> None:
    with pytest.raises(psycopg.OperationalError, match=reason):
        psycopg.connect(psycopg.conninfo.make_conninfo(own.dsn("writer"), **changed))


def test_a_client_refuses_a_store_of_an_unknown_authority(own: Settings, stranger: Authority) -> None:
    doubting = own.model_copy(update={"database_ca": stranger.file})

    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(doubting.dsn("writer"))
    with pytest.raises(StackError, match=r"PHUSA_DATABASE_CA[\s\S]*certificate verify failed"):
        servers.servers(doubting)[1].answers()


def test_the_doctor_finds_servers_that_speak_tls(own: Settings) -> None:
    lines = services.broker(own, {"kafka", "timescaledb", "mosquitto"})

    assert [line for line in lines if line.verdict is Verdict.BAD] == []
