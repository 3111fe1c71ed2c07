"""Where number plates may be: found and pixelated, and what is too small to be read is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.vision import privacy
from models.vision.plates import MOST_PLATES, plates


def street(plate: tuple[int, int] = (60, 22), at: tuple[int, int] = (300, 200)) -> np.ndarray:
    """A dim grey street (360, 640) with a plate of that size; its letters dark on white."""
    picture = np.full((360, 640, 3), 90, np.uint8)
    width, height = plate
    x, y = at
    picture[y : y + height, x : x + width] = 230
    scale = height / 30
    cv2.putText(
        picture,
        "75A12345"[: max(3, width // 8)],
        (x + 2, y + height - height // 4),
        cv2.FONT_HERSHEY_SIMPLEX,
        scale,
        (20, 20, 20),
        2,
    )
    return picture


def covers(boxes: np.ndarray, x: float, y: float) -> bool:
    return any(x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in boxes)


@pytest.mark.parametrize("plate", [(60, 14), (80, 20), (40, 26), (110, 26)], ids=str)
def test_a_plate_is_found_whatever_its_form(plate: tuple[int, int]) -> None:
    found = plates(street(plate))

    assert covers(found, (300 + plate[0] / 2) / 640, (200 + plate[1] / 2) / 360)


def test_a_plain_wall_has_none() -> None:
    assert len(plates(np.full((360, 640, 3), 120, np.uint8))) == 0


def test_letters_can_no_longer_be_read() -> None:
    picture = street((80, 22))
    hidden = privacy.pixelated(picture, plates(picture))
    before, after = (each[200:222, 300:380].astype(int) for each in (picture, hidden))
    # Within a block there is one colour: the steps between neighbours are mostly gone.
    steps = [int((np.abs(np.diff(each[:, :, 0], axis=1)) > 40).sum()) for each in (before, after)]

    assert steps[1] < steps[0] / 3


def test_a_picture_full_of_edges_gives_no_more_than_so_many() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (360, 640, 3), dtype=np.uint8)

    assert len(plates(noise)) <= MOST_PLATES
