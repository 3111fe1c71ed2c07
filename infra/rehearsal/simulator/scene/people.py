"""Walking people as a camera above the street sees them: drawn far to near, each with its box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colour = tuple[int, int, int]
SKIN: tuple[Colour, ...] = ((120, 150, 198), (96, 128, 176), (140, 172, 214))
HAIR: Colour = (28, 26, 30)
STRAW: Colour = (140, 190, 212)
SHIRTS: tuple[Colour, ...] = (
    (60, 60, 160), (150, 90, 50), (70, 130, 70), (190, 190, 195), (45, 45, 50), (120, 60, 120), (50, 140, 190),
    (170, 150, 90), (90, 100, 180), (210, 205, 190),
)  # fmt: skip
TROUSERS: tuple[Colour, ...] = ((60, 45, 40), (35, 35, 38), (90, 80, 70), (110, 80, 50), (50, 60, 75))
HIDDEN = 0.75
"""Who is covered more than this by people in front of them is not in the truth: nobody could see them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Where the feet are (pixels), how tall (pixels), which moment of the step (radians), and what is worn."""

    x: float
    y: float
    height: float
    step: float
    look: int
    """Chooses clothes, hair, hat, build: any number."""
    side: bool = False
    """Seen from the side: the legs swing in the picture's plane."""


def draw(picture: NDArray[np.uint8], people: list[Person]) -> NDArray[np.float32]:
    """Draw all, the farthest first; boxes (n, 4: x1, y1, x2, y2 pixels) of those who can be seen."""
    several = sorted(people, key=lambda person: person.y)
    boxes = np.array([_draw(picture, person) for person in several], np.float32).reshape(-1, 4)
    height, width = picture.shape[:2]
    clipped = np.clip(boxes, 0, [width, height, width, height]).astype(np.float32)
    return clipped[_visible(boxes, clipped)]


