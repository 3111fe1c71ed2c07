"""What a rendered camera shows at a moment of the storm day, and who is truly there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.rehearsal.simulator.scene.light import HOUR_S, daylight, lit, rain
from infra.rehearsal.simulator.scene.people import Person, draw
from infra.rehearsal.simulator.scene.place import HEIGHT, MARKET, ROAD, WIDTH, Place, empty

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

CHILD = 0.62


@dataclass(frozen=True, slots=True)
class View:
    """A camera of the commune: its place and how many people are in it by the hour."""

    place: Place
    hours: tuple[float, ...]
    people: tuple[int, ...]

    def crowd(self, second_of_day: float) -> int:
        """How many people walk there."""
        return round(float(np.interp(second_of_day / HOUR_S, self.hours, self.people)))


VIEWS = {
    "cho-quang-tho": View(
        MARKET, (0, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 11, 13, 15, 17, 24), (0, 0, 8, 20, 24, 19, 8, 5, 4, 1, 0, 0)
    ),
    "duong-la-van": View(ROAD, (0, 5, 7, 9, 12, 15, 18, 20, 24), (0, 1, 6, 3, 3, 1, 2, 0, 0)),
}
"""By the camera's id. The market is at its fullest between 06:30 and 08:30, and empty when the storm has come."""


def render(view: View, second_of_day: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The picture (720, 1280, 3) BGR and the boxes (n, 4) in pixels of the people who can be seen.

    The same camera and second give the same picture.
    """
    people = [_walker(view.place, i, second_of_day) for i in range(view.crowd(second_of_day))]
    random = np.random.default_rng([view.place.seed, round(second_of_day * 10)])
    return _picture(view.place, people, daylight(second_of_day), rain(second_of_day), random)


def random_scene(seed: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Another place, hour and crowd for each seed: what the detector is trained on."""
    random = np.random.default_rng([seed, 7])
    horizon, near = random.uniform(0.0, 0.45), random.uniform(0.22, 0.85)
    ground = str(random.choice(["yard", "road", "grass", "earth"]))
    place = Place(seed, ground, horizon, near, int(random.integers(0, 8)), int(random.integers(0, 9)))
    people = [_somebody(place, random) for _ in range(int(random.integers(0, 22) * random.uniform(0.2, 1)))]
    day = 1.0 if random.uniform() < 0.65 else random.uniform(0, 1)
    wet = random.uniform(0, 1) if random.uniform() < 0.3 else 0.0
    picture, boxes = _picture(place, people, day, wet, random)
    if random.uniform() < 0.4:
        picture = np.asarray(cv2.GaussianBlur(picture, (5, 5), random.uniform(0.5, 1.8)), dtype=np.uint8)
    return picture, boxes


def _picture(
    place: Place, people: list[Person], day: float, wet: float, random: Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    picture = empty(place).copy()
    boxes = draw(picture, people)
    soft = np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.6), dtype=np.uint8)
    return lit(soft, day, wet, random), boxes


def _walker(place: Place, number: int, second: float) -> Person:
    """Somebody who goes to and fro on a line across the place, each on his own line and at his own pace."""
    own = np.random.default_rng([place.seed, number])
    depth, reach = own.uniform(0.12, 0.95), own.uniform(0.1, 0.35)
    middle, period_s = own.uniform(0.2, 0.8), own.uniform(40, 140)
    phase = second / period_s + own.uniform()
    x = (middle + reach * math.sin(2 * math.pi * phase)) * WIDTH
    y = (place.horizon + (1 - place.horizon) * (depth + 0.04 * math.sin(4.1 * phase))) * HEIGHT
    height = place.person_height(y) * (CHILD if own.uniform() < 0.12 else own.uniform(0.92, 1.08))
    return Person(
        x, min(y, HEIGHT - 2), height, second * 6.5 + number, place.seed * 1000 + number, side=number % 3 > 0
    )


def _somebody(place: Place, random: Generator) -> Person:
    y = (place.horizon + (1 - place.horizon) * random.uniform(0.05, 1.1)) * HEIGHT
    height = place.person_height(y) * (CHILD if random.uniform() < 0.12 else random.uniform(0.9, 1.1))
    look, step = int(random.integers(1 << 30)), random.uniform(0, 2 * math.pi)
    return Person(random.uniform(0, 1) * WIDTH, y, height, step, look, side=bool(random.uniform() < 0.5))
