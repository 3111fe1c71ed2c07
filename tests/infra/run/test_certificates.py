"""Certificates that cannot be used are named before anything starts, by `phusa up` and by `phusa check`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.clock import system
from connectors.settings import Settings, settings
from infra.phusa import app
from infra.run.doctor import certificates as doctor
from infra.run.stack import certificates, kafka
from infra.run.stack.voice import StackError
from tests.certificates import Authority, Pair


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def outside(pair: Pair) -> dict[str, object]:
    return {"mqtt_listen": "192.0.2.7", "mqtt_certificate": pair.certificate, "mqtt_key": pair.key}


def native(authority: Authority, pair: Pair) -> dict[str, object]:
    return {"kafka_ca": authority.file, "kafka_certificate": pair.certificate, "kafka_key": pair.key}


def _missing(authority: Authority) -> dict[str, object]:
    good = authority.sign("missing", "mqtt.example")
    good.certificate.unlink()
    return outside(good)


def _no_pem(authority: Authority) -> dict[str, object]:
    good = authority.sign("no-pem", "mqtt.example")
    good.certificate.write_text("hello", encoding="utf-8")
    return outside(good)


def _no_key(authority: Authority) -> dict[str, object]:
    good = authority.sign("no-key", "mqtt.example")
    good.key.write_bytes(good.certificate.read_bytes())
    return outside(good)


def _anothers_key(authority: Authority) -> dict[str, object]:
    return outside(
        Pair(authority.sign("one", "a.example").certificate, authority.sign("two", "b.example").key)
    )


def _ended(authority: Authority) -> dict[str, object]:
    yesterday = system() - timedelta(days=1)
    return outside(authority.sign("ended", "a.example", begins=yesterday - timedelta(days=9), ends=yesterday))


def _not_begun(authority: Authority) -> dict[str, object]:
    tomorrow = system() + timedelta(days=1)
    return outside(authority.sign("young", "a.example", begins=tomorrow, ends=tomorrow + timedelta(days=9)))


WRONG = {
    "a file that is not there": (_missing, "PHUSA_MQTT_CERTIFICATE", "cannot be read"),
    "no certificate": (_no_pem, "PHUSA_MQTT_CERTIFICATE", "no certificate in PEM"),
    "no key": (_no_key, "PHUSA_MQTT_KEY", "no private key in PEM"),
    "another's key": (_anothers_key, "PHUSA_MQTT_CERTIFICATE", "is not this certificate's"),
    "ended": (_ended, "PHUSA_MQTT_CERTIFICATE", "it ended on"),
    "not begun": (_not_begun, "PHUSA_MQTT_CERTIFICATE", "it begins on"),
    "of nobody": (lambda ca: outside(ca.sign("nobody")), "PHUSA_MQTT_CERTIFICATE", "no subjectAltName"),
    "of another machine": (
        lambda ca: native(ca, ca.sign("far", "kafka.example", "192.0.2.1")),
        "PHUSA_KAFKA_CERTIFICATE",
        "expected the IP address 127.0.0.1",
    ),
    "an authority that is none": (
        lambda ca: {"database_ca": ca.sign("key-as-ca", "x").key},
        "PHUSA_DATABASE_CA",
        "no certificate in PEM",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "variable", "reason"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_used_is_named_with_its_reason(
    made: Callable[[Authority], dict[str, object]], variable: str, reason: str, authority: Authority
) -> None:
    own = Settings().model_copy(update=made(authority))

    (found,) = certificates.mistakes(own, system())
    assert found.variable == variable
    assert reason in found.en
    assert found.vi
    with pytest.raises(StackError, match=variable):
        certificates.require(own, system())


def test_what_can_be_used_is_not_blamed(authority: Authority) -> None:
    pair = authority.sign("good", "mqtt.example", "127.0.0.1")
    own = Settings().model_copy(update=outside(pair) | native(authority, pair))

    assert certificates.mistakes(own, system()) == []
    assert certificates.names(pair.certificate) == ["mqtt.example", "127.0.0.1"]
    assert certificates.issuer(pair.certificate) == "CN=Phù Sa test authority"


@pytest.mark.parametrize(
    ("days", "verdict"),
    [pytest.param(90, "good", id="long"), pytest.param(20, "bad", id="three weeks are left")],
)
def test_the_doctor_says_before_a_certificate_ends(days: int, verdict: str, authority: Authority) -> None:
    now = system()
    pair = authority.sign("aging", "mqtt.example", ends=now + timedelta(days=days, hours=1))
    (line,) = doctor.look(Settings().model_copy(update=outside(pair)), now)

    assert (line.verdict, line.en) == (verdict, f"PHUSA_MQTT_CERTIFICATE: good for {days} days")


def test_the_doctor_says_nothing_of_certificates_where_none_is_named() -> None:
    assert doctor.look(Settings(), system()) == []


@pytest.fixture
def _listening(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    good = authority.sign("checked", "mqtt.example")
    good.key.unlink()
    for name, value in outside(good).items():
        monkeypatch.setenv(f"PHUSA_{name.upper()}", str(value))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("_listening")
def test_check_names_them_beside_the_mistakes_of_the_configuration() -> None:
    aloud, for_a_script = CliRunner().invoke(app, ["check"]), CliRunner().invoke(app, ["check", "--json"])

    assert aloud.exit_code == for_a_script.exit_code == 1
    assert "PHUSA_MQTT_KEY" in aloud.output
    assert [mistake["file"] for mistake in json.loads(for_a_script.stdout)] == ["PHUSA_MQTT_KEY"]


@pytest.mark.usefixtures("_listening")
def test_nothing_starts_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    told = CliRunner().invoke(app, ["up"])

    assert told.exit_code == 1
    assert "LỖI / ERROR: PHUSA_MQTT_KEY" in told.stderr
    assert not (tmp_path / "var").exists()


def test_kafka_with_a_certificate_has_no_door_in_clear_for_clients(
    tmp_path: Path, authority: Authority
) -> None:
    pair = authority.sign("broker", "127.0.0.1")
    own = Settings(var=tmp_path, port_base=20000).model_copy(
        update={**native(authority, pair), "kafka_user": "phusa"}
    )
    own.secrets_dir.mkdir()
    (own.secrets_dir / "kafka_client").write_text("secret", encoding="utf-8")
    values = dict(line.split("=", 1) for line in kafka.properties(own, tmp_path / "data").splitlines())

    assert values["listeners"] == "CLIENTS://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"
    assert values["listener.security.protocol.map"] == "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT"
    assert values["inter.broker.listener.name"] == "CLIENTS"


@pytest.mark.parametrize("password", ['a"b', "a\\b", "mật khẩu", "a\nb"])
def test_a_password_that_would_break_kafkas_file_is_refused(
    password: str, tmp_path: Path, authority: Authority
) -> None:
    pair = authority.sign("quoted", "127.0.0.1")
    own = Settings(var=tmp_path).model_copy(update={**native(authority, pair), "kafka_user": "phusa"})
    own.secrets_dir.mkdir()
    (own.secrets_dir / "kafka_client").write_text(password, encoding="utf-8")

    with pytest.raises(StackError, match="printable ASCII"):
        kafka.properties(own, tmp_path / "data")
