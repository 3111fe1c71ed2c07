"""An uplink of ChirpStack v4 becomes the readings that its profile declares, and no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.rejected import Reason
from models.lorawan.configuration import Device, Field, Profile
from models.lorawan.read import Taken, read, rejected, senders
from models.lorawan.uplink import MAX_BYTES

EUI = "a8404100000000ff"
MEASURED = "2026-10-12T07:04:58.123456789+00:00"
SERVED = "2026-10-12T07:04:59.500000000+00:00"
ARRIVED = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
PROFILE = Profile(
    "cage",
    [
        Field("DO", "dissolved_oxygen", "mg/L"),
        Field("probe.temp", "water_temperature", "C"),
        Field("rain", "rain", "mm", zero_when_missing=True),
    ],
)
KNOWN = senders([Device(EUI.upper(), "bo-la-van", "cage"), Device("00" * 8, "x", "gone")], [PROFILE])
GOOD = {"DO": 5.5, "probe": {"temp": 27}, "rain": 0.4, "battery": 3.6}


def uplink(**changed: Any) -> bytes:
    """As ChirpStack 4.6 and later writes it; None takes a field away."""
    fields: dict[str, Any] = {
        "deduplicationId": "57433366-50a6-4dc2-8145-2df1bbc70d9e",
        "time": MEASURED,
        "deviceInfo": {"tenantId": "t", "applicationId": "a", "deviceProfileName": "p", "devEui": EUI, "tags": {}},
        "devAddr": "00189440",
        "adr": True,
        "dr": 5,
        "fCnt": 4711,
        "fPort": 2,
        "confirmed": False,
        "data": "CmQCD3//AWXgqk4=",
        "object": GOOD,
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "uplinkId": 7, "nsTime": SERVED, "rssi": -57, "snr": 10.2}],
        "txInfo": {"frequency": 921400000},
    }  # fmt: skip
    return json.dumps(
        {name: field for name, field in (fields | changed).items() if field is not None}
    ).encode()


def taken(payload: bytes | None = None, eui: str = EUI, **changed: Any) -> Taken:
    return read(eui, payload if payload is not None else uplink(**changed), KNOWN, ARRIVED)


def values(found: Taken) -> dict[str, float]:
    return {reading.parameter: reading.value for reading in found.readings}


def test_declared_fields_become_readings_of_the_devices_station() -> None:
    found = taken()

    assert values(found) == {"dissolved_oxygen": 5.5, "water_temperature": 27.0, "rain": 0.4}
    assert {(reading.source, reading.seq, reading.status) for reading in found.readings} == {
        ("bo-la-van", 4711, 0)
    }
    assert [reading.unit for reading in found.readings] == ["mg/L", "C", "mm"]
    assert {reading.at for reading in found.readings} == {datetime(2026, 10, 12, 7, 4, 58, 123457, UTC)}
    assert found.key == "57433366-50a6-4dc2-8145-2df1bbc70d9e"
    assert found.refused == ()


@pytest.mark.parametrize(
    ("found", "values_then", "missing"),
    [
        pytest.param({"DO": 5.5}, {"dissolved_oxygen": 5.5, "rain": 0.0}, {2}, id="missing is zero only where declared"),
        pytest.param({"DO": 0, "probe": {"temp": 1}}, {"dissolved_oxygen": 0.0, "water_temperature": 1.0, "rain": 0.0}, set(), id="a zero that is there is a zero"),
        pytest.param({"DO": None, "probe": {"temp": None}, "rain": 1}, {"rain": 1.0}, set(), id="null: asked and not measured"),
        pytest.param({"probe": 3, "rain": 1}, {"rain": 1.0}, {1, 2}, id="no object where dots lead"),
        pytest.param({"DO": 5, "probe.temp": 20, "rain": 1}, {"dissolved_oxygen": 5.0, "water_temperature": 20.0, "rain": 1.0}, set(), id="dots in a name"),
    ],
)  # fmt: skip
def test_a_missing_field_is_refused_by_name_unless_the_profile_says_what_it_means(
    found: dict[str, Any], values_then: dict[str, float], missing: set[int]
) -> None:
    had = taken(object=found)

    assert values(had) == values_then
    assert {number for number, _ in had.refused} == missing
    assert {why.reason for _, why in had.refused} <= {Reason.MISSING_FIELD}


ONE = senders([Device(EUI, "bo-la-van", "one")], [Profile("one", [Field("DO", "dissolved_oxygen", "mg/L")])])
NOTHING = [
    pytest.param({"object": {}}, Reason.MISSING_FIELD, 0, "`object` is empty", id="an empty object"),
    pytest.param({"object": {"pH": 7.1, "bat": 3.6}}, Reason.MISSING_FIELD, 1, "no 'DO' (dissolved_oxygen); it has: pH, bat", id="lacks the field"),
    pytest.param({"object": {"data": {"DO": 5.5}}}, Reason.MISSING_FIELD, 1, "it has 'data.DO': set that as `name`", id="nests the field"),
    pytest.param({"object": {"data": {"oxy": {"do": 5.5}}}}, Reason.MISSING_FIELD, 1, "'data.oxy.do'", id="nests it twice"),
    pytest.param({"object": {"d_o": 5.5}}, Reason.MISSING_FIELD, 1, "'d_o'", id="renamed: signs"),
    pytest.param({"object": {"do_mgl": 5.5}}, Reason.MISSING_FIELD, 1, "it has: do_mgl", id="renamed: longer"),
    pytest.param({"object": {"DO": None}}, Reason.MISSING_FIELD, 0, "no declared field has a value", id="null and nothing else"),
    pytest.param({"object": None, "data": "CmQCD3//AWXgqk4="}, Reason.WRONG_CONTENT, 0, "no codec", id="only base64"),
    pytest.param({"object": {"bytes": "CmQCD3//AWXgqk4="}}, Reason.MISSING_FIELD, 1, "it has: bytes", id="base64 within the object"),
    pytest.param({"object": "CmQCD3//AWXgqk4="}, Reason.WRONG_TYPE, 0, "object", id="base64 for an object"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "reason", "number", "en"), NOTHING)
def test_an_uplink_without_what_its_profile_declares_is_refused_with_the_reason(
    changed: dict[str, Any], reason: Reason, number: int, en: str
) -> None:
    found = read(EUI, uplink(**changed), ONE, ARRIVED)

    assert found.readings == ()
    ((place, why),) = found.refused
    assert (place, why.reason) == (number, reason)
    assert en in why.en
    assert why.vi


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param({"Rain": 3.0}, "'Rain'", id="other capitals"),
        pytest.param({"data": {"rain": 3.0}}, "'data.rain'", id="within another object"),
    ],
)
def test_a_codec_that_renames_a_field_that_may_be_left_out_makes_neither_zero_nor_silence(
    found: dict[str, Any], told: str
) -> None:
    for field in (
        Field("rain", "rain", "mm", zero_when_missing=True),
        Field("rain", "rain", "mm", optional=True),
    ):
        known = senders([Device(EUI, "bo-la-van", "p")], [Profile("p", [field])])
        had = read(EUI, uplink(object=found), known, ARRIVED)

        assert had.readings == ()
        ((_, why),) = had.refused
        assert told in why.en


def test_an_optional_field_may_be_left_out_and_all_of_them_not() -> None:
    fields = [Field("DO", "dissolved_oxygen", "mg/L"), Field("salt", "conductivity", "uS/cm", optional=True)]
    known = senders([Device(EUI, "bo-la-van", "p")], [Profile("p", fields)])

    assert read(EUI, uplink(object={"DO": 5}), known, ARRIVED).refused == ()
    only = senders([Device(EUI, "bo-la-van", "p")], [Profile("p", fields[1:])])
    assert [why.reason for _, why in read(EUI, uplink(object={"DO": 5}), only, ARRIVED).refused] == [
        Reason.MISSING_FIELD
    ]


def test_a_missing_frame_counter_is_zero() -> None:
    assert {reading.seq for reading in taken(fCnt=None).readings} == {0}


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        pytest.param({}, "2026-10-12T07:04:58.123457", id="the gateway's time"),
        pytest.param({"time": None}, "2026-10-12T07:04:59.5", id="no clock: when the server took it"),
        pytest.param(
            {"time": None, "rxInfo": [{"nsTime": "2026-10-12T07:04:59.9Z"}, {"nsTime": SERVED}]},
            "2026-10-12T07:04:59.5",
            id="the first of several gateways",
        ),
        pytest.param({"time": None, "rxInfo": [{"gatewayId": "x"}]}, "2026-10-12T07:05:00", id="our arrival"),
        pytest.param({"time": None, "rxInfo": None}, "2026-10-12T07:05:00", id="no gateway named"),
    ],
)
def test_a_time_of_null_is_that_of_the_server_else_of_arrival(changed: dict[str, Any], at: str) -> None:
    expected = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert {reading.at for reading in taken(**changed).readings} == {expected}


SERVER = "2026-10-12T07:04:59.5"


@pytest.mark.parametrize(
    ("said", "at", "retimed"),
    [
        pytest.param("1970-01-01T00:00:12Z", SERVER, True, id="1970"),
        pytest.param("0001-01-01T00:00:00Z", SERVER, True, id="year 1"),
        pytest.param("0001-01-01T00:00:00+07:00", SERVER, True, id="before year 1 in UTC"),
        pytest.param("9999-12-31T23:59:59-07:00", SERVER, True, id="after year 9999 in UTC"),
        pytest.param("2026-10-12T06:34:59.5Z", SERVER, True, id="30 min slow"),
        pytest.param("2026-10-12T07:34:59.5Z", SERVER, True, id="30 min fast"),
        pytest.param("2026-10-09T07:04:59.5Z", SERVER, True, id="3 days slow"),
        pytest.param("2026-10-12T14:04:58+00:00", SERVER, True, id="local time written as UTC"),
        pytest.param("2026-10-12T07:00:00Z", "2026-10-12T07:00:00", False, id="just within 5 min"),
        pytest.param("2026-10-12T14:04:58+07:00", "2026-10-12T07:04:58", False, id="right, in another zone"),
    ],
)
def test_a_gateway_whose_clock_is_wrong_is_told_and_the_servers_time_is_taken(
    said: str, at: str, retimed: bool
) -> None:
    found = taken(time=said)

    assert {(reading.at, reading.retimed) for reading in found.readings} == {
        (datetime.fromisoformat(at).replace(tzinfo=UTC), retimed)
    }
    assert (found.wrong_time is not None) is retimed
    assert found.refused == ()


@pytest.mark.parametrize(
    ("said", "at", "retimed"),
    [
        pytest.param("1970-01-01T00:00:12Z", "2026-10-12T07:05:00", True, id="1970"),
        pytest.param("2026-10-12T08:05:00Z", "2026-10-12T07:05:00", True, id="an hour ahead of us"),
        pytest.param("2026-10-12T05:05:00Z", "2026-10-12T05:05:00", False, id="two hours behind: we may have been away"),
    ],
)  # fmt: skip
def test_without_the_servers_time_only_what_cannot_be_is_wrong(said: str, at: str, retimed: bool) -> None:
    found = taken(time=said, rxInfo=[{"gatewayId": "x"}])

    assert {(reading.at, reading.retimed) for reading in found.readings} == {
        (datetime.fromisoformat(at).replace(tzinfo=UTC), retimed)
    }


@pytest.mark.parametrize(
    "null",
    [
        pytest.param(b'"rxInfo": null', id="rxInfo"),
        pytest.param(b'"rxInfo": [null]', id="one of rxInfo"),
        pytest.param(b'"rxInfo": [{"nsTime": null}]', id="nsTime"),
        pytest.param(b'"fCnt": null', id="fCnt"),
    ],
)
def test_a_null_is_a_missing_field_and_costs_no_reading(null: bytes) -> None:
    name = json.loads(b"{" + null + b"}").popitem()[0]
    payload = uplink(**{name: None}).replace(b"{", b"{" + null + b", ", 1)

    assert len(taken(payload).readings) == 3


def test_a_mark_before_the_json_is_passed_over_and_a_field_written_twice_is_refused() -> None:
    assert len(taken(b"\xef\xbb\xbf" + uplink()).readings) == 3
    found = taken(uplink().replace(b'"DO": 5.5', b'"DO": 5.5, "DO": 9.5'))

    assert (found.readings, [why.reason for _, why in found.refused]) == ((), [Reason.DOUBLED_KEY])


def test_an_explicit_null_is_a_missing_time() -> None:
    payload = uplink().replace(f'"{MEASURED}"'.encode(), b"null")

    assert {reading.at for reading in taken(payload).readings} == {
        datetime(2026, 10, 12, 7, 4, 59, 500000, UTC)
    }


@pytest.mark.parametrize(
    "value", ["7.2", True, [1], {"v": 1}, 10**400], ids=["text", "true", "list", "object", "beyond"]
)
def test_a_field_that_is_no_number_is_refused_alone(value: object) -> None:
    found = taken(object=GOOD | {"DO": value})

    assert set(values(found)) == {"water_temperature", "rain"}
    ((number, why),) = found.refused
    assert (number, why.reason) == (1, Reason.WRONG_TYPE)
    assert "object.DO (dissolved_oxygen): cần số" in why.vi
    assert "object.DO (dissolved_oxygen): expected a number" in why.en


@pytest.mark.parametrize(
    ("payload", "eui", "reason", "en"),
    [
        pytest.param(b"\x00garbage", EUI, Reason.NOT_JSON, "JSON", id="garbage"),
        pytest.param(b"[" * 100_000, EUI, Reason.TOO_BIG, str(MAX_BYTES), id="too big"),
        pytest.param(b'{"object":{"a":' + b"[" * 60_000, EUI, Reason.NOT_JSON, "JSON", id="too deep"),
        pytest.param(b"{}", EUI, Reason.WRONG_TYPE, "deduplicationId", id="no event"),
        pytest.param(uplink(deduplicationId=""), EUI, Reason.WRONG_TYPE, "deduplicationId", id="no key"),
        pytest.param(uplink(time="2026-10-12T07:05:00"), EUI, Reason.WRONG_TYPE, "time", id="a time without a zone"),
        pytest.param(uplink(fCnt=-1), EUI, Reason.WRONG_TYPE, "fCnt", id="a negative counter"),
        pytest.param(uplink(), "00" * 8, Reason.WRONG_SOURCE, EUI, id="another's topic"),
        pytest.param(
            uplink(deviceInfo={"devEui": "11" * 8}), "11" * 8, Reason.UNKNOWN_STATION, "lorawan.yaml", id="a stranger"
        ),
        pytest.param(uplink(object=None), EUI, Reason.WRONG_CONTENT, "codec", id="no codec"),
    ],
)  # fmt: skip
def test_what_is_no_uplink_of_ours_is_refused_whole(
    payload: bytes, eui: str, reason: Reason, en: str
) -> None:
    found = read(eui, payload, KNOWN, ARRIVED)

    assert found.readings == ()
    ((number, why),) = found.refused
    assert (number, why.reason) == (0, reason)
    assert en in why.en
    assert why.vi


def test_an_uplink_without_payload_is_no_news_and_no_fault() -> None:
    found = taken(object=None, data=None, fPort=None)

    assert (found.readings, found.refused) == ((), ())


def test_a_device_is_known_by_its_number_in_capitals_or_not() -> None:
    assert taken(eui=EUI.upper()) == taken()
    assert "00" * 8 not in KNOWN, "its profile is not configured"


def test_a_refusal_has_one_place_for_ever() -> None:
    payload = uplink(object={"DO": "x", "probe": {"temp": "y"}})
    again = [rejected(EUI, payload, taken(payload), KNOWN, at) for at in (ARRIVED, ARRIVED.replace(hour=8))]
    places = [[(one.topic, one.partition, one.offset) for one in found] for found in again]

    assert places[0] == places[1]
    assert [(topic, part) for topic, part, _ in places[0]] == [(f"lorawan:{EUI}", 1), (f"lorawan:{EUI}", 2)]
    assert {one.key for one in again[0]} == {b"bo-la-van"}
    assert all(0 <= offset < 2**63 for _, _, offset in places[0])
    (stranger,) = rejected("11" * 8, b"{}", read("11" * 8, b"{}", KNOWN, ARRIVED), KNOWN, ARRIVED)
    assert stranger.key is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=6,
)


@given(JSON, JSON, JSON)
def test_whatever_a_codec_says_each_field_is_a_number_missing_or_refused(
    one: Any, two: Any, three: Any
) -> None:
    found = taken(object={"DO": one, "probe": two, "rain": three})

    names = {reading.parameter for reading in found.readings}
    refused = {PROFILE.fields[number - 1].parameter for number, _ in found.refused}
    assert not names & refused
    assert "rain" in names | refused, "missing is zero here"
    assert ("dissolved_oxygen" in names | refused) is (one is not None), "null: it was not measured"


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reader(payload: bytes) -> None:
    assert taken(payload).readings == ()
    assert taken(payload).refused
