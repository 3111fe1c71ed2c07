"""Water by its formulas and decrees."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.water.ammonia import Form, OutOfRangeError, fraction, total_as_n, unionised, unionised_as_n
from models.water.oxygen import saturation_mg_l, saturation_percent
from models.water.quality import HEALTH, Class, class_of, classified, over_health
from models.water.wqi import FALLING, GROUPS, STEPPED, STRICT, Variant, subindex, wqi

EMERSON = {
    20: (0.001250, 0.003942, 0.012361, 0.038071, 0.111235, 0.283555),
    25: (0.001790, 0.005639, 0.017616, 0.053662, 0.152052, 0.361859),
    28: (0.002207, 0.006947, 0.021644, 0.065384, 0.181151, 0.411618),
    30: (0.002532, 0.007965, 0.024760, 0.074319, 0.202480, 0.445326),
    32: (0.002900, 0.009114, 0.028263, 0.084227, 0.225314, 0.479095),
}
"""Temperature -> fraction at pH 6.5, 7.0, 7.5, 8.0, 8.5, 9.0."""


@pytest.mark.parametrize(
    ("celsius", "ph", "expected"),
    [(t, 6.5 + i / 2, f) for t, row in EMERSON.items() for i, f in enumerate(row)]
    + [(24, 8.2, 0.0772), (6, 7, 0.0013)],
)
def test_the_unionised_part_of_ammonia(celsius: float, ph: float, expected: float) -> None:
    assert fraction(celsius, ph) == pytest.approx(
        expected, abs=5e-5 if expected in (0.0772, 0.0013) else 5e-7
    )


def test_as_nitrogen_and_as_ammonia_differ_by_a_fifth() -> None:
    assert unionised_as_n(1.0, Form.TAN_AS_N, 30, 8.5) == pytest.approx(0.2025, abs=5e-5)
    assert unionised(1.0, Form.TAN_AS_N, 30, 8.5) == pytest.approx(0.2462, abs=5e-5)


@given(st.sampled_from(list(Form)), st.floats(0.001, 50), st.floats(0, 50), st.floats(4, 11))
def test_every_form_of_one_water_has_the_same_total(
    form: Form, total: float, celsius: float, ph: float
) -> None:
    part = fraction(celsius, ph)
    amount = {
        Form.TAN_AS_N: total,
        Form.NH4_AS_N: total * (1 - part),
        Form.NH4: total * (1 - part) * 18.039 / 14.007,
        Form.NH3_AS_N: total * part,
        Form.NH3: total * part * 17.031 / 14.007,
    }[form]

    assert total_as_n(amount, form, celsius, ph) == pytest.approx(total, rel=1e-6)


@pytest.mark.parametrize(
    ("amount", "celsius", "ph", "words"),
    [
        pytest.param(1, 51, 7, "51", id="too warm"),
        pytest.param(1, -1, 7, "-1", id="ice"),
        pytest.param(1, 20, 15, "pH 15", id="no pH"),
        pytest.param(-1, 20, 7, "-1 mg/L", id="less than nothing"),
    ],
)
def test_what_the_formula_is_not_for_is_refused_by_name(
    amount: float, celsius: float, ph: float, words: str
) -> None:
    with pytest.raises(OutOfRangeError, match=words):
        unionised(amount, Form.TAN_AS_N, celsius, ph)


@pytest.mark.parametrize(
    ("celsius", "mg_l"), [(15, 10.034), (20, 9.022), (25, 8.176), (28, 7.723), (30, 7.437), (32, 7.159)]
)
def test_oxygen_that_water_holds(celsius: float, mg_l: float) -> None:
    assert saturation_mg_l(celsius) == pytest.approx(mg_l, abs=5e-4)


@pytest.mark.parametrize(("celsius", "percent"), [(20, 44.3), (25, 48.9), (30, 53.8)])
def test_four_milligrams_of_oxygen_in_percent(celsius: float, percent: float) -> None:
    assert saturation_percent(4, celsius) == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("dissolved_oxygen", 6.0, Class.A), ("dissolved_oxygen", 5.9, Class.B), ("dissolved_oxygen", 4.9, Class.C),
        ("dissolved_oxygen", 3.9, Class.D), ("dissolved_oxygen", 1.9, Class.NONE),
        ("ph", 6.5, Class.A), ("ph", 6.4, Class.B), ("ph", 5.9, Class.D), ("ph", 8.6, Class.D),
        ("bod5", 4, Class.A), ("bod5", 4.1, Class.B), ("bod5", 10, Class.C), ("bod5", 10.1, Class.D),
        ("tss", 25, Class.A), ("tss", 26, Class.B), ("tss", 101, Class.C),
        ("total_phosphorus", 0.5, Class.C), ("coliform", 7501, Class.D),
    ],
)  # fmt: skip
def test_the_class_of_a_river(parameter: str, value: float, expected: Class) -> None:
    assert class_of(parameter, value) is expected


def test_the_worst_parameter_decides_and_is_named() -> None:
    found = classified({"ph": 7.0, "dissolved_oxygen": 4.5, "cod": 18.0, "turbidity": 900.0, "bod5": None})

    assert found is not None
    assert (found.overall, found.limiting) == (Class.C, ["cod", "dissolved_oxygen"])
    assert classified({"turbidity": 1.0}) is None


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("bod5", 4, 100), ("bod5", 5, 87.5), ("bod5", 25, 25), ("bod5", 50, 10), ("bod5", 90, 10),
        ("ammonium_n", 0.29, 100), ("ammonium_n", 0.3, 75), ("ammonium_n", 0.6, 50), ("ammonium_n", 5, 10),
        ("nitrate_n", 15, 25), ("nitrate_n", 15.1, 10), ("nitrite_n", 0.05, 100), ("nitrite_n", 0.06, 10),
        ("coliform", 10_000, 25), ("coliform", 10_001, 10), ("phosphate_p", 0.25, 62.5), ("lead", 0.019, 100),
        ("ph", 5.4, 10), ("ph", 5.5, 50), ("ph", 5.75, 75), ("ph", 7, 100), ("ph", 9, 50), ("ph", 9.1, 10),
        ("oxygen_saturation", 19, 10), ("oxygen_saturation", 20, 25), ("oxygen_saturation", 100, 100),
        ("oxygen_saturation", 125, 75), ("oxygen_saturation", 201, 10), ("aldrin", 0.11, 10),
    ],
)  # fmt: skip
def test_a_subindex_of_the_water_index(parameter: str, value: float, expected: float) -> None:
    assert subindex(parameter, value) == pytest.approx(expected)


@given(st.sampled_from([*FALLING, *STEPPED, *STRICT]), st.floats(0, 20_000), st.floats(0, 20_000))
def test_more_of_a_pollutant_is_never_better_water(parameter: str, a: float, b: float) -> None:
    low, high = sorted((a, b))

    assert 10 <= subindex(parameter, high) <= subindex(parameter, low) <= 100


def test_online_sensors_alone_make_no_index_and_that_is_said() -> None:
    found = wqi({"ph": 7.2, "oxygen_saturation": 90.0, "ammonium_n": 0.2}, Variant.WEIGHTED)

    assert found.value is None
    assert found.vi.startswith("Chỉ số một phần, không phải VN_WQI")
    assert found.parts == {"ph": 100, "oxygen_saturation": 100, "ammonium_n": 100}


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        pytest.param(Variant.WEIGHTED, 63, id="(IV² V)^(1/3)"),
        pytest.param(Variant.PLAIN, 50, id="(IV V)^(1/2)"),
    ],
)
def test_the_two_printed_forms_of_the_index(variant: Variant, expected: int) -> None:
    clean = {"ph": 7.0, "bod5": 4.0, "cod": 10.0, "nitrate_n": 2.0, "e_coli": 200.0}

    assert wqi(clean, variant).value == expected


def test_a_metal_pulls_the_whole_index_down() -> None:
    clean: dict[str, float | None] = {
        "ph": 7.0,
        "bod5": 4.0,
        "cod": 10.0,
        "nitrate_n": 2.0,
        "coliform": 100.0,
    }

    assert wqi(clean, Variant.WEIGHTED).value == 100
    assert wqi(clean | {"arsenic": 0.05}, Variant.WEIGHTED).value == 50


def test_each_parameter_stands_in_one_group() -> None:
    members = [one for group in GROUPS.values() for one in group]

    assert sorted(members) == sorted({*FALLING, *STEPPED, *STRICT, "ph", "oxygen_saturation"})


@pytest.mark.parametrize("parameter", HEALTH)
def test_at_the_limit_for_health_is_not_over_it(parameter: str) -> None:
    limit = HEALTH[parameter]

    assert (
        over_health({parameter: limit, "cod": 900.0, "zinc" if parameter != "zinc" else "lead": None}) == {}
    )
    assert over_health({parameter: limit * 1.01}) == {parameter: limit * 1.01}


@pytest.mark.parametrize(
    "celsius", [pytest.param(-0.1, id="ice"), pytest.param(50.1, id="hot"), pytest.param(math.nan, id="none")]
)
def test_outside_the_range_of_the_formula_there_is_no_saturation(celsius: float) -> None:
    with pytest.raises(ValueError, match="temperature out of range"):
        saturation_mg_l(celsius)
