"""Dense crowds with their truth: a market's gate, a festival, people who wait for a boat."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.rehearsal.simulator.scene.light import lit
from infra.rehearsal.simulator.scene.people import Person, draw
from infra.rehearsal.simulator.scene.place import GROUNDS, HEIGHT, WIDTH, Place, empty

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

LEAST, MOST = 30, 60
"""People who can be seen: from where a count at 320 px misses most, to what fills a yard in the picture."""
GROUP = 6
"""People who stand together, on average; the others go alone."""


def crowd_scene(
    seed: int, least: int = LEAST, most: int = MOST
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Another place and crowd for each seed: picture (720, 1280, 3) BGR, boxes (n, 4) in pixels of those who can be seen.

    `least` <= n <= `most`. Who is hidden by more than three quarters counts for nobody (people.HIDDEN).
    """
    random = np.random.default_rng([seed, 19])
    place = Place(
        seed,
        str(random.choice(sorted(GROUNDS))),
        horizon=random.uniform(0.02, 0.3),
        near=random.uniform(0.2, 0.42),
        stalls=int(random.integers(0, 5)),
        things=int(random.integers(0, 5)),
    )
    day = 1.0 if random.uniform() < 0.75 else random.uniform(0.3, 1)
    wet = random.uniform(0, 0.7) if random.uniform() < 0.2 else 0.0
    picture, boxes = _drawn(place, _people(place, int(random.integers(least, most + 1)), random))
    while not least <= len(boxes) <= most:
        picture, boxes = _drawn(place, _people(place, int(random.integers(least, most + 12)), random))
    soft = np.asarray(cv2.GaussianBlur(picture, (3, 3), random.uniform(0.5, 1.0)), dtype=np.uint8)
    return lit(soft, day, wet, random), boxes


def _drawn(place: Place, people: list[Person]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    picture = empty(place).copy()
    return picture, draw(picture, people)


def _people(place: Place, number: int, random: Generator) -> list[Person]:
    """Groups around their middles, so that people stand before one another as in a real crowd."""
    found: list[Person] = []
    while len(found) < number:
        x, depth = random.uniform(0.03, 0.97), random.uniform(0.03, 0.92)
        for _ in range(int(random.integers(1, 2 * GROUP))):
            if len(found) == number:
                break
            at = max(0.02, depth + random.normal(0, 0.05))
            y = min((place.horizon + (1 - place.horizon) * at) * HEIGHT, HEIGHT - 2)
            tall = place.person_height(y) * random.uniform(0.88, 1.08)
            # A metre and a half of ground, as wide as a person there is tall, more or less.
            middle = x * WIDTH + random.normal(0, 0.9) * tall
            step, look = random.uniform(0, 2 * math.pi), int(random.integers(1 << 30))
            found.append(Person(middle, y, tall, step, look, side=bool(random.uniform() < 0.4)))
    return found
