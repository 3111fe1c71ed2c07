"""One table of units: a spelling is the same unit written otherwise, and nothing else is."""

from __future__ import annotations

from itertools import combinations

import pytest

from models.catalogue.derived import UNITS as DERIVED
from models.catalogue.parameters import MEASURED_UNITS
from models.catalogue.units import SPELLINGS, canonical, same_unit, spelled
from models.catalogue.units import UNITS as ROWS

SAME = [
    pytest.param("mg/l", "mg/L", id="small l"),
    pytest.param("MG/L", "mg/L", id="all capitals"),
    pytest.param("mg/ℓ", "mg/L", id="script l"),
    pytest.param("mg／L", "mg/L", id="full-width slash"),
    pytest.param("mg L⁻¹", "mg/L", id="exponent"),
    pytest.param("°C", "C", id="degree sign"),
    pytest.param("ºC", "C", id="masculine ordinal for a degree sign"),
    pytest.param("℃", "C", id="one sign"),
    pytest.param("˚C", "C", id="ring above"),
    pytest.param("oC", "C", id="letter o"),
    pytest.param("độ C", "C", id="in words"),
    pytest.param("đo\u0323\u0302 C", "C", id="in words, decomposed"),
    pytest.param("\u00b5g/m³", "ug/m3", id="micro sign"),
    pytest.param("\u03bcg/m³", "ug/m3", id="Greek mu"),
    pytest.param("ug/m³", "ug/m3", id="letter u, superscript"),
    pytest.param("µg/m3", "ug/m3", id="micro sign, plain 3"),
    pytest.param("µg m⁻³", "ug/m3", id="micrograms with an exponent"),
    pytest.param("mcg/m3", "ug/m3", id="mcg"),
    pytest.param("%RH", "%", id="relative humidity"),
    pytest.param("% rH", "%", id="relative humidity with a space"),
    pytest.param("µS/cm", "uS/cm", id="conductivity"),
    pytest.param("m³/s", "m3/s", id="discharge"),
    pytest.param(" mm ", "mm", id="spaces around"),
    pytest.param("mg\u00a0/ l", "mg/L", id="a space that does not break"),
    pytest.param("pH", "pH", id="pH"),
]


@pytest.mark.parametrize(("text", "unit"), SAME)
def test_a_spelling_is_the_unit(text: str, unit: str) -> None:
    assert canonical(text) == unit
    assert same_unit(text, unit)
    assert same_unit(unit, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("mg/L", "ug/L", id="a factor of 1000"),
        pytest.param("ug/m3", "mg/m3", id="a factor of 1000 in air"),
        pytest.param("uS/cm", "mS/cm", id="micro is not milli"),
        pytest.param("ug/m3", "ug/Nm3", id="another volume"),
        pytest.param("mg/L", "ppm", id="a share is not a mass"),
        pytest.param("mg/L", "mg N/L", id="another basis"),
        pytest.param("mg/L", "%", id="saturation"),
        pytest.param("NTU", "FNU", id="another method"),
        pytest.param("C", "F", id="Fahrenheit"),
        pytest.param("C", "K", id="Kelvin"),
        pytest.param("m", "mm", id="metre and millimetre"),
        pytest.param("m", "ft", id="feet"),
        pytest.param("mm", "mm/h", id="an amount is no rate"),
        pytest.param("C", "-", id="a temperature has a unit"),
        pytest.param("pH", "1", id="pH is not a count"),
        pytest.param("mg/L", "", id="no unit at all"),
        pytest.param("pH", "", id="no unit at all, of pH"),
        pytest.param("ug/Nm3", "UG/NM3", id="what is in no table is only what it is"),
    ],
)
def test_another_unit_is_never_taken_for_it(one: str, other: str) -> None:
    assert not same_unit(one, other)
    assert not same_unit(other, one)


@pytest.mark.parametrize("text", ["-", "none", "–", "N/A"])
def test_no_unit_fits_what_has_none(text: str) -> None:
    assert same_unit(text, "pH")
    assert same_unit(text, "1")
    assert not same_unit(text, "m")


def test_no_spelling_means_two_units() -> None:
    keys = {unit: {spelled(text) for text in (unit, *texts)} for unit, texts in SPELLINGS.items()}

    assert [(a, b) for a, b in combinations(keys, 2) if keys[a] & keys[b]] == []


def test_every_unit_of_ours_is_in_the_table_as_we_write_it() -> None:
    ours = {*MEASURED_UNITS.values(), *DERIVED.values()} - {"AQI", "cm/h"}

    assert {unit: canonical(unit) for unit in ours} == {unit: unit for unit in ours}
    assert ours <= SPELLINGS.keys()


def test_an_unknown_unit_keeps_its_own_words() -> None:
    assert canonical(" ug/Nm3 ") == " ug/Nm3 "
    assert same_unit("ug/Nm3", "ug/Nm3")


SHOWN = [
    pytest.param("m/h", "m/giờ", "m/h", id="a word in Vietnamese"),
    pytest.param("mg/L", "mg/L", "mg/L", id="a symbol in both"),
    pytest.param("1", "", "", id="only the figure"),
]


@pytest.mark.parametrize(("unit", "vi", "en"), SHOWN)
def test_how_a_unit_is_shown(unit: str, vi: str, en: str) -> None:
    assert (ROWS[unit].pretty(), ROWS[unit].pretty("en")) == (vi, en)
