"""From the station's broker to Kafka, byte for byte, whoever is away meanwhile."""

from __future__ import annotations

import base64
import json
import math
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from paho.mqtt import publish as publish_one
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from connectors.mqtt.bridge import Bridge
from connectors.mqtt.records import Outgoing
from connectors.mqtt.session import FORMER, BridgeSettings, reserve
from connectors.settings import Settings
from infra.rehearsal.simulator.station import Publisher
from infra.run.stack.passwords import rehearsal_login
from infra.run.stack.place import place
from infra.run.stack.servers import servers
from infra.run.stack.supervisor import Supervisor
from models.envelope.partition import PARTITIONS, partition_of
from models.envelope.reading import Reading
from models.envelope.rejected import CUT_BYTES
from models.lorawan.configuration import Field
from models.lorawan.read import Sender
from models.telemetry import ways
from models.telemetry.check import decode
from models.telemetry.sensor import BRIDGE
from tests import kafka
from tests.gateways import HANG_S, eventually

pytestmark = pytest.mark.integration

ARRIVAL = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
FOR_EVER = {"retention.ms": "-1"}
"""Records of that day are older than a topic's usual week: the broker would take them away at any moment."""


@dataclass(frozen=True)
class OwnSettings(BridgeSettings):
    """`login` may publish whatever stations and a LoRaWAN server may."""

    login: tuple[str, str] = ("", "")

    @property
    def auth(self) -> dict[str, str]:
        return dict(zip(("username", "password"), self.login, strict=True))


@pytest.fixture
def own(stack: Settings) -> OwnSettings:
    login = rehearsal_login(stack)
    assert login is not None
    name = kafka.topic(stack.bootstrap, PARTITIONS, **FOR_EVER)
    session = f"test-{uuid.uuid4().hex[:8]}"
    return replace(OwnSettings.of(stack), topic=name, client_id=session, senders={}, login=login)


@contextmanager
def crossing(
    own: OwnSettings, now: Callable[[], datetime] = lambda: ARRIVAL, promise_s: float = ways.PROMISE_S
) -> Iterator[Bridge]:
    bridge = Bridge(own, now, promise_s)
    thread = threading.Thread(target=bridge.run, daemon=True)
    thread.start()
    try:
        yield bridge
    finally:
        bridge.stop()
        thread.join()
    assert not thread.is_alive()


def publish(own: OwnSettings, *payloads: bytes) -> None:
    with Publisher(own.host, own.port, f"station-{uuid.uuid4().hex[:8]}", own.login) as publisher:
        for payload in payloads:
            publisher.publish("phu-oc", payload)
        publisher.drain(HANG_S)


def carried(own: OwnSettings) -> list[tuple[bytes | None, bytes]]:
    """Key and value of all records that are no beats of the bridge's own."""
    found = kafka.everything(own.bootstrap, own.topic, PARTITIONS)
    return [(key, value) for key, value in found if key != BRIDGE.encode()]


def arrived(own: OwnSettings) -> list[bytes]:
    return [value for _key, value in carried(own)]


def beats(own: OwnSettings, partition: int) -> list[Reading | None]:
    """The beats of a partition in its order, None for what is none."""
    return [
        decode(value) if key == BRIDGE.encode() else None
        for key, value in kafka.of_partition(own.bootstrap, own.topic, partition)
    ]


def test_bytes_cross_as_they_are_under_the_stations_name(own: OwnSettings) -> None:
    reserve(own, HANG_S)
    with crossing(own):
        publish(own, b"\x00\xff garbage", b"", b"{}")
        eventually(lambda: len(arrived(own)) >= 3)

    assert carried(own) == [
        (b"phu-oc", b"\x00\xff garbage"),
        (b"phu-oc", b""),
        (b"phu-oc", b"{}"),
    ]


@pytest.mark.parametrize("topic", ["phusa/v1/readings/phu-oc/extra", "phusa/v1/other"])
def test_what_comes_on_a_topic_that_nobody_reads_is_refused_by_name(own: OwnSettings, topic: str) -> None:
    own = replace(own, rejected=kafka.topic(own.bootstrap, 1, **FOR_EVER))
    reserve(own, HANG_S)
    with crossing(own):
        publish_one.single(topic, b"lost?", 1, hostname=own.host, port=own.port, auth=own.auth)
        eventually(lambda: kafka.everything(own.bootstrap, own.rejected, 1))

    ((_, refused),) = kafka.everything(own.bootstrap, own.rejected, 1)
    found = json.loads(refused)
    assert (found["topic"], found["reason"]) == (f"mqtt:{topic}", "unknown_topic")
    assert base64.b64decode(found["payload"]) == b"lost?"
    assert arrived(own) == []


