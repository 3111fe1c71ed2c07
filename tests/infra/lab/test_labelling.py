"""Water drawn by eye: what cannot be meant is named, the mask is what was drawn, and two people have looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from infra.lab.labelling import book
from infra.lab.labelling.command import LABELS
from infra.lab.labelling.label import Kind, Label, crossed, mask, mistakes
from infra.lab.labelling.sheet import sheet

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = [(100.0, 100.0), (900.0, 100.0), (900.0, 900.0), (100.0, 900.0)]
INSIDE = [(400.0, 400.0), (600.0, 400.0), (600.0, 600.0), (400.0, 600.0)]
BOW = [(100.0, 100.0), (900.0, 900.0), (900.0, 100.0), (100.0, 500.0)]
BESIDE = [(910.0, 910.0), (990.0, 910.0), (990.0, 990.0), (910.0, 990.0)]
POINT = [(100.0, 100.0), (101.0, 100.0), (101.0, 101.0)]


def label(*, kinds: tuple[Kind, ...] = (Kind.DAY,), unsure: bool = False, **drawn: list[object]) -> Label:
    return Label("a.jpg", list(kinds), unsure=unsure, **drawn)  # type: ignore[arg-type]


WRONG = [
    pytest.param(label(water=[BOW]), "does not cross itself", id="edges that cross"),
    pytest.param(label(water=[POINT]), "a polygon with an area", id="a slip of the hand"),
    pytest.param(label(water=[SQUARE], without=[BESIDE]), "inside out", id="cut out where there is no water"),
    pytest.param(label(), "a polygon at least", id="wet, and no water drawn"),
    pytest.param(label(kinds=(Kind.DRY,), water=[SQUARE]), "dry", id="dry, and water drawn"),
]


@pytest.mark.parametrize(("drawn", "said"), WRONG)
def test_what_cannot_be_meant_is_named(drawn: Label, said: str) -> None:
    found = [str(mistake) for mistake in mistakes(drawn)]

    assert len(found) == 1
    assert said in found[0]
    assert "a.jpg" in found[0]


RIGHT = [
    pytest.param(label(water=[SQUARE], without=[INSIDE]), id="water with something in it"),
    pytest.param(label(kinds=(Kind.DAY, Kind.DRY)), id="dry"),
    pytest.param(label(unsure=True), id="nobody can tell"),
]


@pytest.mark.parametrize("drawn", RIGHT)
def test_what_can_be_meant_is_taken(drawn: Label) -> None:
    assert list(mistakes(drawn)) == []


def test_the_mask_is_what_was_drawn_without_what_was_cut_out() -> None:
    water = mask(label(water=[SQUARE], without=[INSIDE]), (100, 50))

    assert water.shape == (50, 100)
    assert water.mean() == pytest.approx(0.64 - 0.04, abs=0.04)
    assert not water[25, 50]
    assert water[10, 20]


def test_a_convex_polygon_crosses_nowhere() -> None:
    assert crossed(SQUARE) is None


def test_many_hands_write_one_book(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    book.write(path, [Label("b.jpg", [Kind.NIGHT], [SQUARE], looks=["x"])])
    book.write(path, [Label("a.jpg", [Kind.DAY], [SQUARE], looks=["y"])])
    book.write(path, [Label("b.jpg", [Kind.NIGHT], [SQUARE], looks=["x", "y"])])

    assert [found.looks for found in book.read(path).values()] == [["y"], ["x", "y"]]


def test_a_sheet_shows_each_photograph_with_its_label() -> None:
    grey = np.full((60, 80, 3), 128, np.uint8)
    plain, drawn = (sheet([("a.jpg", grey, one)]) for one in (None, label(water=[SQUARE])))

    assert plain.shape == drawn.shape
    assert (plain != drawn).any()


def test_every_label_of_the_repository_can_be_meant_and_was_looked_at_twice() -> None:
    known = book.read(LABELS)

    assert len(known) >= 300
    assert [str(mistake) for each in known.values() for mistake in mistakes(each)] == []
    assert all(len(set(each.looks)) >= 2 for each in known.values())
