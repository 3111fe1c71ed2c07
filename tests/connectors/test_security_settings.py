"""What goes beyond this machine goes by TLS, or not at all: settings that say otherwise are refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from connectors.kafka.client import client_settings
from connectors.security import SecuritySettings, address, is_loopback
from connectors.settings import Settings, SettingsError, settings
from infra.phusa import app
from infra.rehearsal.sandbox import OUTSIDE

PAIR = {"CERTIFICATE": "/c.pem", "KEY": "/k.pem"}


def pair(server: str) -> dict[str, str]:
    return {f"PHUSA_{server}_{kind}": path for kind, path in PAIR.items()}


REFUSED = {
    "a listener without a certificate": (
        {"PHUSA_MQTT_LISTEN": "192.0.2.7:8883"},
        [
            "PHUSA_MQTT_LISTEN: không mở MQTT ra ngoài máy này nếu không có TLS",
            "no MQTT beyond this machine without TLS",
        ],
    ),
    "an address that is none": (
        {"PHUSA_MQTT_LISTEN": "a b/c"},
        ["PHUSA_MQTT_LISTEN", "expected ADDRESS or ADDRESS:PORT"],
    ),
    "a port that is none": ({"PHUSA_MQTT_LISTEN": "192.0.2.7:70000"}, ["PHUSA_MQTT_LISTEN", "ADDRESS:PORT"]),
    "port nothing": ({"PHUSA_MQTT_LISTEN": "192.0.2.7:0"}, ["PHUSA_MQTT_LISTEN", "ADDRESS:PORT"]),
    "a certificate without its key": (
        {"PHUSA_MQTT_LISTEN": "192.0.2.7", "PHUSA_MQTT_CERTIFICATE": "/c.pem"},
        ["PHUSA_MQTT_CERTIFICATE, PHUSA_MQTT_KEY", "both or neither"],
    ),
    "a key without its certificate": (
        {"PHUSA_DATABASE_KEY": "/k.pem"},
        ["PHUSA_DATABASE_CERTIFICATE, PHUSA_DATABASE_KEY"],
    ),
    "a certificate that nothing uses": (pair("MQTT"), ["set PHUSA_MQTT_LISTEN"]),
    "a listener of another broker": (
        {"PHUSA_MQTT": "127.0.0.1:1883", "PHUSA_MQTT_LISTEN": "192.0.2.7", **pair("MQTT")},
        ["its listeners are its own"],
    ),
    "another broker's user at ours": (
        {"PHUSA_MQTT_USER": "phusa"},
        ["PHUSA_MQTT_USER", "only with PHUSA_MQTT"],
    ),
    "the bridge's password in clear": (
        {"PHUSA_MQTT": "broker.example:1883", "PHUSA_MQTT_USER": "phusa"},
        ["PHUSA_MQTT_USER", "would leave this machine in clear"],
    ),
    "Kafka's password in clear": (
        {"PHUSA_KAFKA_USER": "phusa"},
        ["PHUSA_KAFKA_USER", "in clear: set PHUSA_KAFKA_CA"],
    ),
    "a Kafka that our clients cannot check": (
        pair("KAFKA"),
        ["PHUSA_KAFKA_CERTIFICATE", "set PHUSA_KAFKA_CA too"],
    ),
    "a certificate for another's Kafka": (
        {"PHUSA_KAFKA": "k:9092", "PHUSA_KAFKA_CA": "/ca.pem", **pair("KAFKA")},
        ["PHUSA_KAFKA_CERTIFICATE", "its certificate is its own"],
    ),
    "a proof that the native Kafka does not know": (
        {"PHUSA_KAFKA_CA": "/ca.pem", "PHUSA_KAFKA_MECHANISM": "SCRAM-SHA-512", **pair("KAFKA")},
        ["PHUSA_KAFKA_MECHANISM", "knows PLAIN only"],
    ),
    "a user that Kafka's file cannot hold": (
        {"PHUSA_KAFKA_CA": "/ca.pem", "PHUSA_KAFKA_USER": "a b=c", **pair("KAFKA")},
        ["PHUSA_KAFKA_USER", "expected letters, digits"],
    ),
    "a proof that nobody knows": ({"PHUSA_KAFKA_MECHANISM": "MAGIC"}, ["PHUSA_KAFKA_MECHANISM"]),
    "a database that our clients cannot check": (
        pair("DATABASE"),
        ["PHUSA_DATABASE_CERTIFICATE", "set PHUSA_DATABASE_CA too"],
    ),
    "a database that is not checked": ({"PHUSA_DATABASE_SSLMODE": "require"}, ["PHUSA_DATABASE_SSLMODE"]),
    "a path that depends on where one stands": (
        {"PHUSA_KAFKA_CA": "ca.pem"},
        ["PHUSA_KAFKA_CA", "expected a full path"],
    ),
}


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in SecuritySettings.model_fields:
        monkeypatch.delenv(f"PHUSA_{name.upper()}", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(("variables", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_secure_is_refused_by_name(
    variables: dict[str, str], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        settings()

    assert [words for words in told if words not in str(refused.value)] == []


@pytest.mark.parametrize("command", [["up"], ["check"], ["station", "list"]], ids=" ".join)
def test_every_command_refuses_a_listener_without_a_certificate(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHUSA_MQTT_LISTEN", "192.0.2.7:8883")

    result = CliRunner().invoke(app, command)

    assert result.exit_code == 2
    assert "LỖI / ERROR: PHUSA_MQTT_LISTEN: không mở MQTT ra ngoài" in result.output


ADDRESSES = {
    "an address": ("192.0.2.7", ("192.0.2.7", 8883)),
    "with a port": ("192.0.2.8:1234", ("192.0.2.8", 1234)),
    "a name": ("mqtt.example", ("mqtt.example", 8883)),
    "IPv6": ("[::]:1234", ("::", 1234)),
}


@pytest.mark.parametrize(("written", "expected"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_address_to_listen_on(written: str, expected: tuple[str, int]) -> None:
    assert tuple(address(written, 8883)) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True), ("192.0.2.7", False), ("::", False), ("mqtt.example", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_without_a_word_of_security_a_client_of_kafka_is_told_its_address_only(tmp_path: Path) -> None:
    assert client_settings("k:1", Settings(var=tmp_path)) == {"bootstrap.servers": "k:1"}


def test_with_an_authority_and_a_user_a_client_of_kafka_checks_and_proves(tmp_path: Path) -> None:
    (tmp_path / "kafka_client").write_text("secret\n", encoding="utf-8")
    own = Settings(
        kafka="k:1",
        kafka_ca=Path("/ca.pem"),
        kafka_user="phusa",
        kafka_mechanism="SCRAM-SHA-512",
        secrets=tmp_path,
    )

    assert client_settings(own.bootstrap, own) == {
        "bootstrap.servers": "k:1",
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": "/ca.pem",
        "ssl.endpoint.identification.algorithm": "https",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "phusa",
        "sasl.password": "secret",
    }


@pytest.mark.parametrize("role", ["admin", "writer"])
def test_every_role_asks_a_named_database_for_its_certificate(role: str, tmp_path: Path) -> None:
    (tmp_path / "database_writer").write_text("secret", encoding="utf-8")
    own = Settings(database="host=db.example user=boss", database_ca=Path("/ca.pem"), secrets=tmp_path)
    found = psycopg.conninfo.conninfo_to_dict(own.dsn(role))

    assert (found["sslmode"], found["sslrootcert"]) == ("verify-full", "/ca.pem")


LOGINS = {
    "ours": ({}, ("phusa-bridge", "secret")),
    "another's that asks for nobody": ({"mqtt": "127.0.0.1:1883"}, None),
    "another's with a user": ({"mqtt": "127.0.0.1:1883", "mqtt_user": "u"}, ("u", "secret")),
}


@pytest.mark.parametrize(("changed", "expected"), LOGINS.values(), ids=LOGINS.keys())
def test_whom_the_bridge_says_it_is(
    changed: dict[str, str], expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    (tmp_path / "mqtt_bridge").write_text("secret\n", encoding="utf-8")
    own = Settings(secrets=tmp_path).model_copy(update=changed)

    assert own.mqtt_login == expected


def test_a_sandbox_takes_nothing_of_it_from_outside() -> None:
    """The demo beside a copy that serves the field must not open its port, nor speak for its stations."""
    assert {f"PHUSA_{name.upper()}" for name in SecuritySettings.model_fields} <= set(OUTSIDE)
