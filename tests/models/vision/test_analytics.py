"""One contract over all analytics of cameras; each is rows of the catalogue and a module, and no second list of them exists."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import pytest

from connectors.settings import ROOT
from models.alerting.alert import Change
from models.cameras.batch import Eyes, Glance
from models.cameras.memory import CameraState, plan, restored
from models.cameras.watch import watch
from models.catalogue.analytics import ANALYTICS, ZONE_KINDS, Analytic, ZoneKind, of_zone
from models.catalogue.units import UNITS
from models.envelope.reading import Flag
from models.vision.analytics import registry
from models.vision.analytics.looked import Looked
from models.vision.analytics.registry import MODULES
from models.vision.camera import Camera, Zone, ZoneLevel
from models.vision.look import look
from models.vision.motion import HEIGHT, WIDTH
from tests import water
from tests.frames import frame, frames, in_the_yard
from tests.messages import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from models.cameras.batch import JudgedFrames
    from models.vision.detection import Detections
    from models.vision.taught import Taught

ROOMS = ("models", "connectors", "flows", "dashboards", "infra", "notebooks")
WHOLE = [(0, 0), (1, 0), (1, 1), (0, 1)]
GROUND = ((0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 5.0, 0.0), (1.0, 1.0, 5.0, 2.0), (0.0, 1.0, 0.0, 2.0))
"""Ten square metres."""


class Case(NamedTuple):
    """What the contract needs to know of an analytic: shade of a picture and people in it, when calm and when at the level.

    `made`: more of the zone than its levels. `picture`: the picture that a shade stands for, if it is not that shade itself; then the camera
    knows its place as tests/water.py teaches it. `judged`: whether levels see it.
    """

    calm: tuple[int, int]
    bad: tuple[int, int]
    level: int
    kind: ZoneKind
    made: tuple[tuple[str, Any], ...] = ()
    picture: Callable[[int], NDArray[np.uint8]] | None = None
    judged: bool = True


def wet(shade: int) -> NDArray[np.uint8]:
    """A road that is under water to so many per cent."""
    return water.scene(shade / 100)


MARKED = (("polygon", water.ROAD), ("marks", water.MARKS))
CASES = {
    Analytic.PEOPLE: Case((10, 2), (10, 20), 15, ZoneKind.CROWD),
    Analytic.WATER_SHARE: Case((0, 0), (70, 0), 40, ZoneKind.WATER, (("polygon", water.ROAD),), wet),
    Analytic.WATER_DEPTH: Case((0, 0), (70, 0), 20, ZoneKind.WATER, MARKED, wet),
    Analytic.WATER_STATE: Case((0, 0), (70, 0), 20, ZoneKind.WATER, MARKED, wet, judged=False),
    Analytic.DENSITY: Case((10, 2), (10, 20), 2, ZoneKind.DENSITY),
}
"""One row an analytic."""

READ_FROM_A_BOARD = Analytic.WATER_LEVEL
"""Its pictures need a board."""
every = pytest.mark.parametrize("analytic", [code for code in Analytic if code is not READ_FROM_A_BOARD])


def zone(case: Case) -> Zone:
    levels = [ZoneLevel(1, "mức 1", case.level, case.level - 1)]
    return msgspec.structs.replace(
        Zone("san", "Sân", case.kind, WHOLE, levels=levels, hold_s=5), **dict(case.made)
    )


def shown(case: Case, shade: int) -> NDArray[np.uint8]:
    return np.full((90, 160, 3), shade, np.uint8) if case.picture is None else case.picture(shade)


def knows(case: Case) -> Taught | None:
    return None if case.picture is None else water.taught(water.camera(zone(case)))


def seen_of(analytic: Analytic, seconds: int, looks: tuple[int, int]) -> JudgedFrames:
    """So many seconds of one camera, a picture each."""
    shade, people = looks
    case = CASES[analytic]
    taught = knows(case)

    def glances(several: Sequence[object]) -> list[Glance]:
        picture = shown(case, shade)
        figures = None if case.picture is None else look(picture)
        return [
            Glance(picture, np.full((HEIGHT, WIDTH), 41 * i % 199, np.uint8), figures)
            for i, _ in enumerate(several)
        ]

    def detect(pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        return [in_the_yard(people) for _ in pictures]

    camera = Camera(
        "cho", "Camera chợ", ["la-van-ha"], "rtsp://192.0.2.11/live", [zone(CASES[analytic])],
        ground=list(GROUND),
    )  # fmt: skip
    own = plan(msgspec.structs.replace(place(), cameras=[camera]))
    eyes = Eyes(glances, detect, water.segment, lambda _: taught)
    return watch(own, {}, eyes, frames(*(frame(i) for i in range(seconds))))


@every
def test_an_analytic_has_its_rows_its_module_a_kind_of_zone_and_a_case_here(analytic: Analytic) -> None:
    row = ANALYTICS[analytic]

    assert row.code is analytic
    assert row.vi
    assert row.en
    assert row.unit in UNITS
    assert analytic in MODULES
    assert analytic in CASES
    assert analytic in {
        code for kind in ZONE_KINDS.values() for code in (kind.analytic, kind.marked, *kind.beside)
    }
    assert of_zone(f"{row.prefix}san") is row


def test_rows_are_told_apart() -> None:
    assert set(ZONE_KINDS) == set(ZoneKind)
    assert len({row.rule for row in ANALYTICS.values()}) == len(ANALYTICS)


def test_each_module_of_the_folder_is_an_analytic() -> None:
    modules = {path.stem for path in Path(registry.__file__).parent.glob("*.py")}

    assert modules - {"__init__", "registry", "looked"} == {one.value for one in Analytic}


@every
def test_a_zone_of_each_picture_has_a_value_in_its_unit(analytic: Analytic) -> None:
    seen = seen_of(analytic, 4, CASES[analytic].calm)

    row = ANALYTICS[analytic]
    own = [each for each in seen.observations if each.parameter == f"{row.prefix}san"]
    assert [(each.parameter, each.unit) for each in own] == [(f"{row.prefix}san", row.unit)] * 4
    # A state is known from its second picture on.
    assert [each.flag for each in own[1:]] == [Flag.GOOD] * 3
    assert all(each.value < CASES[analytic].level for each in own)
    assert seen.changes == []


@pytest.mark.parametrize("analytic", [code for code, case in CASES.items() if case.judged])
def test_what_reaches_its_level_and_lasts_is_told_once_with_a_picture(analytic: Analytic) -> None:
    seen = seen_of(analytic, 40, CASES[analytic].bad)

    (change,) = seen.changes
    row = ANALYTICS[analytic]
    assert (change.rule, change.kind, change.change, change.level) == (
        f"{row.rule}-cho-san",
        row.kind,
        Change.RAISE,
        1,
    )
    assert change.value >= CASES[analytic].level
    assert [(snapshot.alert, snapshot.seq) for snapshot in seen.snapshots] == [(change.alert, change.seq)]


@every
def test_the_same_pictures_give_the_same_value_from_a_memory_that_was_kept(analytic: Analytic) -> None:
    module, own = MODULES[analytic], zone(CASES[analytic])
    shade, people = CASES[analytic].bad
    case = CASES[analytic]
    pictures = [
        Looked(
            shown(case, shade + i),
            in_the_yard(people).boxes,
            i * 1000,
            water.segment([shown(case, shade + i)])[0],
            look(shown(case, shade + i)),
            knows(case),
            ground=tuple(GROUND),
        )
        for i in range(6)
    ]
    whole: dict[str, object] = {}
    straight = [module.value(own, picture, whole) for picture in pictures]
    kept: dict[str, object] = {}
    resumed = []
    for picture in pictures:
        kept = pickle.loads(pickle.dumps(kept))
        resumed.append(module.value(own, picture, kept))

    assert resumed == straight


def test_a_memory_of_the_version_before_begins_without_what_it_did_not_remember() -> None:
    old = CameraState(seq=7)
    del old.memory

    (state,) = restored({"cho": old}).values()
    assert (state.seq, state.memory) == (7, {})


def named(text: str) -> list[int]:
    """Lines that name an analytic's parameters, or branch on one analytic."""
    prefixes = tuple(row.prefix for row in ANALYTICS.values())
    found = []
    for node in ast.walk(ast.parse(text)):
        by_code = (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(prefixes)
        )
        if by_code or (
            isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"Analytic", "ZoneKind"}
        ):
            found.append(node.lineno)
    return found


OWN = ("models/catalogue/analytics.py", "models/vision/analytics/")
ALLOWED = {
    "dashboards/cameras.py": "counts of people have roll-ups of their own",
    "dashboards/water.py": "its panels stand beside the gauge, each for what it measures",
    "bench/watching.py": "a bench of counting people",
    "measure/seeing/bench.py": "a bench that counts in a whole picture",
    "demo/eye_panels.py": "the storm day draws what its ford and its board said",
    "demo/eyes.py": "the storm day tells what its ford and its board said",
    "demo/flood_eyes.py": "the storm day tells what its ford and its board said",
    "recordings/films.py": "films of people that were counted by hand",
}
"""Where one analytic is meant, and why."""


def test_nothing_but_its_own_module_names_an_analytic() -> None:
    found = {}
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        lines = [] if name.startswith(OWN) else named(path.read_text(encoding="utf-8"))
        if lines and not name.endswith(tuple(ALLOWED)):
            found[name] = lines

    assert found == {}
