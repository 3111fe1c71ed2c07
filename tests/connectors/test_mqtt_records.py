"""Every message of MQTT becomes records: as it is, as readings of an uplink, or refused by name."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest

from connectors.mqtt.records import Outgoing, Ways, records
from models.envelope.partition import partition_of
from models.envelope.rejected import Reason, Rejected
from models.lorawan.configuration import Field
from models.lorawan.read import Sender
from tests.builders import payload

ARRIVED = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
EUI = "a8404100000000aa"
WAYS = Ways("readings", "rejected", {EUI: Sender("phu-oc", (Field("DO", "dissolved_oxygen", "mg/L"),))})


def carried(topic: str, message: bytes) -> list[Outgoing]:
    return records(WAYS, topic, message, ARRIVED)


def refused(topic: str, message: bytes) -> Rejected:
    (one,) = carried(topic, message)
    assert one.topic == "rejected"
    return msgspec.json.decode(one.value, type=Rejected)


@pytest.mark.parametrize(
    "message", [b"\x00\xff garbage", b"", payload()], ids=["garbage", "empty", "a reading"]
)
def test_what_a_station_sends_crosses_as_it_is(message: bytes) -> None:
    (one,) = carried("phusa/v1/readings/phu-oc", message)

    assert one == Outgoing("readings", "phu-oc", message, partition_of("phu-oc"), 1_791_788_700_000)


@pytest.mark.parametrize(
    ("topic", "key"),
    [
        pytest.param("phusa/v1/readings/phu-oc/extra", b"phu-oc", id="below a station"),
        pytest.param("phusa/v1/readings/phu-oc/", b"phu-oc", id="a slash at the end"),
        pytest.param("phusa/v1/readings/", None, id="no station"),
        pytest.param("phusa/v1/readings", None, id="no station, no slash"),
        pytest.param("phusa/v1/other", None, id="another branch"),
        pytest.param("phusa/v2/readings/phu-oc", None, id="another version"),
        pytest.param("phusa/" + "x" * 60_000, None, id="a topic of 60 kB"),
    ],
)
def test_what_comes_on_no_topic_of_readings_is_refused_with_its_bytes(topic: str, key: bytes | None) -> None:
    one, again = refused(topic, payload()), refused(topic, payload())

    assert (one.reason, one.key, one.payload) == (Reason.UNKNOWN_TOPIC, key, payload())
    assert one.topic == f"mqtt:{topic[:200]}"
    assert topic[:100] in one.vi
    assert topic[:100] in one.en
    assert (one.topic, one.partition, one.offset) == (again.topic, again.partition, again.offset)
    assert one.offset != refused(topic, payload(2.0)).offset


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(b'"asked":true', id="asked"),
        pytest.param(b'"retimed":true', id="retimed"),
        pytest.param(b'"\\u0061sked":true', id="asked, escaped"),
        pytest.param(b'"ask\\u0065d" : true', id="asked, escaped in its middle"),
    ],
)
def test_a_station_cannot_set_a_mark_of_ours(mark: bytes) -> None:
    forged = payload()[:-1] + b"," + mark + b"}"

    for message in (forged, b"\xef\xbb\xbf" + forged):
        one = refused("phusa/v1/readings/phu-oc", message)
        assert (one.reason, one.key, one.payload) == (Reason.WRONG_SOURCE, b"phu-oc", message)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(payload()[:-1] + b',"asked":false}', id="not set"),
        pytest.param(payload()[:-1] + b',"note":"asked"}', id="the word in another field"),
        pytest.param(payload()[:-1] + b',"note":"\\u00b0"}', id="another escape"),
        pytest.param(b'{"asked":true', id="no JSON: the flow refuses it by name"),
    ],
)
def test_nothing_else_is_held_back(message: bytes) -> None:
    (one,) = carried("phusa/v1/readings/phu-oc", message)

    assert (one.topic, one.value) == ("readings", message)


def test_an_uplink_gives_its_readings_and_its_refusals() -> None:
    uplink = {"deduplicationId": "d", "deviceInfo": {"devEui": EUI}, "fCnt": 1, "object": {"dissolved": 4.2}}
    topic = f"application/1/device/{EUI}/event/up"

    one = refused(topic, json.dumps(uplink).encode())
    assert (one.topic, one.reason, one.key) == (f"lorawan:{EUI}", Reason.MISSING_FIELD, b"phu-oc")

    (good,) = carried(topic, json.dumps(uplink | {"object": {"DO": 4.2}}).encode())
    assert (good.topic, good.key, json.loads(good.value)["value"]) == ("readings", "phu-oc", 4.2)

    assert carried(topic, json.dumps(uplink | {"object": None}).encode()) == []