def test_a_session_of_an_earlier_version_gets_each_message_once(own: OwnSettings) -> None:
    """Its subscription stands in the broker, which may send a message once for each that fits."""
    subscribed = threading.Event()
    before = Client(CallbackAPIVersion.VERSION2, client_id=own.client_id, clean_session=False)
    before.on_connect = lambda client, *_: client.subscribe([(one, 1) for one in FORMER])
    before.on_subscribe = lambda *_: subscribed.set()
    before.username_pw_set(own.username, own.password)
    before.connect(own.host, own.port)
    before.loop_start()
    assert subscribed.wait(HANG_S)
    before.disconnect()
    before.loop_stop()
    reserve(own, HANG_S)
    with crossing(own):
        publish(own, b"one", b"two")
        eventually(lambda: b"two" in arrived(own))

    assert arrived(own) == [b"one", b"two"]


UPLINK = {
    "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    "time": None,
    "deviceInfo": {"devEui": "a8404100000000aa"},
    "fCnt": 7,
    "data": "AQ==",
    "object": {"DO": 4.2, "pH": "bảy"},
}


def test_an_uplink_becomes_readings_and_what_cannot_be_read_of_it_is_kept(own: OwnSettings) -> None:
    fields = [Field("DO", "dissolved_oxygen", "mg/L"), Field("pH", "ph", "pH")]
    senders = {"a8404100000000aa": Sender("phu-oc", tuple(fields))}
    own = replace(own, senders=senders, rejected=kafka.topic(own.bootstrap, 1, **FOR_EVER))
    reserve(own, HANG_S)
    with crossing(own):
        topic = "application/1/device/a8404100000000aa/event/up"
        publish_one.single(topic, json.dumps(UPLINK), 1, hostname=own.host, port=own.port, auth=own.auth)
        eventually(lambda: arrived(own))
        eventually(lambda: kafka.everything(own.bootstrap, own.rejected, 1))

    ((_, refused),) = kafka.everything(own.bootstrap, own.rejected, 1)
    assert json.loads(refused)["topic"] == "lorawan:a8404100000000aa"
    (reading,) = [json.loads(one) for one in arrived(own)]
    assert (reading["source"], reading["parameter"], reading["value"], reading["seq"]) == (
        "phu-oc", "dissolved_oxygen", 4.2, 7,
    )  # fmt: skip
    assert reading["at"].startswith("2026-10-12T07:05")


def test_what_came_before_the_bridges_first_day_is_kept_once_its_session_stands(own: OwnSettings) -> None:
    reserve(own, HANG_S)
    publish(own, b"early")
    with crossing(own):
        eventually(lambda: arrived(own))

    assert arrived(own) == [b"early"]


def test_what_comes_between_two_runs_is_kept(own: OwnSettings) -> None:
    reserve(own, HANG_S)
    with crossing(own):
        publish(own, b"one")
        eventually(lambda: arrived(own))
    publish(own, b"two")
    with crossing(own):
        eventually(lambda: len(arrived(own)) >= 2)

    assert arrived(own) == [b"one", b"two"]


def test_a_message_that_no_record_holds_crosses_with_its_beginning(own: OwnSettings) -> None:
    with crossing(own) as bridge:
        big = Outgoing(own.topic, "phu-oc", b"x" * 26_000_000, partition_of("phu-oc"), 1_760_000_000_000)
        bridge._offer(big, lambda *_: None)
        eventually(lambda: arrived(own))

    assert [len(one) for one in arrived(own)] == [CUT_BYTES]


