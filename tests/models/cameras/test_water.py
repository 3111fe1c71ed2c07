"""A road that floods before a camera, on a time line: when it is told, when it is over, and what the camera says as a witness."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cv2
import msgspec
import pytest

from models.alerting.alert import Change
from models.cameras.batch import Eyes, Glance
from models.cameras.memory import Shard, plan
from models.cameras.watch import watch
from models.envelope.reading import Flag
from models.vision.look import look
from tests.builders import START_MS
from tests.frames import frame, frames, in_the_yard
from tests.messages import place
from tests.water import camera, road, scene, segment, taught

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.cameras.batch import JudgedFrames
    from models.vision.frame import Frame
    from models.vision.taught import Taught

EVERY_S = 10


class Road:
    """A camera above the road, and all that its flow said; a picture every ten seconds."""

    def __init__(self, knows: Taught | None, *, marks: bool = True, hold_s: int = 60) -> None:
        self.knows, self.shard, self.i = knows, Shard(), 0
        self.said: list[JudgedFrames] = []
        self.asked: list[int] = []
        own = camera(road(marks=marks, hold_s=hold_s))
        self.plan = plan(msgspec.structs.replace(place(), cameras=[own]))

    def shows(self, water: float, pictures: int, light: float = 1.0) -> list[JudgedFrames]:
        """So many pictures of the road, each with a little change."""
        shown = {}
        for _ in range(pictures):
            picture = scene(water, light)
            # Something passes at the rim, or the picture would be a still one.
            cv2.circle(picture, (20 + self.i * 37 % 280, 20), 12, (0, 0, 255 * (self.i % 2)), -1)
            shown[self.i] = (frame(self.i * EVERY_S), picture)
            self.i += 1

        def glances(several: Sequence[Frame]) -> list[Glance]:
            found = [shown[each.seq // (10 * EVERY_S)][1] for each in several]
            figures = [look(picture) for picture in found]
            return [Glance(picture, one.thumb, one) for picture, one in zip(found, figures, strict=True)]

        def net(pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
            self.asked.append(len(pictures))
            return segment(pictures)

        eyes = Eyes(glances, lambda several: [in_the_yard(0) for _ in several], net, lambda _: self.knows)
        first = min(shown)
        part = watch(self.plan, self.shard, eyes, frames(*(each for each, _ in shown.values()), first=first))
        self.said.append(part)
        return [part]

    def changes(self) -> list[tuple[Change, int, int]]:
        """Of the water's alert: what changed, to which level, at which picture."""
        return [
            (change.change, change.level, round((change.at.timestamp() * 1000 - START_MS) / 1000 / EVERY_S))
            for part in self.said
            for change in part.changes
            if change.rule.startswith("water-")
        ]

    def words(self) -> list[tuple[float, int, int]]:
        """As a witness: value, flag, at which picture."""
        return [
            (each.value, each.flag, round((each.at.timestamp() * 1000 - START_MS) / 1000 / EVERY_S))
            for part in self.said
            for each in part.observations
            if each.parameter == "flooded"
        ]


def test_it_is_told_when_it_lasts_stays_open_in_the_dark_and_is_over_only_after_holding_in_the_light() -> (
    None
):
    story = Road(taught())
    story.shows(0.0, 40)
    story.shows(0.15, 20)
    assert story.changes() == []
    story.shows(0.6, 40)
    ((change, level, at),) = story.changes()
    # The median of a minute has to rise, and then it has to hold for another.
    assert (change, level) == (Change.RAISE, 1)
    assert 66 <= at <= 75
    dark = story.i
    story.shows(0.0, 60, light=0.1)
    assert len(story.changes()) == 1
    light = story.i
    story.shows(0.0, 40)
    _, (change, level, at) = story.changes()
    assert (change, level) == (Change.CLEAR, 0)
    assert at >= light + 6
    flags = [
        each.flag
        for part in story.said
        for each in part.observations
        if each.parameter == "water_state/duong"
    ]
    assert set(flags[dark + 2 : light]) == {Flag.UNKNOWN}


def test_what_it_saw_goes_with_the_alert_and_its_picture() -> None:
    story = Road(taught())
    story.shows(0.0, 20)
    story.shows(0.6, 40)

    (change,) = [change for part in story.said for change in part.changes]
    (snapshot,) = [snapshot for part in story.said for snapshot in part.snapshots]
    assert (change.kind, change.parameter, change.unit) == ("water_seen", "water_depth/duong", "cm")
    (line,) = change.evidence
    assert re.search(r"water on (59|60|61) % of the zone", line.en)
    assert "cm deep" in line.en
    assert "since" in line.en
    assert (snapshot.alert, snapshot.seq) == (change.alert, change.seq)


def test_no_camera_alarms_before_it_was_taught() -> None:
    story = Road(None)
    story.shows(0.9, 60)

    assert story.changes() == []
    assert story.words() == []
    seen = {each.parameter: each for each in story.said[0].observations}
    assert seen["water_share/duong"].flag == Flag.SUSPECT
    assert seen["water_share/duong"].value > 80
    assert (seen["water_state/duong"].value, seen["water_state/duong"].flag) == (-1, Flag.UNKNOWN)


def test_one_that_is_taught_while_the_flow_runs_judges_from_then_on() -> None:
    story = Road(None)
    story.shows(0.6, 30)
    story.knows = taught()
    story.shows(0.6, 30)

    ((change, _, at),) = story.changes()
    assert change is Change.RAISE
    assert at >= 36


def test_what_was_taught_of_another_view_does_not_hold() -> None:
    story = Road(msgspec.structs.replace(taught(), view=3))
    story.shows(0.9, 30)

    assert story.changes() == []


@pytest.mark.parametrize("marks", [True, False], ids=["by depth", "by share"])
def test_levels_are_cm_with_marks_and_per_cent_without(marks: bool) -> None:
    story = Road(taught(camera(road(marks=marks))), marks=marks)
    story.shows(0.0, 20)
    story.shows(0.3, 40)
    # 30 % of the zone, and 16 cm: only the share has reached 20.
    assert [level for _, level, _ in story.changes()] == ([] if marks else [1])


def test_as_a_witness_it_speaks_for_a_flood_soon_against_it_late_and_by_night_it_takes_its_word_back() -> (
    None
):
    story = Road(taught())
    story.shows(0.0, 100)
    ((value, flag, at),) = story.words()
    # Dry for ten minutes, and by day.
    assert (value, flag) == (0, Flag.GOOD)
    assert 60 <= at <= 65
    story.shows(0.6, 20)
    value, flag, at = story.words()[-1]
    assert (value, flag) == (1, Flag.GOOD)
    assert 106 <= at <= 112
    story.shows(0.6, 60, light=0.1)
    value, flag, at = story.words()[-1]
    assert flag == Flag.MISSING
    assert 150 <= at <= 156


def test_what_still_holds_is_said_again_every_quarter_of_an_hour() -> None:
    story = Road(taught())
    story.shows(0.6, 3 * 90 + 20)

    assert [value for value, _, _ in story.words()] == [1, 1, 1, 1]


def test_only_pictures_of_cameras_that_watch_water_go_through_the_net_and_in_one_batch() -> None:
    story = Road(taught())
    story.shows(0.0, 5)
    assert story.asked == [5]

    dry = Road(taught())
    dry.plan = plan(place())
    dry.shows(0.0, 5)
    assert dry.asked == []


def test_a_camera_that_was_taught_by_day_is_no_witness_by_dusk() -> None:
    story = Road(taught())
    story.shows(0.0, 100, light=0.5)

    assert story.words() == []