def _visible(boxes: NDArray[np.float32], clipped: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Half of the box is in the picture, and a quarter of it in front of the others (who come later)."""
    areas = np.maximum(_area(boxes), 1)
    seen = _area(clipped) / areas > 0.5
    for i in range(len(boxes)):
        for front in clipped[i + 1 :]:
            corner = np.maximum(clipped[i, :2], front[:2])
            overlap = np.maximum(np.minimum(clipped[i, 2:], front[2:]) - corner, 0).prod()
            seen[i] &= overlap / areas[i] < HIDDEN
    return seen


def _area(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    sides: NDArray[np.float32] = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return sides[:, 0] * sides[:, 1]


def _draw(picture: NDArray[np.uint8], person: Person) -> tuple[float, float, float, float]:
    """One person; heads are an eighth of the height, hips at half of it, as in people."""
    look = np.random.default_rng(person.look)
    tall, build = person.height, person.height * look.uniform(0.085, 0.115)
    hip, shoulder, head = person.y - 0.50 * tall, person.y - 0.81 * tall, person.y - 0.91 * tall
    shirt, trousers = SHIRTS[look.integers(len(SHIRTS))], TROUSERS[look.integers(len(TROUSERS))]
    skin, hat, bag = SKIN[look.integers(len(SKIN))], look.uniform(), look.uniform() < 0.3
    swing = math.sin(person.step) * tall * (0.16 if person.side else 0.045)
    lean = math.cos(person.step) * tall * 0.01
    _shadow(picture, person)
    limb = max(1, round(build * 0.75))
    for sign in (-1, 1):
        foot = (
            person.x + sign * swing + sign * build * 0.35,
            person.y - (tall * 0.03 if sign * swing > 0 else 0),
        )
        knee = (person.x + sign * swing * 0.55 + sign * build * 0.4, person.y - 0.27 * tall)
        _limb(picture, [(person.x + sign * build * 0.45, hip), knee, foot], trousers, limb)
        _limb(picture, [foot, (foot[0] + tall * 0.03, foot[1])], (30, 30, 30), max(1, limb // 2))
    for sign in (-1, 1):
        hand = (person.x - sign * swing * 0.8 + sign * build * 1.25, hip + 0.03 * tall)
        elbow = (person.x - sign * swing * 0.3 + sign * build * 1.25, (shoulder + hip) / 2 + 0.02 * tall)
        _limb(
            picture,
            [(person.x + sign * build, shoulder + 0.03 * tall), elbow],
            shirt,
            max(1, round(limb * 0.7)),
        )
        _limb(picture, [elbow, hand], skin, max(1, round(limb * 0.55)))
    body = [
        (person.x - build * 1.1 + lean, shoulder), (person.x + build * 1.1 + lean, shoulder),
        (person.x + build * 0.9, hip + 0.03 * tall), (person.x - build * 0.9, hip + 0.03 * tall),
    ]  # fmt: skip
    _polygon(picture, body, shirt)
    _polygon(
        picture,
        [body[1], body[2], (person.x + build * 0.3, hip), (person.x + build * 0.5, shoulder)],
        _dark(shirt),
    )
    if bag:
        _polygon(picture, [(person.x + build, hip - 0.1 * tall), (person.x + build * 2, hip - 0.1 * tall),
                           (person.x + build * 1.9, hip + 0.08 * tall), (person.x + build, hip + 0.08 * tall)],
                 SHIRTS[look.integers(len(SHIRTS))])  # fmt: skip
    top = _head(picture, (person.x + lean, head), tall * 0.068, skin, hat)
    wide = max(build * 1.9, abs(swing) + build)
    return person.x - wide, top, person.x + wide, person.y + tall * 0.015


def _head(
    picture: NDArray[np.uint8], at: tuple[float, float], radius: float, skin: Colour, hat: float
) -> float:
    """Neck, face, hair; a third wears the conical hat, some an umbrella's shade. The top's y."""
    x, y = at
    _limb(picture, [(x, y), (x, y + radius * 1.9)], _dark(skin), max(1, round(radius * 0.9)))
    _ellipse(picture, (x, y), (radius * 0.85, radius * 1.1), skin)
    if hat < 0.3:
        _polygon(picture, [(x - radius * 2.3, y - radius * 0.1), (x, y - radius * 2.1), (x + radius * 2.3, y - radius * 0.1)],
                 STRAW)  # fmt: skip
        return y - radius * 2.1
    _ellipse(
        picture, (x, y - radius * 0.45), (radius * 0.9, radius * 0.75), HAIR if hat < 0.9 else (150, 150, 155)
    )
    return y - radius * 1.2


def _shadow(picture: NDArray[np.uint8], person: Person) -> None:
    x, y, w, h = (round(v) for v in (person.x, person.y, person.height * 0.16, person.height * 0.035))
    y1, y2, x1, x2 = max(0, y - h), max(0, y + h + 1), max(0, x - w), max(0, x + w + 1)
    part = picture[y1:y2, x1:x2]
    if part.size:
        part[:] = (part * np.float32(0.72)).astype(np.uint8)


def _limb(picture: NDArray[np.uint8], points: list[tuple[float, float]], colour: Colour, width: int) -> None:
    corners = np.array(points) * 8
    cv2.polylines(picture, [corners.round().astype(np.int32)], isClosed=False, color=colour, thickness=width,
                  lineType=cv2.LINE_AA, shift=3)  # fmt: skip


def _polygon(picture: NDArray[np.uint8], points: list[tuple[float, float]], colour: Colour) -> None:
    cv2.fillPoly(picture, [(np.array(points) * 8).round().astype(np.int32)], colour, cv2.LINE_AA, 3)


def _ellipse(
    picture: NDArray[np.uint8], at: tuple[float, float], axes: tuple[float, float], colour: Colour
) -> None:
    centre, sizes = (tuple(round(v * 8) for v in pair) for pair in (at, axes))
    cv2.ellipse(picture, centre, sizes, 0, 0, 360, colour, -1, cv2.LINE_AA, 3)


def _dark(colour: Colour) -> Colour:
    return tuple(round(part * 0.75) for part in colour)  # type: ignore[return-value] # three parts
