"""Where a view lies beside the learned one: to half a per cent of the width, and what is elsewhere is found there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.vision.look import COARSE, look
from models.vision.registration import alike, carried, elsewhere, placed

RANDOM = np.random.default_rng(3)
PLACE = cv2.resize(
    RANDOM.integers(40, 210, (40, 64, 3), dtype=np.uint8), (1600, 1000), interpolation=cv2.INTER_CUBIC
)
MARGIN = 160, 140


def seen(across: float = 0.0, down: float = 0.0, light: float = 1.0, seed: int = 1) -> np.ndarray:
    """The edges of a camera of 1280 x 720 whose picture lies so many pixels further right and down."""
    move = np.array([[1, 0, across - MARGIN[0]], [0, 1, down - MARGIN[1]]], np.float32)
    picture = cv2.warpAffine(PLACE, move, (1280, 720)) * light
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return look(np.clip(picture + noise, 0, 255).astype(np.uint8)).field


@pytest.mark.parametrize("light", [pytest.param(1.0, id="by day"), pytest.param(0.4, id="at dusk")])
@pytest.mark.parametrize(("across", "down"), [(0, 0), (2, 1), (5, -4), (-9, 6), (13, 0), (-15, -9), (18, 4)])
def test_a_small_shift_is_measured_to_half_a_per_cent(across: float, down: float, light: float) -> None:
    place = placed(seen(), seen(across, down, light, seed=2))

    assert place.shift[0] / COARSE[0] == pytest.approx(across / 1280, abs=0.005)
    assert place.shift[1] / COARSE[1] == pytest.approx(down / 720, abs=0.008)


@pytest.mark.parametrize(("across", "down"), [(64, 0), (128, -72), (-150, 100)])
def test_a_view_that_was_knocked_aside_is_found_where_it_is(across: float, down: float) -> None:
    place = placed(seen(), seen(across, down, seed=2))

    assert place.best > 1.25 * place.near
    assert place.away == (round(across / 16), round(down / 16))


def test_what_is_carried_back_agrees_again() -> None:
    own, now = seen(), seen(20, 8, seed=2)
    shift = placed(own, now, (1, 0)).shift

    assert alike(carried(own, shift), now) > alike(own, now) + 0.1


def test_a_view_in_place_has_no_quarter_elsewhere_and_a_turned_one_has() -> None:
    turn = cv2.getRotationMatrix2D((640, 360), 8, 1.0) @ np.array([[1, 0, -160], [0, 1, -140], [0, 0, 1]])
    turned = look(np.asarray(cv2.warpAffine(PLACE, turn, (1280, 720)), np.uint8)).field

    assert elsewhere(seen(), seen(light=0.4, seed=2), 5, 1.05) == 0
    assert elsewhere(seen(), turned, 5, 1.05) >= 3
