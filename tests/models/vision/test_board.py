"""The level at a board: rendered boards with what deceives, the rules of jumps, and the recorded pictures beside what was read by eye."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from connectors.settings import ROOT
from infra.lab.measure import board as measured
from models.envelope.period import HOUR_MS
from models.vision.board import Reading, Unread, read
from models.vision.board_strip import scale
from models.vision.camera import Board, BoardForm
from tests import boards
from tests.boards import Scene

MINUTE_MS = HOUR_MS // 60
FORMS = tuple(boards.WIDE)


def level(
    form: str, cm: float, scene: Scene, before: Reading | None = None, at_ms: int = 0
) -> Reading | Unread:
    shown = boards.picture(form, cm, scene)
    return read(shown, boards.board(form), before, at_ms, polygon=boards.around(form))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "scene", "near"),
    [
        ("day, muddy water", Scene(), 0.5),
        ("the board mirrored in still water", Scene(mirror=0.6, mud=90), 0.5),
        ("mirrored by waves", Scene(mirror=0.6, waves=4), 0.5),
        ("dusk", Scene(light=0.25, mirror=0.4), 0.5),
        ("night", Scene(light=0.12, mirror=0.3, noise=1.5), 0.5),
        ("rain", Scene(rain=150, mirror=0.2, waves=3), 0.5),
        ("leaves at the line", Scene(leaves=12), 2.5),
        ("a camera that hangs askew", Scene(lean=25, mirror=0.3), 0.5),
    ],
)
def test_a_level_is_read_whatever_the_light_and_the_water(
    form: str, name: str, scene: Scene, near: float
) -> None:
    for cm in (71.3, 42.7):
        found = level(form, cm, scene)

        assert isinstance(found, Reading), f"{form}, {name}: {found}"
        assert found.cm == pytest.approx(cm, abs=near), f"{form}, {name}"


@pytest.mark.parametrize("form", FORMS)
def test_water_that_falls_minute_by_minute_is_never_surely_read_at_the_wet_band_it_leaves(form: str) -> None:
    before, off = None, []
    for minute in range(16):
        cm = 70.0 - minute
        found = level(form, cm, Scene(wet_cm=float(minute), mirror=0.3), before, minute * MINUTE_MS)
        if isinstance(found, Reading):
            before = found
            off += [found.cm - cm] if found.sure else []

    assert len(off) >= 10
    assert max(map(abs, off)) < 1.0


def test_a_first_reading_is_unsure_until_a_second_says_the_same() -> None:
    first = level("teeth", 50, Scene())
    assert isinstance(first, Reading)
    second = level("teeth", 50.4, Scene(), first, MINUTE_MS)
    assert isinstance(second, Reading)

    assert (first.sure, second.sure) == (False, True)


def test_a_jump_that_no_water_makes_is_unsure_until_it_was_seen_three_times() -> None:
    before: Reading | Unread | None = None
    for minute, cm in enumerate((40, 40, 40)):
        before = level("teeth", cm, Scene(), before, minute * MINUTE_MS)
        assert isinstance(before, Reading)
    seen = []
    for minute in (3, 4, 5, 6):
        before = level("teeth", 75, Scene(), before, minute * MINUTE_MS)
        assert isinstance(before, Reading)
        seen.append((round(before.cm), before.sure, before.held_cm is not None))

    assert seen == [(75, False, True), (75, False, True), (75, True, False), (75, True, False)]


def test_a_single_wrong_picture_leaves_the_level_where_it_was() -> None:
    before: Reading | Unread | None = None
    said = []
    for minute, cm in enumerate((40, 40, 75, 40, 40)):
        before = level("blocks", cm, Scene(), before, minute * MINUTE_MS)
        assert isinstance(before, Reading)
        said.append((round(before.cm), before.sure))

    assert said == [(40, False), (40, True), (75, False), (40, True), (40, True)]


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        (Unread.DARK, boards.picture("teeth", 50, Scene(light=0.02, noise=0.5))),
        (Unread.COVERED, np.full((boards.HEIGHT, boards.WIDTH, 3), 120, np.uint8)),
        (Unread.NO_LINE, boards.picture("teeth", -60, Scene())),
    ],
    ids=lambda value: value.name if isinstance(value, Unread) else "",
)
def test_what_cannot_be_read_is_named(why: Unread, shown: np.ndarray) -> None:
    assert read(shown, boards.board("teeth"), None, 0, polygon=boards.around("teeth")) is why


def test_a_board_outside_the_picture_is_named() -> None:
    away = [(0.99, 0.1), (1.0, 0.1), (1.0, 0.9), (0.99, 0.9)]

    assert (
        read(
            boards.picture("teeth", 50, Scene()), boards.board("teeth"), None, 0, polygon=away, shift=(0.2, 0)
        )
        is Unread.OUTSIDE
    )


@pytest.mark.parametrize("form", FORMS)
def test_another_thing_where_a_known_board_stood_is_no_board(form: str) -> None:
    before = None
    for minute in range(4):
        found = level(form, 30, Scene(), before, minute * MINUTE_MS)
        assert isinstance(found, Reading)
        before = found
    gone = level(form, 30, Scene(away=True), before, 5 * MINUTE_MS)

    assert not (isinstance(gone, Reading) and gone.sure)


def test_a_picture_shifted_as_the_view_was_reads_the_same() -> None:
    shown = boards.picture("teeth", 55, Scene(mirror=0.4))
    moved = np.roll(shown, (6, -8), axis=(0, 1))
    shift = (-8 / boards.WIDTH, 6 / boards.HEIGHT)
    found = read(moved, boards.board("teeth"), None, 0, polygon=boards.around("teeth"), shift=shift)

    assert isinstance(found, Reading)
    assert found.cm == pytest.approx(55, abs=0.5)


def test_the_same_pictures_in_the_same_order_give_the_same_readings() -> None:
    assert level("blocks", 33, Scene(waves=3, mirror=0.4)) == level("blocks", 33, Scene(waves=3, mirror=0.4))


def test_two_marks_divide_evenly_and_a_third_bends_the_scale() -> None:
    two = Board(BoardForm.STAFF, (0.5, 0.1), (0.5, 0.9), 100, 0)
    three = Board(BoardForm.STAFF, (0.5, 0.1), (0.5, 0.9), 100, 0, (0.5, 0.4), 50)
    along = np.array([0.0, 0.375, 0.5, 1.0])

    assert scale(two, along, None) == pytest.approx([100, 62.5, 50, 0])
    assert scale(three, along, 0.375)[[0, 1, 3]] == pytest.approx([100, 50, 0])
    assert scale(three, along, 0.375)[2] < 50


@lru_cache(maxsize=1)
def recorded() -> dict[str, dict[str, Reading | Unread]]:
    data = ROOT.parent / "shared" / "data"
    if not (data / "river" / "gauge_camera").is_dir():
        pytest.skip("../shared/data/river/gauge_camera is not here")
    shown = measured.pictures(data)
    return {name: measured.readings(drawn, shown, alone=False) for name, drawn in measured.DRAWN.items()}


@pytest.mark.parametrize("name", sorted(measured.DRAWN))
def test_twelve_recorded_pictures_are_within_a_centimetre_of_what_was_read_by_eye(name: str) -> None:
    by = measured.errors(recorded()[name])

    assert sum(map(len, by.values())) == 12
    assert all(abs(error) <= 1.0 for errors in by.values() for error in errors), by


@pytest.mark.parametrize("name", sorted(measured.DRAWN))
def test_all_48_recorded_pictures_go_where_the_tide_goes_and_all_but_the_first_are_sure(name: str) -> None:
    found = recorded()[name]

    assert measured.in_course(found) == len(found) == 48
    assert [told.sure for told in found.values() if isinstance(told, Reading)] == [False] + [True] * 47
