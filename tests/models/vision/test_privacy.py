"""What is kept of a picture shows nobody."""

from __future__ import annotations

import numpy as np
import pytest

from models.vision.privacy import BLOCKS, WIDTH, pixelated


def chequered() -> np.ndarray:
    """Fine detail everywhere: one pixel black, one white."""
    return np.indices((720, 1280)).sum(axis=0)[..., None].repeat(3, axis=2).astype(np.uint8) // 4 % 2 * 255


def test_a_kept_picture_is_small() -> None:
    assert pixelated(chequered(), np.zeros((0, 4), np.float32)).shape == (360, WIDTH, 3)


def test_a_small_picture_is_not_blown_up() -> None:
    assert pixelated(np.zeros((90, 160, 3), np.uint8), np.zeros((0, 4), np.float32)).shape == (90, 160, 3)


def test_a_person_is_a_few_blocks() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    small = pixelated(picture, np.array([[0.4, 0.2, 0.6, 0.8]], np.float32))
    inside = small[150:200, 270:370]

    across = np.count_nonzero(np.any(np.diff(inside[0].astype(int), axis=0), axis=1))
    assert across <= BLOCKS


def test_the_picture_given_is_left_as_it_is() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (360, 640, 3), dtype=np.uint8)
    before = picture.copy()
    pixelated(picture, np.array([[0, 0, 1, 1]], np.float32))

    assert np.array_equal(picture, before)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param([-0.2, -0.2, 0.1, 0.1], id="over the corner"),
        pytest.param([0.9, 0.9, 1.3, 1.2], id="over the other corner"),
        pytest.param([0.5, 0.5, 0.5, 0.5], id="of no size"),
        pytest.param([0.5, 0.5, 0.5005, 0.5005], id="smaller than a pixel"),
    ],
)
def test_a_box_at_the_rim_stops_nothing(box: list[float]) -> None:
    assert pixelated(chequered(), np.array([box], np.float32)).shape == (360, WIDTH, 3)
