"""From the station's broker to Kafka, byte for byte, whoever is away meanwhile."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from connectors.mqtt.bridge import Bridge, BridgeSettings, reserve
from connectors.settings import Settings
from infra.simulator.station import Publisher
from infra.stack.place import place
from infra.stack.servers import servers
from infra.stack.supervisor import Supervisor
from models.rejected import CUT_BYTES
from models.telemetry.partition import PARTITIONS
from tests import kafka
from tests.gateways import eventually

pytestmark = pytest.mark.integration

ARRIVAL = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)


@pytest.fixture
def own(stack: Settings) -> BridgeSettings:
    host, port = stack.mqtt_address
    name = kafka.topic(stack.bootstrap, PARTITIONS)
    return BridgeSettings(host, port, stack.bootstrap, name, client_id=f"test-{uuid.uuid4().hex[:8]}")


@contextmanager
def crossing(own: BridgeSettings) -> Iterator[Bridge]:
    bridge = Bridge(own, lambda: ARRIVAL)
    thread = threading.Thread(target=bridge.run, daemon=True)
    thread.start()
    try:
        yield bridge
    finally:
        bridge.stop()
        thread.join(20)
    assert not thread.is_alive()


def publish(own: BridgeSettings, *payloads: bytes) -> None:
    with Publisher(own.host, own.port, f"station-{uuid.uuid4().hex[:8]}") as publisher:
        for payload in payloads:
            publisher.publish("phu-oc", payload)
        publisher.drain(30)


def arrived(own: BridgeSettings) -> list[bytes]:
    return [value for _key, value in kafka.everything(own.bootstrap, own.topic, PARTITIONS)]


def test_bytes_cross_as_they_are_under_the_stations_name(own: BridgeSettings) -> None:
    reserve(own)
    with crossing(own):
        publish(own, b"\x00\xff garbage", b"", b"{}")
        eventually(lambda: len(arrived(own)) >= 3)

    assert kafka.everything(own.bootstrap, own.topic, PARTITIONS) == [
        (b"phu-oc", b"\x00\xff garbage"),
        (b"phu-oc", b""),
        (b"phu-oc", b"{}"),
    ]


def test_what_came_before_the_bridges_first_day_is_kept_once_its_session_stands(own: BridgeSettings) -> None:
    reserve(own)
    publish(own, b"early")
    with crossing(own):
        eventually(lambda: arrived(own))

    assert arrived(own) == [b"early"]


def test_what_comes_between_two_runs_is_kept(own: BridgeSettings) -> None:
    reserve(own)
    with crossing(own):
        publish(own, b"one")
        eventually(lambda: arrived(own))
    publish(own, b"two")
    with crossing(own):
        eventually(lambda: len(arrived(own)) >= 2)

    assert arrived(own) == [b"one", b"two"]


def test_a_message_that_no_record_holds_crosses_with_its_beginning(own: BridgeSettings) -> None:
    with crossing(own) as bridge:
        bridge._produce("phu-oc", b"x" * 26_000_000, 1_760_000_000_000, lambda *_: None)
        eventually(lambda: arrived(own))

    assert [len(one) for one in arrived(own)] == [CUT_BYTES]


@pytest.mark.parametrize("server", ["kafka", "mosquitto"])
def test_a_server_that_is_away_loses_nothing(own: BridgeSettings, stack: Settings, server: str) -> None:
    supervisor = Supervisor(place(stack))
    number = {"kafka": 0, "mosquitto": 2}[server]
    reserve(own)
    with crossing(own):
        publish(own, b"before")
        eventually(lambda: arrived(own))
        supervisor.stop(server)
        if server == "kafka":
            publish(own, *(str(i).encode() for i in range(100)))
        supervisor.start(server)
        eventually(servers(stack)[number].answers, 60)
        if server == "mosquitto":
            publish(own, *(str(i).encode() for i in range(100)))
        eventually(lambda: len(set(arrived(own))) >= 101, 60)

    assert set(arrived(own)) == {b"before", *(str(i).encode() for i in range(100))}
