"""What people are told to do for fish, and what the printed table leaves open, in both languages."""

from __future__ import annotations

import pytest

from models.fish.levels import FishAdvice, FishLimit, Species
from models.fish.words import advice, holes

GIVEN = [
    FishAdvice(1, "xem cá", "look at the fish"),
    FishAdvice(2, "sục khí", "aerate", "dissolved_oxygen"),
    FishAdvice(2, "chuẩn bị dời lồng", "make ready to move"),
    FishAdvice(3, "neo lồng", "anchor the cages", "flow", "above"),
]
ADVICE = [
    pytest.param("ph", 1, "", "look at the fish", id="for all parameters"),
    pytest.param("ph", 2, "", "make ready to move", id="of the highest level reached"),
    pytest.param("dissolved_oxygen", 2, "", "aerate", id="of one level the parameter's own"),
    pytest.param("dissolved_oxygen", 3, "", "aerate", id="nothing above it for this one"),
    pytest.param("flow", 3, "above", "anchor the cages", id="by its side"),
    pytest.param("flow", 3, "below", "make ready to move", id="the other side has other words"),
    pytest.param("ph", 0, "", None, id="below every level"),
]


@pytest.mark.parametrize(("parameter", "level", "side", "en"), ADVICE)
def test_what_to_do(parameter: str, level: int, side: str, en: str | None) -> None:
    found = advice(GIVEN, parameter, level, side)

    assert (None if found is None else found.en) == en


TABLES = [
    pytest.param(
        ("> 5", "4-5", "3-4", "< 2"),
        "cá, dissolved_oxygen 2-3 mg/L: bảng không nói gì",
        "fish, dissolved_oxygen 2-3 mg/L: the table says nothing",
        id="a gap",
    ),
    pytest.param(
        ("> 5", "3-5", "3-5", "< 3"),
        "cá, dissolved_oxygen 3-5 mg/L: các mức bắt đầu như nhau, không phân biệt được (bảng: mức 1, 2)",
        "fish, dissolved_oxygen 3-5 mg/L: levels that begin as one (the table: level 1, 2)",
        id="two levels that begin as one",
    ),
    pytest.param(
        ("> 5", "< 3", "3-5", ""),
        "cá, dissolved_oxygen < 3 mg/L: bảng ghi mức nhẹ hơn ở chỗ xấu hơn (bảng: mức 1)",
        "fish, dissolved_oxygen < 3 mg/L: the table has a milder level farther out (the table: level 1)",
        id="a milder level farther out",
    ),
]


@pytest.mark.parametrize(("row", "vi", "en"), TABLES)
def test_what_the_table_leaves_open_is_said(row: tuple[str, str, str, str], vi: str, en: str) -> None:
    species = Species("ca", "cá", "fish", "", [FishLimit("dissolved_oxygen", "mg/L", *row, margin=0.2)])

    assert (vi, en) in [words for _parameter, words in holes(species)]


def test_a_note_of_the_table_is_said_too() -> None:
    limit = FishLimit("ph", "1", "6-8", "5-6", "4-5", "< 4", 0.2, "mép bảng mờ")
    species = Species("ca", "cá", "fish", "", [limit])

    assert [words.vi for _parameter, words in holes(species)][-1] == "cá, ph: mép bảng mờ"
