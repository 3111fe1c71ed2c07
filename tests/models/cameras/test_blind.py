"""A camera that does not see says so: every fault of one healthy clip is told, no healthy clip is, no crowd ends by it."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np
import pytest

from infra.rehearsal.simulator.scene import lens
from infra.rehearsal.simulator.scene.camera import VIEWS, render
from models.alerting.alert import AlertChange, Change, Kind
from models.cameras.batch import Eyes, Glance, JudgedFrames
from models.cameras.memory import CameraState, Shard, plan, restored
from models.cameras.watch import watch
from models.envelope.reading import Flag
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason
from models.vision.look import look
from models.vision.picture import open_jpeg
from tests.builders import START_MS
from tests.frames import frame, frames, in_the_yard
from tests.messages import market, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.frame import Frame

PLAN = plan(place())
SEEN, BEFALLEN = 24, 34
"""Healthy pictures, one a second, and then so many that something has befallen."""
SOON_S = 30
FULL_S, NIGHT_S, RAIN_S, MORNING_S = 7.5 * 3600, 4 * 3600, 15 * 3600, 11 * 3600


@cache
def healthy(camera: str, second: float, number: int = SEEN + BEFALLEN) -> tuple[NDArray[np.uint8], ...]:
    """A rendered clip at half size: one picture a second."""
    size = (640, 360)
    return tuple(
        np.asarray(
            cv2.resize(render(VIEWS[camera], second + i)[0], size, interpolation=cv2.INTER_AREA), np.uint8
        )
        for i in range(number)
    )


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def eyes(people: int = 20) -> Eyes:
    """Open real JPEGs as the flow does; see `people` people while the net sees anything, and none in the dark."""

    def one(sealed: Frame) -> Glance | Refusal:
        picture = open_jpeg(sealed.sealed, (320, 320))
        if isinstance(picture, Refusal):
            return picture
        figures = look(picture)
        return Glance(picture, figures.thumb, figures)

    return Eyes(
        lambda several: [one(each) for each in several],
        lambda pictures: [in_the_yard(people if _lively(each) else 0) for each in pictures],
    )


def _lively(picture: NDArray[np.uint8]) -> bool:
    return float(cv2.Laplacian(picture, cv2.CV_16S).std()) > 6


def play(
    clip: Sequence[NDArray[np.uint8]], shard: Shard, first: int = 0, people: int = 20
) -> list[JudgedFrames]:
    """One picture a second, each a batch of its own."""
    own = eyes(people)
    return [
        watch(PLAN, shard, own, frames(frame(first + i, sealed=jpeg(one)), first=first + i))
        for i, one in enumerate(clip)
    ]


def changes(seen: list[JudgedFrames]) -> list[AlertChange]:
    return [change for each in seen for change in each.changes]


def news(seen: list[JudgedFrames], kind: Kind) -> list[tuple[Change, float]]:
    """What was told of a kind, and at which second."""
    return [
        (change.change, change.at.timestamp() - START_MS / 1000)
        for change in changes(seen)
        if change.kind == kind
    ]


def befallen(fault: str, clip: Sequence[NDArray[np.uint8]], since: int = SEEN) -> list[NDArray[np.uint8]]:
    return [*clip[:since], *(lens.FAULTS[fault](one, since + i) for i, one in enumerate(clip[since:]))]


CLIPS = [("cho-quang-tho", FULL_S), ("duong-la-van", NIGHT_S), ("duong-la-van", RAIN_S)]
FAULTS = [
    pytest.param(fault, camera, second, id=f"{fault}, {camera} at {second / 3600:g} h")
    for fault in lens.FAULTS
    for camera, second in (CLIPS if fault in ("moved, rotated", "half covered", "blurred") else CLIPS[:1])
]


@pytest.mark.parametrize(("fault", "camera", "second"), FAULTS)
def test_what_befalls_a_healthy_camera_is_told_in_time_and_no_count_is_good(
    fault: str, camera: str, second: float
) -> None:
    seen = play(befallen(fault, healthy(camera, second)), {})

    ((change, at),) = news(seen, Kind.BLIND)
    assert change is Change.RAISE
    assert SEEN < at <= SEEN + SOON_S
    after = [observation for each in seen[round(at) :] for observation in each.observations]
    assert {one.flag for one in after} <= {Flag.UNKNOWN}
    (told,) = [change for change in changes(seen) if change.kind == Kind.BLIND]
    assert told.evidence
    assert told.level == 1


@pytest.mark.parametrize("with_clock", [False, True])
def test_a_picture_that_stands_is_frozen_whether_its_clock_runs_or_not(with_clock: bool) -> None:
    seen = play(lens.frozen(healthy("cho-quang-tho", FULL_S), SEEN, with_clock=with_clock), {})

    ((change, at),) = news(seen, Kind.FROZEN)
    assert change is Change.RAISE
    assert at <= SEEN + SOON_S
    assert not news(seen, Kind.BLIND)
    assert {observation.flag for each in seen[round(at) + 1 :] for observation in each.observations} == {
        Flag.UNKNOWN
    }


def test_a_living_picture_with_a_clock_is_not_frozen() -> None:
    clip = [lens.clock(one, i) for i, one in enumerate(healthy("duong-la-van", NIGHT_S))]

    assert not changes(play(clip, {}, people=0))


DAY = [
    pytest.param("cho-quang-tho", second, id=f"market at {second / 3600:g} h")
    for second in (FULL_S, MORNING_S, RAIN_S)
] + [
    pytest.param("duong-la-van", second, id=f"road at {second / 3600:g} h")
    for second in (NIGHT_S, 6 * 3600, RAIN_S, 17.5 * 3600)
]


@pytest.mark.parametrize(("camera", "second"), DAY)
def test_a_healthy_clip_is_never_called_blind(camera: str, second: float) -> None:
    assert not changes(play(healthy(camera, second), {}, people=0))


def test_lamps_after_daylight_and_a_crowd_after_an_empty_yard_are_no_other_view() -> None:
    clip = [*healthy("cho-quang-tho", FULL_S)[:30], *healthy("cho-quang-tho", NIGHT_S, 30)]

    assert not changes(play(clip, {}, people=0))
    assert not changes(play(clip[::-1], {}, people=0))


def test_a_whole_day_at_the_pace_of_the_demo_is_never_blind() -> None:
    shard: Shard = {}
    own = eyes(0)
    told = []
    for i in range(0, 240, 2):
        picture = cv2.resize(render(VIEWS["duong-la-van"], i * 360.0)[0], (640, 360))
        step = frame(i * 360.0, seq=i, sealed=jpeg(np.asarray(picture, np.uint8)))
        told += watch(PLAN, shard, own, frames(step, first=i)).changes

    assert not [one for one in told if one.kind in (Kind.BLIND, Kind.FROZEN)]


BLACK = [
    pytest.param(fault, id=fault) for fault in ("black, its clock runs", "covered, textured", "half covered")
]


@pytest.mark.parametrize("fault", BLACK)
def test_an_open_crowd_stays_while_its_camera_is_blind_and_ends_only_by_what_is_seen(fault: str) -> None:
    shard: Shard = {}
    clip = healthy("cho-quang-tho", FULL_S)
    before = [clip[i % SEEN] for i in range(80)]
    crowd = play(before, shard)
    assert news(crowd, Kind.CROWD) == [(Change.RAISE, 60.0)]

    dark = play([lens.FAULTS[fault](clip[SEEN], i) for i in range(150)], shard, 80, people=0)
    back = play([clip[i % SEEN] for i in range(60)], shard, 230, people=0)
    later = play([clip[i % SEEN] for i in range(60)], shard, 290, people=0)

    assert [change.kind for change in changes(dark)] == [Kind.BLIND]
    ((over, at),) = news(back, Kind.BLIND)
    assert over is Change.CLEAR
    assert 230 + 15 <= at <= 230 + SOON_S
    assert not news(back, Kind.CROWD)
    ((calm, when),) = news(later, Kind.CROWD)
    assert calm is Change.CLEAR
    assert when >= at + market().zones[0].hold_s


def test_one_odd_picture_tells_nothing_and_its_count_is_unknown() -> None:
    clip = list(healthy("cho-quang-tho", FULL_S))
    clip[30] = lens.black_with_clock(clip[30], 30)
    seen = play(clip, {})

    assert not changes(seen[:50])
    assert [observation.flag for observation in seen[30].observations] == [Flag.UNKNOWN]
    assert [observation.flag for observation in seen[33].observations] == [Flag.GOOD]


def test_a_picture_of_one_colour_is_refused_and_its_camera_told_as_blind() -> None:
    clip = [np.full((360, 640, 3), 128, np.uint8)] * 20
    seen = play(clip, {})

    assert {one.reason for each in seen for one in each.rejected} == {Reason.NOTHING_TO_SEE}
    assert [change for change, _ in news(seen, Kind.BLIND)] == [Change.RAISE]
    assert not news(seen, Kind.SILENT)


def test_a_camera_that_comes_back_from_a_gap_with_another_view_has_moved() -> None:
    shard: Shard = {}
    clip = healthy("cho-quang-tho", FULL_S)
    play(clip[:SEEN], shard)
    back = play([lens.shifted(one, i) for i, one in enumerate(clip[SEEN:])], shard, SEEN + 90)

    assert [change for change, _ in news(back, Kind.BLIND)] == [Change.RAISE]


def test_a_new_camera_is_never_said_to_have_moved_before_it_has_learned() -> None:
    road, yard = healthy("duong-la-van", MORNING_S), healthy("cho-quang-tho", FULL_S)

    assert not news(play([*road[:10], *yard[:40]], {}), Kind.BLIND)


def test_a_camera_aimed_anew_on_purpose_learns_its_view_again() -> None:
    shard: Shard = {}
    play(healthy("duong-la-van", MORNING_S), shard, people=0)
    commune = place()
    aimed = plan(msgspec.structs.replace(commune, cameras=[msgspec.structs.replace(market(), view=1)]))
    own = eyes(0)
    told = [
        change
        for i, picture in enumerate(healthy("cho-quang-tho", FULL_S))
        for change in watch(
            aimed, shard, own, frames(frame(100 + i, sealed=jpeg(picture)), first=100 + i)
        ).changes
    ]

    assert not told


def test_the_view_survives_a_snapshot_and_is_small() -> None:
    shard: Shard = {}
    clip = healthy("cho-quang-tho", FULL_S)
    play(clip[:SEEN], shard)
    kept = pickle.dumps(shard, protocol=5)
    moved = [lens.shifted(one, i) for i, one in enumerate(clip[SEEN:])]

    assert changes(play(moved, restored(pickle.loads(kept)), SEEN)) == changes(play(moved, shard, SEEN))
    assert len(kept) < 80_000


def test_a_memory_of_an_older_version_goes_on_as_a_new_cameras_sight() -> None:
    state = CameraState(seq=7)
    del state.sight
    del state.still

    assert restored({"cho": state})["cho"].sight.learned == 0
    assert restored({"cho": state})["cho"].seq == 7


@pytest.mark.parametrize("film", ["vtest.avi", "tud_campus.mp4"])
@pytest.mark.parametrize("fault", list(lens.FAULTS))
def test_what_befalls_a_real_camera_is_told(data: Path, film: str, fault: str) -> None:
    seen = play(befallen(fault, recorded(str(data / "crowd" / film))), {}, people=0)

    ((_, at),) = news(seen, Kind.BLIND)
    assert SEEN < at <= SEEN + SOON_S


@cache
def recorded(path: str) -> tuple[NDArray[np.uint8], ...]:
    """Pictures of a film, one a second of its true rate where it is long enough."""
    film, found = cv2.VideoCapture(path), []
    while (picture := film.read())[0]:
        found.append(np.asarray(picture[1], np.uint8))
    return tuple(found[:: max(1, len(found) // 100)][: SEEN + BEFALLEN])
