"""A person's form: numbers as people write them, and what is asked again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from models.commune.configuration import Parameter, Station
from models.envelope.rejected import Reason
from models.person.form import filled, labelled, number, rejected

AT = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
STATION = Station(
    "nguoi-01",
    "Người đo",
    ["ha"],
    [
        Parameter("dissolved_oxygen", "mg/L", 0, 20, 86400, 604800),
        Parameter("secchi", "cm", 0, 300, 86400, 604800),
    ],
)
NUMBERS = {
    "a comma": ("6,5", 6.5),
    "a point": ("6.5", 6.5),
    "spaces around": (" 6 ", 6.0),
    "below nothing": ("-1", -1.0),
    "thousands and decimals, English": ("1,234.5", None),
    "thousands and decimals, Vietnamese": ("1.234,5", None),
    "two numbers": ("6 5", None),
    "a unit": ("6 mg", None),
    "no number": ("nan", None),
    "infinite": ("inf", None),
    "an exponent": ("1e3", None),
    "other digits": ("٦", None),
    "endless": ("1" * 21, None),
}


@pytest.mark.parametrize(("text", "value"), NUMBERS.values(), ids=NUMBERS.keys())
def test_a_number_as_people_write_it(text: str, value: float | None) -> None:
    assert number(text) == value


def test_what_was_filled_in_becomes_readings_and_what_was_left_out_becomes_nothing() -> None:
    found = filled(STATION, {"dissolved_oxygen": "4,2", "secchi": ""}, AT)

    assert [
        (reading.source, reading.parameter, reading.value, reading.unit, reading.at)
        for reading in found.readings
    ] == [("nguoi-01", "dissolved_oxygen", 4.2, "mg/L", AT)]


WRONG = {
    "out of range": ({"dissolved_oxygen": "42"}, "dissolved_oxygen", "cần từ 0 đến 20"),
    "two meanings": ({"secchi": "1.234,5"}, "secchi", "cần một số"),
    "nothing at all": ({}, "", "chưa nhập số nào"),
    "what the station does not measure": ({"ph": "7"}, "", "'ph' không phải thông số"),
}


@pytest.mark.parametrize(("fields", "place", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_taken(
    fields: dict[str, str], place: str, words: str
) -> None:
    found = filled(STATION, {"dissolved_oxygen": "4"} | fields if fields else {}, AT)

    assert not found.readings
    assert words in found.wrong[place].vi


def test_a_form_with_something_wrong_is_kept_as_it_came() -> None:
    fields = {"dissolved_oxygen": "42", "secchi": "hai"}
    (kept,) = rejected(STATION, fields, filled(STATION, fields, AT), AT)

    assert (kept.topic, kept.partition, kept.offset) == ("form:nguoi-01", 0, round(AT.timestamp() * 1000))
    assert (kept.key, kept.reason) == (b"nguoi-01", Reason.WRONG_CONTENT)
    assert msgspec.json.decode(kept.payload) == fields
    assert "dissolved_oxygen: cần từ 0 đến 20" in kept.vi
    assert "secchi: expected a number" in kept.en


def test_of_a_form_that_is_right_nothing_is_kept() -> None:
    fields = {"dissolved_oxygen": "4,2"}

    assert rejected(STATION, fields, filled(STATION, fields, AT), AT) == []


LABELS = [
    pytest.param("secchi", "cm", "Độ trong (cm)", "clarity (cm)", id="a sentence begins large"),
    pytest.param("ph", "1", "pH", "pH", id="a symbol stays, 1 is no unit"),
    pytest.param("lạ", "mg/L", "Lạ (mg/L)", "lạ (mg/L)", id="a parameter without a name"),
]


@pytest.mark.parametrize(("code", "unit", "vi", "en"), LABELS)
def test_what_a_field_is_called(code: str, unit: str, vi: str, en: str) -> None:
    names = {"secchi": ("độ trong", "clarity"), "ph": ("pH", "pH")}

    assert labelled(Parameter(code, unit, 0, 1, 60, 600), names) == (vi, en)
