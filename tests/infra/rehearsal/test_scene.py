"""Rendered cameras: the same moment is the same picture, who is in the truth can be seen, people follow the hour."""

from __future__ import annotations

import numpy as np
import pytest

from infra.rehearsal.simulator.scene.camera import VIEWS, random_scene, render
from infra.rehearsal.simulator.scene.light import daylight, rain
from infra.rehearsal.simulator.scene.people import Person, draw
from infra.rehearsal.simulator.scene.place import HEIGHT, MARKET, WIDTH

HOUR = 3600.0
MARKET_ID, ROAD_ID = "cho-quang-tho", "duong-la-van"
LEVEL_1, LEVEL_2 = 15, 30
"""People at which the example's market is crowded, and too crowded (infra/commune/cameras.yaml)."""
CAMERAS = [pytest.param(name, id=name) for name in sorted(VIEWS)]


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize(
    "hour", [pytest.param(7.0, id="day"), pytest.param(15.0, id="rain"), pytest.param(22.0, id="night")]
)
def test_the_same_camera_and_moment_give_the_same_picture(camera: str, hour: float) -> None:
    (one, boxes), (other, others) = (render(VIEWS[camera], hour * HOUR) for _ in range(2))
    assert one.shape == (HEIGHT, WIDTH, 3)
    assert one.dtype == np.uint8
    assert np.array_equal(one, other)
    assert np.array_equal(boxes, others)


def test_the_same_seed_gives_the_same_place_and_another_seed_another() -> None:
    (one, boxes), (again, same), (other, _) = (random_scene(seed) for seed in (41, 41, 42))
    assert np.array_equal(one, again)
    assert np.array_equal(boxes, same)
    assert not np.array_equal(one, other)


def test_the_picture_never_stands_still_not_even_at_night() -> None:
    (one, _), (other, _) = (render(VIEWS[MARKET_ID], 2 * HOUR + second) for second in (0, 1))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("seed", [pytest.param(seed, id=f"seed {seed}") for seed in range(9200, 9212)])
def test_boxes_of_a_random_place_lie_in_the_picture(seed: int) -> None:
    _inside(random_scene(seed)[1])


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("hour", [5.7, 7.5, 8.4, 11.0, 16.0])
def test_boxes_of_a_camera_lie_in_the_picture(camera: str, hour: float) -> None:
    _inside(render(VIEWS[camera], hour * HOUR)[1])


def _inside(boxes: np.ndarray) -> None:
    assert boxes.dtype == np.float32
    assert boxes.shape[1:] == (4,)
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert (boxes >= 0).all()
    assert (boxes <= [WIDTH, HEIGHT, WIDTH, HEIGHT]).all()


@pytest.mark.parametrize("look", [pytest.param(look, id=f"look {look}") for look in range(8)])
def test_a_person_s_pixels_lie_in_the_box(look: int) -> None:
    tall = 300
    drawn = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    (box,) = draw(drawn, [Person(x=640, y=600, height=tall, step=1.0, look=look)])
    ys, xs = np.nonzero((drawn < 120).any(axis=2))  # darker than the shadow, 250 * 0.72
    rim = 0.03 * tall  # half of a limb's width stands out at the foot and the elbow
    assert box[0] - rim <= xs.min()
    assert xs.max() <= box[2] + rim
    assert box[1] - rim <= ys.min()
    assert ys.max() <= box[3] + rim


def test_who_stands_wholly_behind_another_is_not_in_the_truth() -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    behind = Person(x=640, y=600, height=200, step=0, look=1)
    before = Person(x=640, y=640, height=400, step=0, look=2)
    assert len(draw(picture, [behind])) == 1
    assert len(draw(picture, [behind, before])) == 1


def test_people_are_larger_near_than_far() -> None:
    far, near = (MARKET.person_height(part * HEIGHT) for part in (0.4, 0.95))
    assert near > 2 * far


@pytest.mark.parametrize(
    ("camera", "hour", "least", "most"),
    [
        pytest.param(MARKET_ID, 2.0, 0, 0, id="market, night"),
        pytest.param(MARKET_ID, 7.5, 20, 25, id="market, its fullest hour"),
        pytest.param(MARKET_ID, 11.0, 1, 8, id="market, day"),
        pytest.param(MARKET_ID, 19.0, 0, 0, id="market, the storm has come"),
        pytest.param(ROAD_ID, 2.0, 0, 1, id="road, night"),
        pytest.param(ROAD_ID, 7.0, 3, 6, id="road, morning"),
    ],
)
def test_people_follow_the_hour(camera: str, hour: float, least: int, most: int) -> None:
    assert least <= VIEWS[camera].crowd(hour * HOUR) <= most


def test_the_market_crosses_its_first_level_once_and_never_its_second() -> None:
    minutes = [VIEWS[MARKET_ID].crowd(minute * 60.0) for minute in range(24 * 60)]
    crowded = np.array(minutes) >= LEVEL_1
    assert np.count_nonzero(np.diff(crowded.astype(int)) == 1) == 1
    assert max(minutes) < LEVEL_2


def test_as_many_as_the_level_can_truly_be_seen_at_the_market_s_peak() -> None:
    seen = [len(render(VIEWS[MARKET_ID], second)[1]) for second in np.arange(7 * HOUR, 8 * HOUR, 600)]
    assert min(seen) >= LEVEL_1


@pytest.mark.parametrize("camera", CAMERAS)
def test_night_is_darker_than_day_and_noisier(camera: str) -> None:
    day, night = (render(VIEWS[camera], hour * HOUR)[0].astype(np.float64) for hour in (11.0, 1.0))
    assert night.mean() < 0.6 * day.mean()
    again = render(VIEWS[camera], 1 * HOUR + 60)[0]
    noon = render(VIEWS[camera], 11 * HOUR + 0.1)[0]
    # Above the heads: nothing moves there but the noise.
    assert np.std(night[:150] - again[:150]) > np.std(day[:150] - noon[:150])


def test_it_rains_from_the_afternoon_on_and_is_dry_in_the_morning() -> None:
    assert [rain(hour * HOUR) for hour in (7, 12)] == [0, 0]
    assert min(rain(hour * HOUR) for hour in range(14, 21)) > 0.9


def test_the_light_comes_and_goes() -> None:
    assert [daylight(hour * HOUR) for hour in (0, 4, 12, 20)] == [0, 0, 1, 0]
    assert 0 < daylight(5.6 * HOUR) < 1
