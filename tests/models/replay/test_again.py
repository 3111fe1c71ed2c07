"""What was refused is read again by its own reader, or skipped by name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from models.commune.configuration import Parameter, Station
from models.commune.file_names import file_stations
from models.envelope.rejected import Rejected
from models.lorawan import read as lorawan
from models.lorawan.configuration import Device, Field, Profile
from models.replay.again import Again, Kept, Known, again
from models.stationfile import read as stationfile
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import MINUTE, START_MS, batch, commune, payload

AT = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
EUI = "a8404100000000ff"
NAME = "KK01_20261012140000.txt"
LINE = "PM-10\t31.5\tug/m3\t20261012140000\t00"


def known(fields: list[Field] | None = None, codes: tuple[str, ...] = ("pm10",)) -> Known:
    """The commune of now: a device with these fields, an air station that measures these."""
    own = [Parameter(code, "ug/m3", 0, 1000, 300, 3600) for code in codes]
    devices = [] if fields is None else [Device(EUI, "bo-la-van", "p")]
    return Known(
        file_stations([Station("air", "Trạm", [], own, file_names=["KK01"])]),
        lorawan.senders(devices, [Profile("p", fields or [])]),
        frozenset({"readings", "frames", "rejected"}),
    )


def uplink(**found: Any) -> bytes:
    said = {"deduplicationId": "d", "deviceInfo": {"devEui": EUI}, "fCnt": 3, "object": found}
    return json.dumps(said | {"time": "2026-10-12T07:04:58Z"}).encode()


def kept(rejected: Rejected) -> Kept:
    return Kept(rejected.topic, rejected.partition, rejected.offset, rejected.at, rejected.payload)


def refused_uplinks(message: bytes, before: Known) -> list[Kept]:
    taken = lorawan.read(EUI, message, before.senders, AT)
    return [kept(one) for one in lorawan.rejected(EUI, message, taken, before.senders, AT)]


def refused_lines(text: bytes, before: Known) -> list[Kept]:
    found = stationfile.read(NAME, text, before.stations)
    return [kept(one) for one in stationfile.rejected(NAME, text, found, AT)]


def values(found: Again) -> dict[str, float]:
    assert all(reading.asked for reading in found.readings)
    return {reading.parameter: reading.value for reading in found.readings}


DO, PH = Field("DO", "dissolved_oxygen", "mg/L"), Field("pH", "ph", "pH")
RENAMED = Field("data.DO", "dissolved_oxygen", "mg/L")


def test_an_uplink_whose_device_is_known_by_now_is_read_whole_and_its_bad_field_kept() -> None:
    (one,) = refused_uplinks(uplink(DO=4.2, pH="bảy"), known(None))
    found = again(one, known([DO, PH]))

    assert values(found) == {"dissolved_oxygen": 4.2}
    assert [(each.topic, each.partition) for each in found.refused] == [(f"lorawan:{EUI}", 2)]
    assert found.readings[0].at == datetime(2026, 10, 12, 7, 4, 58, tzinfo=UTC)


def test_of_a_field_whose_name_was_mended_that_field_alone_is_sent() -> None:
    (one,) = refused_uplinks(uplink(data={"DO": 4.2}, pH=7), known([DO, PH]))
    found = again(one, known([RENAMED, PH]))

    assert (values(found), found.refused) == ({"dissolved_oxygen": 4.2}, ())


def test_a_line_that_can_be_read_by_now_is_sent_with_the_time_of_its_file() -> None:
    (one,) = refused_lines(f"PM2,5\t12.5\tug/m3\t20261012140000\t00\r\n{LINE}\r\n".encode(), known())
    found = again(one, known(codes=("pm10", "pm25")))

    assert values(found) == {"pm25": 12.5}
    assert (found.readings[0].source, found.readings[0].seq) == ("air", 1_791_788_400)


def test_a_line_of_a_wide_file_is_read_without_the_mark_of_its_file() -> None:
    text = f"PM2,5\t12.5\tug/m3\t20261012140000\t00\r\n{LINE}\r\n".encode("utf-16")
    (one,) = refused_lines(text, known())

    assert values(again(one, known(codes=("pm10", "pm25")))) == {"pm25": 12.5}


def test_a_file_of_a_station_that_is_known_by_now_is_read_whole_and_its_bad_lines_kept() -> None:
    nobody = Known({}, {}, frozenset())
    (one,) = refused_lines(f"{LINE}\nPM-10\tx\tug/m3\t20261012140500\t00\n".encode(), nobody)
    found = again(one, known())

    assert values(found) == {"pm10": 31.5}
    assert [each.offset for each in found.refused] == [2]


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(refused_uplinks(uplink(pH=7), known([DO]))[0], id="an uplink without the field"),
        pytest.param(refused_uplinks(uplink(DO=7), known(None))[0], id="a device that is still unknown"),
        pytest.param(refused_lines(b"PM-10\tx\tug/m3\t20261012140500\t00\n", known())[0], id="a line"),
        pytest.param(refused_lines(b"", known())[0], id="an empty file"),
        pytest.param(Kept("readings", 0, 1, AT, b"\xff\x00"), id="garbage"),
        pytest.param(Kept("readings", 0, 1, AT, b""), id="nothing at all"),
        pytest.param(
            Kept("readings", 0, 1, AT, payload()[:-1] + b',"value":9}'), id="a reading with a field twice"
        ),
    ],
)
def test_what_still_cannot_be_read_is_counted_by_why_and_not_sent(kept: Kept) -> None:
    fields = None if kept.payload == uplink(DO=7) else [DO]
    found = again(kept, known(fields))

    assert (found.readings, found.refused, found.bytes_as_they_were) == ((), (), False)
    assert found.still is not None
    assert found.still.vi


@pytest.mark.parametrize(
    ("topic", "en"),
    [
        pytest.param("form:nguoi-01", "a form", id="form"),
        pytest.param("mqtt:phusa/v1/other", "MQTT", id="mqtt"),
        pytest.param("http:esms", "HTTP", id="http"),
        pytest.param("pigeon:7", "unknown origin", id="unknown"),
    ],
)
def test_what_has_no_reader_is_skipped_by_name(topic: str, en: str) -> None:
    found = again(Kept(topic, 0, 1, AT, b"x"), known())

    assert (found.readings, found.bytes_as_they_were, found.still) == ((), False, None)
    assert found.skipped is not None
    assert en in found.skipped.en


def test_what_came_by_another_topic_of_kafka_goes_there_as_it_was() -> None:
    assert again(Kept("frames", 0, 1, AT, b"x"), known()) == Again(bytes_as_they_were=True)


def test_a_reading_that_was_thirty_hours_late_is_stored_when_somebody_asks_for_it() -> None:
    late, now = payload(4.2, minute=-30 * 60), START_MS
    raw = batch([late], stamps_ms=[now])
    (refused,) = judge(plan(commune()), {}, raw).rejected
    assert refused.reason == "too_late"

    found = again(kept(refused), known())
    asked = batch([msgspec.json.encode(reading) for reading in found.readings], stamps_ms=[now + 10 * MINUTE])
    judged = judge(plan(commune()), {}, asked)

    assert [observation.value for observation in judged.observations] == [4.2]
    assert judged.rejected == []


def test_asking_makes_no_future_the_present() -> None:
    asked = payload(4.2, minute=27 * 60, asked=True)

    assert [one.reason for one in judge(plan(commune()), {}, batch([asked], minutes=[0])).rejected] == [
        "future"
    ]
