"""Water in a zone: share and depth beside the dry history, what cannot be known, and the state with its hysteresis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue.flags import Flag
from models.vision import drawn
from models.vision.analytics import water_state
from models.vision.analytics.looked import Looked
from models.vision.cells import COLUMNS, ROWS, cells
from models.vision.depth import depth
from models.vision.look import look
from models.vision.taught import Light, packed, unpacked
from models.vision.water import (
    ALWAYS_WATER,
    BLIND,
    DARK,
    MOVED,
    OTHER_SIZE,
    REDRAWN,
    STRANGE_LIGHT,
    UNTAUGHT,
    water,
    wetness,
)
from tests.builders import START_MS
from tests.water import camera, road, scene, segment, taught

if TYPE_CHECKING:
    from models.vision.taught import Taught

NOBODY = np.zeros((0, 4), np.float32)
CELLS = ROWS * COLUMNS
SHARES = st.lists(st.floats(0, 1), min_size=8, max_size=8)


def looked(share: float = 0.0, light: float = 1.0, view: int = 0, **changed: Any) -> Looked:
    picture = scene(share, light, view)
    fields: dict[str, Any] = {"water": segment([picture])[0], "look": look(picture), "taught": taught()}
    return Looked(picture, NOBODY, START_MS, **(fields | changed))


def seen(share: float = 0.0, light: float = 1.0, **changed: Any) -> Any:
    found = water(road(), looked(share, light, **changed))
    assert found is not None
    return found


def test_a_dry_road_beside_its_own_history_is_dry() -> None:
    found = seen(0.0)

    assert (found.share, found.depth, found.flag) == (pytest.approx(0, abs=0.5), 0, Flag.GOOD)
    assert found.confidence > 0.4


@pytest.mark.parametrize(("share", "deep"), [(0.1, 0), (0.2, 10), (0.5, 30), (0.8, 60), (1.0, 60)], ids=str)
def test_depth_is_that_of_the_deepest_mark_under_water(share: float, deep: float) -> None:
    found = seen(share)

    assert found.share == pytest.approx(100 * share, abs=8)
    assert found.depth == pytest.approx(deep, abs=8)
    assert found.flag is Flag.GOOD


def test_what_always_looks_like_water_is_no_water_but_what_was_not_is() -> None:
    # A net that finds a third of a dry road to be water, for years.
    knows = taught()
    zone = knows.zones["duong"]
    median = np.frombuffer(zone.dry[0].median, np.uint8).copy()
    median[: CELLS // 3] = 140
    dry = [msgspec.structs.replace(each, median=median.tobytes()) for each in zone.dry]
    knows = msgspec.structs.replace(knows, zones={"duong": msgspec.structs.replace(zone, dry=dry)})
    grid = segment([scene(0.0)])[0]
    grid[36:48] = 0.55

    assert water(road(), looked(water=grid, taught=knows)).share < 2  # type: ignore[union-attr]
    assert water(road(), looked(water=grid)).share > 15  # type: ignore[union-attr]


UNKNOWN = {
    "in the dark": ({"light": 0.1}, Flag.UNKNOWN, DARK),
    "another view": ({"view": 7}, Flag.UNKNOWN, MOVED),
    "a view that has moved by a tenth": ({"shift": (0.1, 0.0)}, Flag.UNKNOWN, MOVED),
    "by dusk, taught by day": ({"light": 0.5}, Flag.SUSPECT, STRANGE_LIGHT),
    "a lit night that it was never taught": ({"light": 0.3}, Flag.SUSPECT, STRANGE_LIGHT),
    "a camera that does not see": ({"sees": False}, Flag.UNKNOWN, BLIND),
    "untaught": ({"taught": None}, Flag.SUSPECT, UNTAUGHT),
    "untaught and in the dark": ({"taught": None, "light": 0.1}, Flag.UNKNOWN, DARK),
}


@pytest.mark.parametrize(("changed", "flag", "why"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_cannot_be_known_says_so(changed: dict[str, Any], flag: Flag, why: object) -> None:
    found = seen(0.8, **changed)

    assert (found.flag, found.why) == (flag, why)
    assert found.confidence <= 0.3


def test_a_zone_that_was_drawn_anew_is_untaught_and_another_ratio_is_unknown() -> None:
    moved = msgspec.structs.replace(road(), polygon=[(0.2, 0.5), (0.9, 0.5), (0.9, 1.0), (0.1, 1.0)])
    wide = np.zeros((180, 240, 3), np.uint8)
    other = looked()

    assert water(moved, other).why == REDRAWN  # type: ignore[union-attr]
    assert water(road(), Looked(wide, NOBODY, START_MS, other.water, other.look, taught())).why == OTHER_SIZE  # type: ignore[union-attr]


def test_a_zone_that_looks_like_water_when_dry_can_tell_nothing() -> None:
    knows = taught()
    zone = knows.zones["duong"]
    dry = [msgspec.structs.replace(each, median=bytes([230]) * CELLS) for each in zone.dry]
    knows = msgspec.structs.replace(knows, zones={"duong": msgspec.structs.replace(zone, dry=dry)})

    found = seen(0.5, taught=knows)
    assert (found.flag, found.why) == (Flag.UNKNOWN, ALWAYS_WATER)


def test_no_net_no_word() -> None:
    assert water(road(), looked(water=None)) is None


@given(SHARES, st.integers(0, 7), st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_the_share_never_falls_as_the_probability_grows(bands: list[float], which: int, more: float) -> None:
    knows, base = taught(), looked()
    grid = np.repeat(np.array(bands, np.float32), 9)[:, None] * np.ones((1, 128), np.float32)
    higher = grid.copy()
    higher[which * 9 : which * 9 + 9] = np.maximum(higher[which * 9 : which * 9 + 9], more)
    first, second = (
        water(road(), Looked(base.picture, NOBODY, START_MS, each.astype(np.float32), base.look, knows))
        for each in (grid, higher)
    )

    assert first is not None
    assert second is not None
    assert second.share >= first.share - 1e-4
    assert second.depth is not None
    assert first.depth is not None
    assert second.depth >= first.depth - 1e-4


@given(SHARES)
@settings(deadline=None, max_examples=60)
def test_a_deeper_mark_counts_only_if_all_shallower_ones_are_under_water(bands: list[float]) -> None:
    wet = np.repeat(np.array(bands, np.float32), CELLS // 8)
    known = np.ones(CELLS, bool)
    found = depth(road(), wet, known)
    # The lowest band dry: whatever lies above it, nothing has come that far.
    wet[-CELLS // 8 :] = 0

    assert 0 <= found <= 60
    assert depth(road(), wet, known) == 0


def test_marks_may_go_out_to_the_bank() -> None:
    marks = [
        msgspec.structs.replace(mark, line=((x, 0.5), (x, 1.0)))
        for mark, x in zip(road().marks, (0.3, 0.5, 0.7), strict=True)
    ]
    zone = msgspec.structs.replace(road(), marks=marks)
    x = cells(zone).centres[:, 0]
    deep = [
        depth(zone, (x < edge).astype(np.float32), np.ones(CELLS, bool)) for edge in (0.1, 0.33, 0.55, 0.9)
    ]

    assert deep == sorted(deep)
    assert deep[0] == 0
    assert deep[-1] == 60


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.15, 0.6), st.floats(6, 20))
def test_wetness_grows_and_is_nothing_without_a_difference(
    a: float, b: float, water_from: float, slope: float
) -> None:
    low, high = wetness(np.array(sorted((a, b)), np.float32), water_from, slope)

    assert low <= high
    assert 2 / slope >= water_from or wetness(np.zeros(1, np.float32), water_from, slope)[0] == 0


def states(knows: Taught | None, *shares: float, light: float = 1.0) -> list[tuple[float, Flag]]:
    memory: dict[str, Any] = {}
    found = []
    for i, share in enumerate(shares):
        picture = scene(share, light)
        told = water_state.value(
            road(),
            Looked(picture, NOBODY, START_MS + i * 1000, segment([picture])[0], look(picture), knows),
            memory,
        )
        assert told is not None
        found.append((told.value, told.flag))
    return found


def test_the_state_follows_what_two_pictures_say_and_keeps_it_until_it_is_clear() -> None:
    said = [value for value, _ in states(taught(), 0, 0, 0.15, 0.15, 0.6, 0.6, 0.3, 0.3, 0, 0)]

    assert said == [-1, 0, 0, 1, 1, 2, 2, 2, 2, 0]


def test_an_untaught_camera_has_no_state() -> None:
    assert states(None, 0.9, 0.9, 0.9) == [(-1, Flag.UNKNOWN)] * 3


def test_what_was_taught_by_night_makes_a_check_not_more() -> None:
    knows = taught()
    zone = knows.zones["duong"]
    night = [*zone.dry, *(msgspec.structs.replace(each, light=Light.NIGHT) for each in zone.dry)]
    knows = msgspec.structs.replace(knows, zones={"duong": msgspec.structs.replace(zone, dry=night)})

    assert states(knows, 0.9, 0.9, light=0.3)[-1] == (2, Flag.SUSPECT)


def test_what_was_taught_is_the_same_after_it_was_stored() -> None:
    assert unpacked(packed(taught())) == taught()


def test_the_kept_picture_has_the_water_outlined() -> None:
    dry, wet = (drawn.kept(looked(share), road(), NOBODY).astype(int) for share in (0.0, 0.5))
    blue = [int(((each[:, :, 0] > 180) & (each[:, :, 2] < 60)).sum()) for each in (dry, wet)]

    assert camera().zones == [road()]
    assert blue[1] > blue[0] + 200
