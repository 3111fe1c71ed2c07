"""`phusa rejected replay`: what is read again goes onto its topic, the rest is counted by name and stays unmarked."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import msgspec
import pytest

from connectors.kafka.replay import Record, known, reread, send
from connectors.settings import Settings
from connectors.timescale.rejects import Kept
from models.commune.configuration import Commune, Hamlet, Parameter, Station
from models.envelope.partition import PARTITIONS, partition_of
from models.lorawan.configuration import Device, Field, Profile
from tests import kafka
from tests.builders import payload

AT = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
EUI = "a8404100000000ff"
AIR = Station(
    "air", "Trạm", ["ha"], [Parameter("pm10", "ug/m3", 0, 1000, 300, 3600)], file_names=["KK01"]
)  # fmt: skip
COMMUNE = msgspec.structs.replace(
    Commune([], [Hamlet("ha", "Hạ", "xa", date(2020, 1, 1))], [AIR], [], []),
    profiles=[Profile("p", [Field("DO", "dissolved_oxygen", "mg/L")])],
    devices=[Device(EUI, "bo-la-van", "p")],
)


def kept(
    topic: str, data: bytes, *, partition: int = 0, offset: int = 1, key: bytes | None = b"phu-oc"
) -> Kept:
    return Kept(topic, partition, offset, AT, key, "wrong_type", "sai", "wrong", data, None)


UPLINK = json.dumps(
    {
        "deduplicationId": "d",
        "deviceInfo": {"devEui": EUI},
        "object": {"DO": 4.2},
        "time": "2026-10-12T07:04:58Z",
    }
).encode()
ALL = [
    kept("readings", payload(4.2)),
    kept("readings", b"garbage"),
    kept(f"lorawan:{EUI}", UPLINK, partition=1, key=b"bo-la-van"),
    kept(f"lorawan:{EUI}", UPLINK.replace(b'"DO"', b'"x"'), partition=1, key=b"bo-la-van"),
    kept("file:KK01_20261012140000.txt@abcd", b"PM10\t31.5\t\xb5g/m3\t20261012140000\t00", key=b"air"),
    kept("file:KK01_20261012140000.txt@abcd", b"PM10\tx\tug/m3\t20261012140000\t00", key=b"air"),
    kept("frames", b"\x00sealed", partition=3, key=b"cho"),
    kept("form:nguoi-01", b"{}"),
    kept("http:esms", b"{}"),
    kept("mqtt:phusa/v1/other", b"x", key=None),
]


def test_each_kept_message_is_sent_or_counted_by_name() -> None:
    found = reread(ALL, known(COMMUNE))

    assert found.taken == [ALL[0], ALL[2], ALL[4], ALL[6]]
    assert len(found.taken) + found.still.total() + found.skipped.total() == len(ALL)
    assert {why.en: count for why, count in found.still.items()} == {
        "not JSON": 1,
        "a declared field is missing": 1,
        "wrong type or missing field": 1,
    }
    assert sorted(why.en.split(":")[0] for why in found.skipped) == [
        "a form",
        "an HTTP call",
        "an MQTT topic that nobody reads",
    ]


def test_readings_go_to_their_stations_partition_marked_and_frames_as_they_were() -> None:
    *readings, frame = reread(ALL, known(COMMUNE)).records

    assert [(reading.topic, reading.key, reading.partition) for reading in readings] == [
        ("readings", station.encode(), partition_of(station)) for station in ("phu-oc", "bo-la-van", "air")
    ]
    assert [(json.loads(reading.value)["value"], json.loads(reading.value)["asked"]) for reading in readings] == [
        (4.2, True), (4.2, True), (31.5, True),
    ]  # fmt: skip
    assert frame == Record("frames", b"cho", b"\x00sealed", 3)


def test_a_reading_under_another_stations_name_keeps_its_sender() -> None:
    (one,) = reread([kept("readings", payload(4.2), key=b"another")], known(COMMUNE)).records

    assert (one.key, one.partition) == (b"another", partition_of("another"))


@pytest.mark.integration
def test_what_is_sent_is_on_its_topic_when_send_returns(stack: Settings) -> None:
    name = kafka.topic(stack.bootstrap, PARTITIONS)
    records = [record._replace(topic=name) for record in reread(ALL[:5], known(COMMUNE)).records]

    send(stack.bootstrap, records)

    found = kafka.everything(stack.bootstrap, name, PARTITIONS)
    assert sorted(found, key=str) == sorted(((record.key, record.value) for record in records), key=str)
