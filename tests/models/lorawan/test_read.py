"""An uplink of ChirpStack v4 becomes the readings that its profile declares, and no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lorawan.configuration import Device, Field, Profile
from models.lorawan.read import Taken, read, rejected, senders
from models.lorawan.uplink import MAX_BYTES
from models.rejected import Reason

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
    return json.dumps({name: one for name, one in (fields | changed).items() if one is not None}).encode()


def taken(payload: bytes | None = None, eui: str = EUI, **changed: Any) -> Taken:
    return read(eui, payload if payload is not None else uplink(**changed), KNOWN, ARRIVED)


def values(found: Taken) -> dict[str, float]:
    return {one.parameter: one.value for one in found.readings}


def test_declared_fields_become_readings_of_the_devices_station() -> None:
    found = taken()

    assert values(found) == {"dissolved_oxygen": 5.5, "water_temperature": 27.0, "rain": 0.4}
    assert {(one.source, one.seq, one.status) for one in found.readings} == {("bo-la-van", 4711, 0)}
    assert [one.unit for one in found.readings] == ["mg/L", "C", "mm"]
    assert {one.at for one in found.readings} == {datetime(2026, 10, 12, 7, 4, 58, 123457, UTC)}
    assert found.key == "57433366-50a6-4dc2-8145-2df1bbc70d9e"
    assert found.refused == ()


@pytest.mark.parametrize(
    ("found", "values_then"),
    [
        pytest.param({"DO": 5.5}, {"dissolved_oxygen": 5.5, "rain": 0.0}, id="missing is zero only where declared"),
        pytest.param({"DO": 0}, {"dissolved_oxygen": 0.0, "rain": 0.0}, id="a zero that is there is a zero"),
        pytest.param({"DO": None, "rain": None}, {"rain": 0.0}, id="null is missing"),
        pytest.param({}, {"rain": 0.0}, id="an empty object"),
        pytest.param({"probe": 3, "rain": 1}, {"rain": 1.0}, id="no object where dots lead"),
        pytest.param({"probe.temp": 20, "rain": 1}, {"water_temperature": 20.0, "rain": 1.0}, id="dots in a name"),
    ],
)  # fmt: skip
def test_a_missing_field_was_not_measured_unless_the_profile_says_so(
    found: dict[str, Any], values_then: dict[str, float]
) -> None:
    assert values(taken(object=found)) == values_then
    assert taken(object=found).refused == ()


def test_a_missing_frame_counter_is_zero() -> None:
    assert {one.seq for one in taken(fCnt=None).readings} == {0}


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

    assert {one.at for one in taken(**changed).readings} == {expected}


def test_an_explicit_null_is_a_missing_time() -> None:
    payload = uplink().replace(f'"{MEASURED}"'.encode(), b"null")

    assert {one.at for one in taken(payload).readings} == {datetime(2026, 10, 12, 7, 4, 59, 500000, UTC)}


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
    assert ("dissolved_oxygen" in names | refused) is (one is not None)


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reader(payload: bytes) -> None:
    assert taken(payload).readings == ()
    assert taken(payload).refused