@pytest.mark.parametrize("server", ["kafka", "mosquitto"])
def test_a_server_that_is_away_loses_nothing(own: OwnSettings, stack: Settings, server: str) -> None:
    supervisor = Supervisor(place(stack))
    number = {"kafka": 0, "mosquitto": 2}[server]
    reserve(own, HANG_S)
    with crossing(own):
        publish(own, b"before")
        eventually(lambda: arrived(own))
        supervisor.stop(server)
        if server == "kafka":
            publish(own, *(str(i).encode() for i in range(100)))
        supervisor.start(server)
        eventually(servers(stack)[number].answers)
        if server == "mosquitto":
            publish(own, *(str(i).encode() for i in range(100)))
        eventually(lambda: len(set(arrived(own))) >= 101)

    assert set(arrived(own)) == {b"before", *(str(i).encode() for i in range(100))}


class Hands:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = ARRIVAL

    def __call__(self) -> datetime:
        return self.at


class Rounds(threading.Event):
    """Counts how often it is asked: the bridge asks it once a round whether to stop."""

    asked = 0

    def is_set(self) -> bool:
        self.asked += 1
        return super().is_set()


def test_what_waited_for_the_bridge_stands_behind_a_beat_in_every_partition(own: OwnSettings) -> None:
    """So it is known to have waited for us, and nobody was silent."""
    reserve(own, HANG_S)
    publish(own, b"early")
    with crossing(own):
        eventually(lambda: arrived(own))

    for partition in range(PARTITIONS):
        first = beats(own, partition)[0]
        assert first is not None, partition
        assert ways.is_beat(first)
        assert (first.at, first.value, first.unit) == (ARRIVAL, ways.PROMISE_S, "s")


def test_while_mqtt_is_away_there_is_no_beat_and_the_first_record_of_its_return_is_one(
    own: OwnSettings, stack: Settings
) -> None:
    supervisor, clock = Supervisor(place(stack)), Hands()
    left, away, back = ARRIVAL, ARRIVAL + timedelta(hours=1), ARRIVAL + timedelta(hours=2)
    reserve(own, HANG_S)
    with crossing(own, clock, ways.REHEARSED_S) as bridge:
        publish(own, b"before")
        eventually(lambda: arrived(own))
        supervisor.stop("mosquitto")
        try:
            eventually(lambda: not bridge._connected_to_mqtt.is_set())
            rounds = bridge._stopping = Rounds()
            eventually(lambda: rounds.asked > 3)
            clock.at = away
            eventually(lambda: rounds.asked > 20)
            clock.at = back
        finally:
            supervisor.start("mosquitto")
        eventually(servers(stack)[2].answers)
        publish(own, b"after")
        eventually(lambda: b"after" in arrived(own))

    for partition in range(PARTITIONS):
        found = beats(own, partition)
        told = [beat.at for beat in found if beat is not None]
        assert away not in told, partition
        before = [i for i, beat in enumerate(found) if beat is not None and beat.at == left]
        # "before" may stand behind the last beat of then; what comes next is the beat of the return.
        rest = [beat for beat in found[before[-1] + 1 :] if beat is not None]
        assert rest[0].at == back
    values = [value for _, value in kafka.of_partition(own.bootstrap, own.topic, partition_of("phu-oc"))]
    order = [value if value in (b"before", b"after") else decode(value).at for value in values]
    assert order.index(b"before") < order.index(back) < order.index(b"after")


def test_a_plays_clock_that_leaps_gives_a_beat_at_once(own: OwnSettings) -> None:
    """Not by the wall's seconds: those are put out of the way."""
    clock, then = Hands(), ARRIVAL + timedelta(minutes=1)
    reserve(own, HANG_S)
    with crossing(own, clock, ways.REHEARSED_S) as bridge:
        eventually(lambda: all(beats(own, one) for one in range(PARTITIONS)))
        bridge._beat_due = math.inf
        clock.at = then
        eventually(
            lambda: all(
                any(beat and beat.at == then for beat in beats(own, part)) for part in range(PARTITIONS)
            )
        )

    for partition in range(PARTITIONS):
        assert {beat.value for beat in beats(own, partition) if beat} == {ways.REHEARSED_S}


def test_where_only_records_carry_time_there_are_no_beats(own: OwnSettings) -> None:
    reserve(own, HANG_S)
    with crossing(own, promise_s=ways.promise_s("stream")):
        publish(own, b"one")
        eventually(lambda: arrived(own))

    assert not any(beat for part in range(PARTITIONS) for beat in beats(own, part))
