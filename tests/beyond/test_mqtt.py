"""Stations of the field at the real broker: their own password, their own topic, TLS; all else is refused and says so."""

from __future__ import annotations

import re
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from typer.testing import CliRunner, Result

from connectors.clock import system
from connectors.mqtt.bridge import Bridge
from connectors.mqtt.session import BridgeSettings, RefusedError, reserve
from connectors.settings import Settings, settings
from infra.phusa import app
from infra.run.stack import lifecycle
from infra.run.stack.place import place
from models.envelope.partition import PARTITIONS
from models.telemetry.sensor import BRIDGE
from tests import kafka
from tests.beyond import stations
from tests.beyond.stations import Station
from tests.certificates import Authority
from tests.gateways import HANG_S, eventually

pytestmark = pytest.mark.integration

TOPIC = "phusa/v1/readings/"


def phusa(*words: str) -> Result:
    return CliRunner().invoke(app, ["station", *words])


def added(station: str, *more: str) -> tuple[str, str]:
    """User and password as `phusa station add` prints them."""
    told = phusa("add", station, *more)
    assert told.exit_code == 0, told.output
    user, password = (re.search(rf"\({name}\) +(\S+)", told.stdout) for name in ("user", "password"))
    assert user is not None
    assert password is not None
    return user[1], password[1]


@pytest.fixture(scope="module")
def logins(own: Settings) -> dict[str, tuple[str, str]]:
    """Two stations with a password, given to the running broker."""
    assert own.mqtt_outside
    return {name: added(name) for name in ("phu-oc", "bo-la-van")}


@pytest.fixture
def outside(own: Settings) -> tuple[str, int]:
    where = own.mqtt_outside
    assert where is not None
    return "localhost", where.port


@pytest.fixture
def bridge(own: Settings) -> BridgeSettings:
    """The bridge with a session and topics of the test's own, for which the broker keeps all from now on."""
    made = replace(
        BridgeSettings.of(own),
        topic=kafka.topic(own.bootstrap, PARTITIONS),
        rejected=kafka.topic(own.bootstrap, 1),
        client_id=f"test-{uuid.uuid4().hex[:8]}",
    )
    reserve(made, HANG_S)
    return made


@contextmanager
def crossing(own: BridgeSettings) -> Iterator[Bridge]:
    made = Bridge(own, system)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        eventually(made._connected_to_mqtt.is_set)
        yield made
    finally:
        made.stop()
        thread.join()


def carried(own: BridgeSettings) -> list[tuple[bytes | None, bytes]]:
    found = kafka.everything(own.bootstrap, own.topic, PARTITIONS)
    return sorted(record for record in found if record[0] != BRIDGE.encode())


def test_what_a_station_says_goes_by_tls_and_user_all_the_way_to_kafka(
    bridge: BridgeSettings,
    outside: tuple[str, int],
    logins: dict[str, tuple[str, str]],
    authority: Authority,
) -> None:
    with crossing(bridge), Station(outside, logins["phu-oc"], authority.file) as station:
        assert station.publish(f"{TOPIC}phu-oc", b"4.2") == "Success"
        eventually(lambda: carried(bridge))

    assert carried(bridge) == [(b"phu-oc", b"4.2")]


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        pytest.param(f"{TOPIC}phu-oc", "Success", id="its own"),
        pytest.param(
            f"{TOPIC}phu-oc/extra", "Success", id="a level too many of its own: refused by name later"
        ),
        pytest.param(f"{TOPIC}bo-la-van", "Not authorized", id="another station's"),
        pytest.param(f"{TOPIC}phu-oc-2", "Not authorized", id="one that begins like its own"),
        pytest.param("phusa/v1/readings", "Not authorized", id="the one above"),
        pytest.param(
            "application/1/device/a8404100000000aa/event/up", "Not authorized", id="a LoRaWAN device's"
        ),
        pytest.param("anything", "Not authorized", id="nobody's"),
    ],
)
def test_a_station_publishes_on_its_own_topics_only(
    topic: str,
    answer: str,
    outside: tuple[str, int],
    logins: dict[str, tuple[str, str]],
    authority: Authority,
) -> None:
    with Station(outside, logins["phu-oc"], authority.file) as station:
        assert station.publish(topic, b"1") == answer


