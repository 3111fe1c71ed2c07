from __future__ import annotations

import pytest

from models.places.ladder import ladder, next_rung
from models.river.marks import ASSUMED, MarkKind
from tests.models.places.build import EXAMPLE

LEVELS = [
    ("nothing is reached", 1.0, "còn 0,50 m tới BĐ1", "0.50 m to BĐ1"),
    (
        "between two alarm levels",
        3.46,
        "còn 0,14 m tới nhà thấp nhất thôn Niêm Phò",
        "0.14 m to lowest house of Niêm Phò",
    ),
    ("below a road", 3.61, "còn 0,49 m tới đường La Vân", "0.49 m to La Vân road"),
    ("a flood of the past comes next", 5.2, "còn 0,04 m tới lũ 2020", "0.04 m to flood of 2020"),
]


@pytest.mark.parametrize(("value", "vi", "en"), [row[1:] for row in LEVELS], ids=[row[0] for row in LEVELS])
def test_how_far_it_still_is_to_what_comes_next(value: float, vi: str, en: str) -> None:
    rung = next_rung(ladder("phu-oc", value, EXAMPLE))
    assert rung is not None
    assert rung.words == (vi, en)


def test_what_is_reached_says_so_and_the_highest_stands_first() -> None:
    rungs = ladder("phu-oc", 4.1, EXAMPLE)
    assert [rung.level for rung in rungs] == sorted((rung.level for rung in rungs), reverse=True)
    road = next(rung for rung in rungs if rung.name.vi == "đường La Vân")
    assert (road.reached, road.words.vi) == (True, "đã tới đường La Vân, trên 0,00 m")
    assert {rung.level for rung in rungs if rung.kind == "alarm"} == {1.5, 3.0, 4.5}


def test_above_all_marks_nothing_comes_next() -> None:
    assert next_rung(ladder("phu-oc", 6.0, EXAMPLE)) is None


def test_of_a_river_that_is_not_known_nothing_is_said_to_be_reached() -> None:
    rungs = ladder("phu-oc", None, EXAMPLE)
    assert {(rung.reached, rung.distance_m) for rung in rungs} == {(None, None)}
    assert rungs[0].words.vi == "lũ 3/11/2025: chưa rõ mực nước"
    assert next_rung(rungs) is None


def test_each_mark_has_a_source_and_only_floods_are_not_assumed() -> None:
    floods = [mark for mark in EXAMPLE.marks if mark.kind is MarkKind.FLOOD]
    assert {
        year for year in ("1999", "2020", "2023", "2025") if any(year in flood.vi for flood in floods)
    } == {
        "1999",
        "2020",
        "2023",
        "2025",
    }
    assert all(flood.source != ASSUMED for flood in floods)
    assert {mark.source for mark in EXAMPLE.marks if mark.kind is not MarkKind.FLOOD} == {ASSUMED}
