"""Still, moving, frozen: from small grey pictures, with the noise of real sensors."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.vision.motion import HEIGHT, WIDTH, Still, moved, stands

SIZE = (1080, 1920, 3)


def yard(seed: int = 1) -> np.ndarray:
    """A textured 1080p picture."""
    rough = np.random.default_rng(seed).integers(60, 190, (27, 48, 3), dtype=np.uint8)
    return cv2.resize(rough, (1920, 1080), interpolation=cv2.INTER_CUBIC)


def noisy(picture: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, sigma, SIZE)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def with_person(picture: np.ndarray, x: int = 900, height: int = 60) -> np.ndarray:
    changed = picture.copy()
    changed[500 : 500 + height, x : x + height // 3] = 20
    return changed


def thumb(picture: np.ndarray) -> np.ndarray:
    """The small grey picture that the rules compare, (HEIGHT, WIDTH)."""
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))


def encoded(picture: np.ndarray, quality: int) -> np.ndarray:
    done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))


@pytest.mark.parametrize("sigma", [2, 5, 10])
def test_the_noise_of_a_sensor_is_no_motion_and_no_frost(sigma: float) -> None:
    before, now = thumb(noisy(yard(), sigma, 1)), thumb(noisy(yard(), sigma, 2))

    assert not moved(before, now)
    assert not stands(Still(), before, now)


def test_a_person_who_comes_is_motion() -> None:
    assert moved(thumb(noisy(yard(), 5, 1)), thumb(noisy(with_person(yard()), 5, 2)))


def test_the_very_same_picture_is_frost() -> None:
    assert stands(Still(), thumb(yard()), thumb(yard()))


def test_the_same_picture_encoded_again_is_frost() -> None:
    assert stands(Still(), thumb(encoded(yard(), 85)), thumb(encoded(yard(), 85)))
