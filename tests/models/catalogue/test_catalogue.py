"""The catalogue is whole: each row has all that is asked of it, each code that the house uses has a row."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.rehearsal.recordings.columns import MEASURES, key
from infra.rehearsal.recordings.units import TURNS
from infra.rehearsal.simulator.signals import SIGNALS
from models.air.aqi import Pollutant
from models.alerting import wording, words
from models.alerting.alert import Kind as KindOfAlerts
from models.catalogue import quality_tests
from models.catalogue.flags import FLAGS, Flag
from models.catalogue.kinds import CLOSED, KINDS, TEMPLATES, About, Audience, Kind, title
from models.catalogue.parameters import MEASURED_UNITS, PARAMETERS, ParameterRow, reckoned
from models.catalogue.reasons import REASONS, Reason
from models.catalogue.states import STATES, State
from models.catalogue.units import UNITS
from models.river.rain import WINDOWS_H
from models.river.street import TRENDS
from models.stationfile.symbols import CODES, name_key
from models.water.quality import AT_MOST, HEALTH
from models.water.wqi import FALLING, GROUPS, STEPPED, STRICT

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE_FILES = {one.stem for one in (ROOT / "models" / "alerting" / "templates").glob("*.j2")}
COLOUR = re.compile(r"#[0-9a-f]{6}")


def gaps(row: ParameterRow) -> list[str]:
    """What is missing in a row of a parameter, or cannot be."""
    found = [name for name in ("code", "vi", "en", "unit") if not getattr(row, name).strip()]
    if row.unit not in UNITS:
        found.append(f"no unit {row.unit}")
    if not row.low < row.high:
        found.append("no range")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", row.code):
        found.append("a code of other letters")
    if not row.of and not row.measured:
        found.append("neither measured nor reckoned from anything")
    found += [f"reckoned from {each}" for one in row.of for each in one.split() if each not in PARAMETERS]
    if row.shown and row.shown not in UNITS:
        found.append(f"shown in {row.shown}")
    return found


@pytest.mark.parametrize("code", PARAMETERS)
def test_nothing_is_missing_in_a_row_of_a_parameter(code: str) -> None:
    assert PARAMETERS[code].code == code
    assert gaps(PARAMETERS[code]) == []


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("no Vietnamese", {"vi": " "}, "vi"),
        ("no English", {"en": ""}, "en"),
        ("a unit that no table knows", {"unit": "furlong"}, "no unit furlong"),
        ("a range turned round", {"low": 1.0, "high": 0.0}, "no range"),
        ("capitals in the code", {"code": "DO"}, "a code of other letters"),
        ("from nowhere", {"measured": False}, "neither measured nor reckoned from anything"),
        ("from a stranger", {"of": ("abc",)}, "reckoned from abc"),
        ("shown in a stranger", {"shown": "abc"}, "shown in abc"),
    ],
)
def test_a_gap_in_a_row_is_told(name: str, wrong: dict[str, Any], told: str) -> None:
    assert gaps(PARAMETERS["turbidity"]._replace(**wrong)) == [told], name


@pytest.mark.parametrize("code", list(Kind))
def test_nothing_is_missing_in_a_row_of_a_kind(code: Kind) -> None:
    row = KINDS[code]

    assert row.code is code
    assert all((row.vi, row.en, row.shape))
    assert COLOUR.fullmatch(row.colour)
    assert {"rise", "clear"} <= row.titles.keys() <= {"rise", "better", "clear"}
    assert isinstance(row.audience, Audience)
    assert (row.unknown is None) == (row.about is not About.INSTRUMENTS)
    assert (row.brief is None) == (row.unknown is None)
    for family, one in row.titles.items():
        own = f"{code}_{family}" in TEMPLATE_FILES
        assert (one.vi, one.en) == (one.vi.upper(), one.en.upper())
        assert one.registered
        assert own != (one.advice is not None), "a template of its own, or advice for the one of any kind"


def test_every_template_has_a_title_and_no_file_is_left_over() -> None:
    assert len(TEMPLATES) == len(set(TEMPLATES))
    assert all(title(name).registered for name in TEMPLATES)
    assert title("closed") is CLOSED
    assert {*TEMPLATES, "any"} >= TEMPLATE_FILES


def test_kinds_are_told_apart_by_colour_and_by_shape() -> None:
    assert set(KINDS) == set(Kind)
    for attribute in ("colour", "shape", "vi", "en"):
        found = [getattr(row, attribute) for row in KINDS.values()]
        assert len(set(found)) == len(found), attribute


def test_water_and_people_come_before_instruments_and_money() -> None:
    order = [row.about for row in KINDS.values()]
    last = max(i for i, one in enumerate(order) if one not in (About.INSTRUMENTS, About.MONEY))
    first = min(i for i, one in enumerate(order) if one in (About.INSTRUMENTS, About.MONEY))

    assert last < first
    assert order[-1] is About.MONEY


def test_nobody_but_the_staff_may_be_told_of_instruments_and_money() -> None:
    staff = {code for code, row in KINDS.items() if row.audience is not Audience.ANYBODY}

    assert staff == {code for code, row in KINDS.items() if row.about in (About.INSTRUMENTS, About.MONEY)}


def test_each_code_that_is_stored_has_its_row() -> None:
    assert set(FLAGS) == set(Flag)
    assert set(REASONS) == set(Reason)
    assert set(quality_tests.TESTS) == set(quality_tests.Test)
    assert set(STATES) == set(State)
    assert all(words for pair in [*REASONS.values(), *quality_tests.TESTS.values()] for words in pair)
    assert all(row.vi and row.en and row.shape and COLOUR.fullmatch(row.colour) for row in FLAGS.values())


def test_only_what_is_good_is_green() -> None:
    green = STATES[State.NORMAL].colour

    assert [row.code for row in FLAGS.values() if row.colour == green] == [Flag.GOOD]
    assert [row.code for row in STATES.values() if row.colour == green] == [State.NORMAL]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("limits for health, QCVN 08 table 1", HEALTH),
        ("classes of rivers, QCVN 08 table 2", AT_MOST),
        ("VN_WQI, falling", FALLING),
        ("VN_WQI, in steps", STEPPED),
        ("VN_WQI, strict", STRICT),
        ("VN_WQI, groups", set().union(*GROUPS.values())),
        ("VN_AQI", list(Pollutant)),
        ("rain of hours", [f"rain_{hours}h" for hours in WINDOWS_H]),
        ("floods of streets ahead", [trend.code for trend in TRENDS]),
        ("signals of the simulator", SIGNALS),
    ],
)
def test_what_a_standard_or_a_part_of_ours_names_is_in_the_catalogue(name: str, codes: Any) -> None:
    assert set(codes) - set(PARAMETERS) == set(), name


def test_every_limit_of_a_standard_is_judged_under_one_code() -> None:
    """Chromium VI was `chromium_vi` to QCVN 08 and `chromium_6` to VN_WQI, which therefore never saw it."""
    assert {code for code in PARAMETERS if code.startswith("chromium")} == {"chromium_vi"}
    assert "chromium_vi" in STEPPED
    assert "chromium_vi" in HEALTH


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("infra/*/*/commune/*.yaml")) + sorted(ROOT.glob("infra/commune/*.yaml")), ids=str
)
def test_the_configurations_name_parameters_of_the_catalogue(path: Path) -> None:
    own = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = {each["code"] for one in own.get("stations", []) for each in one["parameters"]}
    named |= {one["parameter"] for section in ("rules", "quality") for one in own.get(section, [])}

    assert named - set(PARAMETERS) == set()


def test_a_name_in_a_recording_means_one_parameter() -> None:
    names = {code: row.columns.split() for code, row in PARAMETERS.items()}
    both = [(a, b, set(names[a]) & set(names[b])) for a, b in combinations(names, 2)]

    assert [one for one in both if one[2]] == []
    assert all(key(name) == name for own in names.values() for name in own)
    assert set(MEASURES) == {code for code, own in names.items() if own}


def test_what_recordings_are_turned_into_are_units_of_the_catalogue() -> None:
    assert {one for pair in TURNS for one in pair} <= UNITS.keys()


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        ("TP", "total_phosphorus"), ("TN", "total_nitrogen"), ("NH4", "nh4"), ("NH4+", "nh4"), ("N-NH4", "ammonium_n"),
        ("DO", "dissolved_oxygen"), ("PM-2-5", "pm25"), ("Cu", "copper"), ("Hg", "mercury"),
    ],
)  # fmt: skip
def test_a_symbol_of_a_station_file_is_a_parameter_that_can_be_configured(symbol: str, code: str) -> None:
    assert CODES[name_key(symbol)] == (code,)
    assert code in MEASURED_UNITS


def test_no_symbol_names_a_parameter_that_is_in_no_list() -> None:
    assert {code for codes in CODES.values() for code in codes} <= PARAMETERS.keys()


def test_words_of_messages_are_the_catalogue_s() -> None:
    assert KindOfAlerts is Kind
    assert set(words.PARAMETERS) == set(PARAMETERS)
    assert words.kind_name("flood") == "ngập (flood)"
    assert words.kind_name("of-a-newer-version") == "of-a-newer-version"
    assert wording.TEMPLATES is TEMPLATES


@pytest.mark.parametrize(
    ("measured", "found"),
    [
        ({"river_level"}, {"river_rise": "m/h"}),
        ({"dissolved_oxygen"}, {"oxygen_fall": "mg/L/h", "oxygen_dawn": "mg/L"}),
        ({"ph", "water_temperature"}, {}),
        ({"ph", "water_temperature", "nh4"}, {"nh3": "mg/L"}),
        ({"ph", "water_temperature", "nh4", "nh3"}, {}),
        ({"so2"}, {"vn_aqi": "AQI", "vn_aqi_day": "AQI"}),
        ({"humidity"}, {}),
    ],
    ids=lambda one: " ".join(sorted(one)) or "nothing",
)
def test_what_is_reckoned_follows_from_what_is_measured(measured: set[str], found: dict[str, str]) -> None:
    assert reckoned(measured) == found
