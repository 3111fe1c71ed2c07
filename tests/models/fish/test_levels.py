"""The commune's table of caged fish at both sides of each of its bounds, and all that it leaves open."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.commune import load
from connectors.settings import ROOT
from models.alerting.alert import Kind
from models.alerting.rule import Limits
from models.commune.configuration import Direction
from models.commune.fish_rules import _rules
from models.fish.interval import intervals
from models.fish.levels import Doubt, FishAdvice, FishLimit, Table
from models.fish.words import advice

COMMUNE = load(ROOT / "infra" / "commune")
TABLES = {limit.parameter: Table(limit) for limit in COMMUNE.species[0].limits}
WELL, GAP, SAME, INVERTED, MISSING = (True, (), 0, None), Doubt.GAP, Doubt.SAME, Doubt.INVERTED, Doubt.MISSING

ROWS = """
current_speed 0.25 well | 0.2 well | 0.19 1 1 - | 0.1 1 1 - | 0.09 12 2 missing | 0.4 - 0 gap | 0.5 - 0 gap
current_speed 0.51 1 1 - | 1 1 1 - | 1.1 12 2 - | 2 12 2 - | 2.1 123 3 -
ph 6.5 well | 8.5 well | 6.4 - 0 gap | 6 - 0 gap | 5.9 1 1 - | 5.5 1 1 - | 5.4 12 2 - | 5 12 2 - | 4.9 123 3 -
ph 8.6 - 0 gap | 9 - 0 gap | 9.1 1 1 - | 9.5 1 1 - | 9.6 123 3 same
dissolved_oxygen 4.1 well | 4 - 0 gap | 3 - 0 gap | 2.9 1 1 - | 2 1 1 - | 1.9 123 3 same
nh3 0.02 well | 0.03 - 0 gap | 0.05 - 0 gap | 0.06 1 1 - | 1.1 12 2 - | 2.5 123 3 -
h2s 0.009 well | 0.01 1 1 - | 0.03 12 2 - | 0.1 2 2 - | 0.11 3 3 -
nitrite 0.4 well | 0.5 1 1 - | 0.9 1 1 - | 1 12 2 - | 3 2 2 - | 3.1 3 3 -
water_temperature 20 well | 33 well | 19.9 1 1 - | 15.1 1 1 - | 14 123 3 same | 10 123 3 same | 9 12 3 inverted | 34 1 1 missing
secchi 41 well | 40 - 0 gap | 36 - 0 gap | 35 1 1 - | 30 1 1 - | 27 - 1 gap | 25 2 2 - | 20 2 2 - | 19 3 3 -
"""
CASES = [
    (line.split()[0], case.split()[-4:] if "well" not in case else [*case.split()[-2:], "", ""])
    for line in ROWS.strip().splitlines()
    for case in line.split("|")
]


@pytest.mark.parametrize(("parameter", "case"), CASES, ids=[f"{p} {c[0]}" for p, c in CASES])
def test_where_a_value_stands(parameter: str, case: list[str]) -> None:
    found = TABLES[parameter].level_of(float(case[0]))

    if case[1] == "well":
        assert found == WELL
    else:
        claimed = tuple(int(one) for one in case[1] if one != "-")
        doubt = None if case[3] == "-" else Doubt(case[3])
        assert found == (False, claimed, int(case[2]), doubt)


def test_all_gaps_and_overlaps_are_found_and_no_other() -> None:
    found = {
        (name, hole.low, hole.high, hole.doubt) for name, table in TABLES.items() for hole in table.holes()
    }

    assert found == {
        ("current_speed", -math.inf, 0.1, MISSING),
        ("current_speed", 0.3, 0.5, GAP),
        ("ph", 6.0, 6.5, GAP),
        ("ph", 8.5, 9.0, GAP),
        ("ph", 9.5, math.inf, SAME),
        ("dissolved_oxygen", -math.inf, 2.0, SAME),
        ("dissolved_oxygen", 3.0, 4.0, GAP),
        ("nh3", 0.03, 0.05, GAP),
        ("water_temperature", -math.inf, 10.0, INVERTED),
        ("water_temperature", 10.0, 15.0, SAME),
        ("water_temperature", 33.0, math.inf, MISSING),
        ("secchi", 25.0, 30.0, GAP),
        ("secchi", 35.0, 40.0, GAP),
    }


@given(st.sampled_from(sorted(TABLES)), st.floats(0, 50), st.floats(0, 50))
def test_farther_from_what_is_required_is_never_milder(parameter: str, one: float, other: float) -> None:
    table = TABLES[parameter]
    # Two values on the side where the table has all its levels, by distance from what is required.
    above, steps = max(table.steps, key=lambda side: len(side[1]))
    nearest = steps[0][1]
    near, far = sorted((one, other))
    sign = 1 if above else -1

    assert table.level_of(nearest + sign * near).level <= table.level_of(nearest + sign * far).level


BAD = {"a word": "nhiều", "two signs": "<>3", "backwards": "9-6", "half a range": "3-"}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_level_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        intervals(text)


def test_each_side_of_a_row_becomes_a_rule_at_the_cages_that_measure_it() -> None:
    acid, alkaline = [rule for rule in COMMUNE.rules if rule.parameter == "ph"]

    assert (acid.kind, acid.direction, acid.stations) == (
        Kind.FISH,
        Direction.BELOW,
        ["bo-la-van", "bo-phuoc-yen"],
    )
    assert [(level.level, level.name, level.raise_at, level.clear_at) for level in alkaline.levels] == [
        (1, "mức 1", math.nextafter(9.0, 10), 8.8),
        (3, "mức 2-3", math.nextafter(9.5, 10), 9.3),
    ]


ROWS = [(species.id, limit) for species in COMMUNE.species for limit in species.limits]


@pytest.mark.parametrize(
    ("species", "limit"), ROWS, ids=[f"{name} {limit.parameter}" for name, limit in ROWS]
)
def test_a_rule_says_the_level_of_the_table_also_at_its_very_limits(species: str, limit: FishLimit) -> None:
    table = Table(limit)
    for above, steps in table.steps:
        rule = next(rule for rule in _rules(next(s for s in COMMUNE.species if s.id == species), limit, ["x"])
                    if (rule.direction is Direction.ABOVE) == above)  # fmt: skip
        limits = Limits(rule)
        for _numbers, bound in steps:
            for value in (bound - 0.001, bound, bound + 0.001):
                reached = [0, *(level.level for level in rule.levels)][limits.beyond(value)]
                if (value > bound) == above or value == bound:
                    assert reached == table.level_of(value).level, value


def test_a_rule_of_the_commune_goes_before_the_table() -> None:
    assert [rule.id for rule in COMMUNE.rules if rule.parameter == "dissolved_oxygen"] == ["oxygen-cages"]


def test_advice_is_the_parameters_own_before_that_for_all() -> None:
    given_ = [FishAdvice(1, "chung", "all"), FishAdvice(2, "oxy", "oxygen", "dissolved_oxygen")]

    assert advice(given_, "dissolved_oxygen", 2) == ("oxy", "oxygen")
    assert advice(given_, "dissolved_oxygen", 1) == ("chung", "all")
    assert advice([], "ph", 3) is None


ADVICE = {
    "still water is not told to leave the current": ("current_speed", 2, "below", "ra chỗ có dòng"),
    "a torrent is": ("current_speed", 2, "above", "khuất dòng"),
    "the highest level is more than a parameter's mild words": ("nh3", 3, "above", "gọi cán bộ thủy sản"),
    "without oxygen aeration comes first": ("dissolved_oxygen", 3, "below", "Sục khí hết công suất"),
}


@pytest.mark.parametrize(("parameter", "level", "side", "words"), ADVICE.values(), ids=ADVICE)
def test_the_communes_advice_fits_what_is_wrong(parameter: str, level: int, side: str, words: str) -> None:
    found = advice(COMMUNE.fish_advice, parameter, level, side)

    assert found is not None
    assert words in found.vi
