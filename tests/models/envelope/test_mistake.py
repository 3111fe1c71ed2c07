"""The checks that the sections of every room have alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from models.envelope.level_mistakes import cleared, nested, worse
from models.envelope.mistake import all_stand, filled, missing, once, out_of_range, position, stands, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.envelope.mistake import Mistake


class Row(NamedTuple):
    """A level of a rule."""

    level: int
    raise_at: float
    clear_at: float


def told(found: Iterable[Mistake]) -> list[tuple[Any, str]]:
    return [(mistake.path, mistake.found) for mistake in found]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("a float", 3.0, "at: 3"), ("a long float", 0.1 + 0.2, "at: 0.3"), ("a whole number", 10**7, "at: 10000000"), ("text", "a", "at: a")],
)  # fmt: skip
def test_a_value_is_shown_beside_the_nearest_name(name: str, value: object, shown: str) -> None:
    assert wrong(("rules", "at", 0), value, "", "").found == shown, name


def test_each_code_stands_once() -> None:
    assert told(once(("list",), "", ["a", "b", "a", "a"])) == [
        (("list", 2), "list: a"),
        (("list", 3), "list: a"),
    ]
    assert told(once(("list",), "id", ["a", "a"])) == [(("list", 1, "id"), "id: a")]


@pytest.mark.parametrize(
    ("name", "codes", "why"),
    [
        ("all stand", ["a", "b"], []),
        ("none named", [], [(("of",), "of: []")]),
        ("one twice", ["a", "a"], [(("of", 1), "of: a")]),
        ("one that does not stand", ["a", "c"], [(("of", 1), "of: c")]),
    ],
)
def test_all_codes_stand_in_their_section(name: str, codes: list[str], why: Any) -> None:
    assert told(all_stand(("of",), codes, "stations", ["b", "a", "b"])) == why, name


def test_what_does_not_stand_refers_to_its_section_and_says_what_does() -> None:
    (mistake,) = stands(("of",), "c", "stations", ["b", "a"])

    assert mistake == missing(("of",), "c", "stations", ["b", "a"])
    assert mistake.refers == ("stations", "c")
    assert mistake.expected_en == "one of `stations`: b, a"
    assert missing(("of",), "c", "stations", []).expected_vi == "một mã trong `stations`: –"
    assert list(stands(("of",), "a", "stations", ["b", "a"])) == []


def test_a_text_that_people_read_is_not_blank() -> None:
    assert told(filled(("name",), " \t")) == [(("name",), 'name: ""')]
    assert told(filled(("name",), "Sịa")) == []


def test_a_range_is_told_with_its_station() -> None:
    assert out_of_range(("level",), 11.0, "phu-oc: -1…10 m").expected_vi == "trong dải đo của phu-oc: -1…10 m"


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "why"),
    [
        ("none", None, None, []),
        ("on the globe", 16.5, 107.5, []),
        ("at its ends", -90, 180, []),
        ("turned round", 107.5, 16.5, [(("latitude",), "latitude: 107.5")]),
        ("east of the globe", 16.5, 180.5, [(("longitude",), "longitude: 180.5")]),
        ("half", 16.5, None, [(("latitude",), "latitude: 16.5")]),
        ("the other half", None, 107.5, [(("longitude",), "longitude: 107.5")]),
        ("no number", math.nan, 107.5, [(("latitude",), "latitude: nan")]),
    ],
)
def test_a_position_is_whole_and_on_the_globe(name: str, latitude: Any, longitude: Any, why: Any) -> None:
    assert told(position((), latitude, longitude)) == why, name


@pytest.mark.parametrize(
    ("name", "above", "rows", "why"),
    [
        ("nested", True, [Row(1, 1, 0.5), Row(2, 2, 1.5)], []),
        ("nested, the worse first", True, [Row(2, 2, 1.5), Row(1, 1, 0.5)], []),
        ("nested, less is worse", False, [Row(1, 2, 2.5), Row(2, 1, 1.5)], []),
        ("two of one number", True, [Row(1, 2, 1), Row(1, 1, 0.5)], []),
        ("equal", True, [Row(1, 1, 0.5), Row(2, 1, 0.5)], [((1, "raise_at"), "raise_at: 1"), ((1, "clear_at"), "clear_at: 0.5")]),
        ("the wrong way", False, [Row(1, 1, 1.5), Row(2, 2, 1.2)], [((1, "raise_at"), "raise_at: 2")]),
    ],
)  # fmt: skip
def test_the_worse_the_level_the_farther_its_limits(
    name: str, above: bool, rows: list[Row], why: Any
) -> None:
    assert told(nested((), rows, above=above)) == why, name


@pytest.mark.parametrize(
    ("name", "above", "row", "why"),
    [
        ("below where it is raised", True, Row(1, 2.0, 1.0), []),
        ("where it is raised", True, Row(1, 2.0, 2.0), ["below raise_at (2)"]),
        ("above, and less is worse", False, Row(1, 2.0, 3.0), []),
        ("below, and less is worse", False, Row(1, 2.0, 1.0), ["above raise_at (2)"]),
        ("at no number", True, Row(1, 2.0, math.nan), ["below raise_at (2)"]),
    ],
)
def test_a_level_is_left_on_the_better_side(name: str, above: bool, row: Row, why: list[str]) -> None:
    assert [mistake.expected_en for mistake in cleared((), row, above=above)] == why, name


def test_no_number_is_worse_than_another() -> None:
    assert worse(2, 1, above=True)
    assert worse(1, 2, above=False)
    assert not worse(math.nan, 1, above=True)
    assert not worse(math.nan, 1, above=False)
