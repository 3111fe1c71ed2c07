"""A stack of its own whose Kafka, TimescaleDB and Mosquitto have certificates, made for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.settings import Settings, settings
from infra.run.stack import lifecycle
from tests.certificates import Authority, Pair
from tests.conftest import COPIES, FIRST_PORT, PORTS_A_COPY, SHARES, copy_of, environment

LOOPBACK = "127.0.0.1"
MQTT_TLS = 15
"""Port of the listener for stations, above the copy's first."""


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The one that signs the servers' certificates."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One that nobody of ours trusts."""
    return Authority(tmp_path_factory.mktemp("stranger"), "Stranger")


@pytest.fixture(scope="session")
def server(authority: Authority) -> Pair:
    """The servers' certificate: of a name, as stations use it, and of the loopback, where our own clients are."""
    return authority.sign("server", "localhost", LOOPBACK)


def secured(authority: Authority, server: Pair) -> dict[str, str]:
    """The variables that ask for TLS and users everywhere."""
    files = {"CERTIFICATE": str(server.certificate), "KEY": str(server.key)}
    return {
        **{
            f"PHUSA_{name}_{kind}": path
            for name in ("MQTT", "KAFKA", "DATABASE")
            for kind, path in files.items()
        },
        "PHUSA_MQTT_LISTEN": f"{LOOPBACK}:{_port_base() + MQTT_TLS}",
        "PHUSA_KAFKA_CA": str(authority.file),
        "PHUSA_KAFKA_USER": "phusa",
        "PHUSA_DATABASE_CA": str(authority.file),
    }


def _port_base() -> int:
    """Never that of a plain test stack of the same tree, each of which is a whole share away from the next."""
    number = (copy_of("test")[1] - FIRST_PORT) // PORTS_A_COPY
    return FIRST_PORT + PORTS_A_COPY * ((number + COPIES // SHARES // 2) % COPIES)


@pytest.fixture(scope="package")
def own(authority: Authority, server: Pair) -> Iterator[Settings]:
    """The running stack; this process reads the same settings, as a process of ours does."""
    var, _ = copy_of("test-secure")
    base = Settings(
        var=var, port_base=_port_base(), receipt_wait_s=2.0, group_interval_s=0.0, grafana_native=False
    )
    variables = environment(base) | secured(authority, server) | {"PHUSA_GRAFANA_NATIVE": "false"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        settings.cache_clear()
        chosen = settings()
        if var.exists():
            lifecycle.remove(chosen)
        var.mkdir(parents=True)
        lifecycle.up(chosen, {}, names=())
        yield chosen
        lifecycle.remove(chosen)
    settings.cache_clear()