def test_what_a_station_may_not_say_reaches_nobody_and_a_level_too_many_is_kept_by_name(
    bridge: BridgeSettings,
    outside: tuple[str, int],
    logins: dict[str, tuple[str, str]],
    authority: Authority,
) -> None:
    with crossing(bridge), Station(outside, logins["phu-oc"], authority.file) as station:
        station.publish(f"{TOPIC}bo-la-van", b"forged")
        station.publish(f"{TOPIC}phu-oc/extra", b"lost?")
        station.publish(f"{TOPIC}phu-oc", b"last")
        eventually(lambda: carried(bridge))
        eventually(lambda: kafka.everything(bridge.bootstrap, bridge.rejected, 1))

    assert carried(bridge) == [(b"phu-oc", b"last")]
    refused = kafka.everything(bridge.bootstrap, bridge.rejected, 1)
    assert [b"unknown_topic" in value for _key, value in refused] == [True]


def test_a_station_reads_nothing(
    outside: tuple[str, int], logins: dict[str, tuple[str, str]], authority: Authority
) -> None:
    with (
        Station(outside, logins["phu-oc"], authority.file) as curious,
        Station(outside, logins["bo-la-van"], authority.file) as speaking,
    ):
        for topic in ("#", f"{TOPIC}bo-la-van", f"{TOPIC}phu-oc", "$SYS/#"):
            curious.subscribe(topic)
        speaking.publish(f"{TOPIC}bo-la-van", b"private")
        # Its own answer comes behind all that the broker had for it.
        curious.publish(f"{TOPIC}phu-oc", b"own")

        assert curious.received == []


REFUSED = {
    "a wrong password": (("phu-oc", "wrong"), "Not authorized|Bad user name or password"),
    "an empty password": (("phu-oc", ""), "Not authorized|Bad user name or password"),
    "a station without one": (("air-la-van-ha", "x"), "Not authorized|Bad user name or password"),
    "nobody at all": (None, "Not authorized|Bad user name or password"),
}


