"""Where a camera looks: ground, buildings, stalls, things that are no people. Made once for a seed, then copied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

WIDTH, HEIGHT = 1280, 720
LEAST_SKY = 40
"""Rows above the horizon, below which no house would be seen."""
GROUNDS = {"yard": (132, 142, 150), "road": (104, 104, 106), "grass": (74, 112, 92), "earth": (104, 134, 164)}


@dataclass(frozen=True, slots=True)
class Place:
    """A camera's view.

    `horizon` is where the ground begins, `near` how tall a person at the lower rim is, both as fractions of the
    height: from these follows how tall one is anywhere.
    """

    seed: int
    ground: str
    horizon: float
    near: float
    stalls: int
    things: int

    def person_height(self, y: float) -> float:
        """Pixels of a grown person whose feet are at `y` pixels."""
        depth = (y / HEIGHT - self.horizon) / (1 - self.horizon)
        return HEIGHT * (0.07 + (self.near - 0.07) * max(0.0, depth))


MARKET = Place(seed=11, ground="yard", horizon=0.30, near=0.42, stalls=7, things=4)
ROAD = Place(seed=23, ground="road", horizon=0.36, near=0.38, stalls=1, things=6)


@lru_cache(maxsize=8)
def empty(place: Place) -> NDArray[np.uint8]:
    """The place by day without people, (HEIGHT, WIDTH, 3) BGR; copy it before drawing on it."""
    random = np.random.default_rng(place.seed)
    picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    line = round(place.horizon * HEIGHT)
    picture[:line] = np.linspace((214, 196, 176), (226, 220, 214), line)[:, None]
    shade = np.linspace(0.78, 1.08, HEIGHT - line)[:, None, None]
    picture[line:] = np.array(GROUNDS[place.ground], np.float32) * shade * _texture(random, HEIGHT - line)
    made: NDArray[np.uint8] = np.clip(picture, 0, 255).astype(np.uint8)
    if place.ground == "road":
        _lane(made, line)
    _houses(made, line, random)
    for _ in range(place.stalls):
        _stall(made, place, random)
    for _ in range(place.things):
        _thing(made, place, random)
    return np.asarray(cv2.GaussianBlur(made, (3, 3), 0.7), dtype=np.uint8)


def _texture(random: Generator, rows: int) -> NDArray[np.float32]:
    """Brightness of rough ground around 1: coarse stains and fine grain."""
    coarse = cv2.resize(random.normal(1, 0.06, (9, 16)).astype(np.float32), (WIDTH, rows))
    fine = cv2.resize(random.normal(0, 0.05, (rows // 2 + 1, WIDTH // 2)).astype(np.float32), (WIDTH, rows))
    found: NDArray[np.float32] = (coarse + fine)[..., None]
    return found


def _lane(picture: NDArray[np.uint8], line: int) -> None:
    for x in (0.14, 0.86):
        cv2.line(picture, (round((0.5 + (x - 0.5) * 0.25) * WIDTH), line), (round(x * WIDTH), HEIGHT), (190, 195, 200), 6,
                 cv2.LINE_AA)  # fmt: skip
    for k in range(5):
        y1, y2 = (line + (HEIGHT - line) * (k + part) ** 2 / 25 for part in (0.3, 0.75))
        cv2.line(
            picture, (WIDTH // 2, round(y1)), (WIDTH // 2, round(y2)), (190, 195, 200), 3 + k, cv2.LINE_AA
        )


def _houses(picture: NDArray[np.uint8], line: int, random: Generator) -> None:
    x = -20 if line > LEAST_SKY else WIDTH
    while x < WIDTH:
        wide, tall = int(random.integers(90, 240)), int(random.integers(line // 3, line - 10))
        colour = [int(part) for part in random.integers(110, 215, 3)]
        cv2.rectangle(picture, (x, line - tall), (x + wide, line + 4), colour, -1)
        cv2.rectangle(picture, (x, line - tall - 8), (x + wide, line - tall), (70, 80, 150), -1)
        for door in range(x + 14, x + wide - 30, 46):
            cv2.rectangle(picture, (door, line - tall + 20), (door + 24, line - tall + 60), (80, 75, 70), -1)
        x += wide + int(random.integers(0, 40))


def _stall(picture: NDArray[np.uint8], place: Place, random: Generator) -> None:
    """A table with goods under an awning, along the sides of the yard."""
    side = random.choice([-1, 1])
    y = (place.horizon + (1 - place.horizon) * random.uniform(0.05, 0.45)) * HEIGHT
    tall = place.person_height(y)
    x = WIDTH / 2 + side * WIDTH * random.uniform(0.28, 0.48)
    left, right, top = round(x - tall * 0.9), round(x + tall * 0.9), round(y - tall * 1.25)
    awning = [int(part) for part in random.integers(60, 225, 3)]
    for pole in (left, right):
        cv2.line(picture, (pole, top), (pole, round(y)), (90, 95, 100), max(2, round(tall * 0.03)))
    cv2.rectangle(picture, (left, round(y - tall * 0.45)), (right, round(y)), (70, 90, 120), -1)
    cv2.fillPoly(picture, [np.array([(left - 12, top + round(tall * 0.2)), (right + 12, top + round(tall * 0.2)),
                                     (right - 8, top), (left + 8, top)])], awning, cv2.LINE_AA)  # fmt: skip
    for _ in range(14):
        at = (int(random.integers(left, right)), round(y - tall * 0.47))
        cv2.circle(
            picture, at, max(2, round(tall * 0.05)), [int(part) for part in random.integers(40, 230, 3)], -1
        )


def _thing(picture: NDArray[np.uint8], place: Place, random: Generator) -> None:
    """A pole, a parked motorbike, a crate: what a net must not take for a person."""
    y = (place.horizon + (1 - place.horizon) * random.uniform(0.05, 0.8)) * HEIGHT
    tall, x = place.person_height(y), random.uniform(0.03, 0.97) * WIDTH
    kind = random.integers(3)
    if kind == 0:
        cv2.line(
            picture,
            (round(x), round(y)),
            (round(x), round(y - tall * 2.2)),
            (120, 125, 130),
            max(2, round(tall * 0.05)),
        )
    elif kind == 1:
        wheel = max(3, round(tall * 0.16))
        for dx in (-0.35, 0.35):
            cv2.circle(
                picture,
                (round(x + dx * tall), round(y - wheel)),
                wheel,
                (35, 35, 38),
                max(2, wheel // 4),
                cv2.LINE_AA,
            )
        body = [
            (x - 0.3 * tall, y - 0.25 * tall),
            (x + 0.2 * tall, y - 0.5 * tall),
            (x + 0.35 * tall, y - 0.2 * tall),
        ]
        colour = [int(part) for part in random.integers(40, 200, 3)]
        cv2.fillPoly(picture, [np.array(body).round().astype(np.int32)], colour, cv2.LINE_AA)
    else:
        side = round(tall * random.uniform(0.2, 0.5))
        cv2.rectangle(picture, (round(x), round(y) - side), (round(x) + side, round(y)), (80, 110, 140), -1)