@pytest.mark.parametrize(("login", "reason"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("listener", ["outside", "loopback"])
@pytest.mark.usefixtures("logins")
def test_who_is_not_known_is_refused_on_every_listener(
    listener: str,
    login: tuple[str, str] | None,
    reason: str,
    own: Settings,
    outside: tuple[str, int],
    authority: Authority,
) -> None:
    where, ca = (outside, authority.file) if listener == "outside" else (own.mqtt_address, None)

    with pytest.raises(stations.RefusedError, match=reason), Station(where, login, ca):
        pass


def test_who_is_refused_stands_in_the_brokers_log(
    own: Settings, outside: tuple[str, int], authority: Authority
) -> None:
    log = place(own).logs / "mosquitto.log"
    before = log.stat().st_size
    with pytest.raises(stations.RefusedError), Station(outside, ("phu-oc", "wrong"), authority.file):
        pass

    eventually(lambda: b"disconnected, not authorised" in log.read_bytes()[before:])


def test_a_certificate_of_an_unknown_authority_is_refused(
    outside: tuple[str, int], logins: dict[str, tuple[str, str]], stranger: Authority
) -> None:
    with (
        pytest.raises(stations.RefusedError, match="certificate verify failed"),
        Station(outside, logins["phu-oc"], stranger.file),
    ):
        pass


def test_a_line_in_clear_is_refused_by_the_listener_beyond_this_machine(
    outside: tuple[str, int], logins: dict[str, tuple[str, str]]
) -> None:
    with pytest.raises(stations.RefusedError, match=r"closed|reset"), Station(outside, logins["phu-oc"]):
        pass


def test_the_listener_in_clear_is_this_machines_only(own: Settings) -> None:
    """Another address of the loopback network stands for every other address of the machine."""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", own.mqtt_port), 5)


def test_no_station_takes_the_bridges_session_away(
    bridge: BridgeSettings,
    outside: tuple[str, int],
    logins: dict[str, tuple[str, str]],
    authority: Authority,
) -> None:
    """Whoever connects by its name with a clean session would throw away what waits for it."""
    with Station(outside, logins["phu-oc"], authority.file) as station:
        station.publish(f"{TOPIC}phu-oc", b"waits")
    with Station(outside, logins["bo-la-van"], authority.file, client_id=bridge.client_id) as thief:
        thief.publish(f"{TOPIC}bo-la-van", b"hello")
    with crossing(bridge):
        eventually(lambda: len(carried(bridge)) == 2)

    assert carried(bridge) == [(b"bo-la-van", b"hello"), (b"phu-oc", b"waits")]


def test_stations_come_and_go_and_nobody_else_is_dropped(
    outside: tuple[str, int], logins: dict[str, tuple[str, str]], authority: Authority
) -> None:
    with Station(outside, logins["phu-oc"], authority.file) as staying:
        first = added("bo-phuoc-yen")
        with _once_known(outside, first, authority) as leaving:
            second = added("bo-phuoc-yen", "--again")
            eventually(leaving.dropped.is_set)
        with pytest.raises(stations.RefusedError), Station(outside, first, authority.file):
            pass
        with _once_known(outside, second, authority) as leaving:
            assert phusa("remove", "bo-phuoc-yen").exit_code == 0
            eventually(leaving.dropped.is_set)
        with pytest.raises(stations.RefusedError), Station(outside, second, authority.file):
            pass

        assert staying.publish(f"{TOPIC}phu-oc", b"still here") == "Success"
        assert not staying.dropped.is_set()


def _once_known(outside: tuple[str, int], login: tuple[str, str], authority: Authority) -> Station:
    """A station as soon as the broker has read its list anew, which it does after the signal."""

    def known() -> bool:
        try:
            with Station(outside, login, authority.file):
                return True
        except stations.RefusedError:
            return False

    eventually(known)
    return Station(outside, login, authority.file)


def test_the_bridge_speaks_tls_with_a_broker_that_asks_for_it(
    bridge: BridgeSettings, outside: tuple[str, int], logins: dict[str, tuple[str, str]], authority: Authority
) -> None:
    host, port = outside
    by_tls = replace(bridge, host=host, port=port, ca=authority.file)
    reserve(by_tls, HANG_S)
    with crossing(by_tls), Station(outside, logins["phu-oc"], authority.file) as station:
        station.publish(f"{TOPIC}phu-oc", b"by TLS")
        # There its session is its user's: the one that has been kept since `phusa up`.
        eventually(lambda: (b"phu-oc", b"by TLS") in carried(by_tls))


def test_a_bridge_that_is_refused_says_why(
    bridge: BridgeSettings, outside: tuple[str, int], authority: Authority, stranger: Authority
) -> None:
    host, port = outside
    with pytest.raises(RefusedError, match=r"(?i)not authori"):
        reserve(replace(bridge, host=host, port=port, ca=authority.file, password="wrong"), HANG_S)
    with pytest.raises(RefusedError, match="certificate verify failed"):
        reserve(replace(bridge, host=host, port=port, ca=stranger.file), HANG_S)


def test_stations_that_must_show_a_certificate_are_refused_without_or_with_a_strangers(
    own: Settings,
    outside: tuple[str, int],
    logins: dict[str, tuple[str, str]],
    authority: Authority,
    stranger: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A changed setting is obeyed at the next `phusa up`, by the broker alone."""
    monkeypatch.setenv("PHUSA_MQTT_STATION_CA", str(authority.file))
    settings.cache_clear()
    lifecycle.up(settings(), {}, names=())
    try:
        own_pair, wrong = authority.sign("phu-oc"), stranger.sign("phu-oc")
        with Station(outside, logins["phu-oc"], authority.file, own=own_pair) as station:
            assert station.publish(f"{TOPIC}phu-oc", b"1") == "Success"
            assert station.publish(f"{TOPIC}bo-la-van", b"1") == "Not authorized"
        for pair in (None, wrong):
            with (
                pytest.raises(stations.RefusedError, match=r"(?i)closed|certificate|unknown ca|eof|reset"),
                Station(outside, logins["phu-oc"], authority.file, own=pair),
            ):
                pass
        with (
            pytest.raises(stations.RefusedError, match=r"Not authorized|Bad user"),
            Station(outside, ("phu-oc", "wrong"), authority.file, own=own_pair),
        ):
            pass
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        lifecycle.up(own, {}, names=())
