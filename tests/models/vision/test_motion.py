"""Still, moving, frozen: from small grey pictures, with the noise of real sensors."""

from __future__ import annotations

import itertools

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


CLOCKS = [
    pytest.param((30, 70), 1.6, id="upper left"),
    pytest.param((1180, 1050), 1.6, id="lower right"),
    pytest.param((900, 560), 1.2, id="in the middle"),
    pytest.param((20, 540), 2.2, id="left, large"),
    pytest.param((760, 300), 3.0, id="in the upper half, very large"),
]


def with_clock(picture: np.ndarray, second: int, at: tuple[int, int], scale: float) -> np.ndarray:
    changed = picture.copy()
    text = f"2026-11-26 07:{second // 60:02d}:{second % 60:02d}"
    for colour, thick in ((0, 8), (255, 3)):
        cv2.putText(changed, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, (colour,) * 3, thick)
    return changed


@pytest.mark.parametrize(("at", "scale"), CLOCKS)
def test_a_clock_that_runs_anywhere_is_no_sign_of_life(at: tuple[int, int], scale: float) -> None:
    still = Still()
    seen = [thumb(encoded(with_clock(yard(), second, at, scale), 85)) for second in range(7)]

    assert all(stands(still, before, now) for before, now in itertools.pairwise(seen))


def test_a_clock_before_a_living_picture_is_no_frost() -> None:
    still = Still()
    seen = [thumb(noisy(with_clock(yard(), second, (30, 70), 1.6), 1, second)) for second in range(4)]

    assert not any(stands(still, before, now) for before, now in itertools.pairwise(seen))


def test_one_picture_that_is_encoded_now_better_now_worse_is_frost() -> None:
    still = Still()
    seen = [thumb(encoded(yard(), (80, 86, 91)[i % 3])) for i in range(13)]
    same = [stands(still, seen[i - 1], seen[i], 1000 * i) for i in range(1, 13)]

    assert all(same[5:])


@pytest.mark.parametrize("sigma", [0.3, 1])
def test_the_least_noise_of_a_sensor_through_its_encoder_is_no_frost(sigma: float) -> None:
    still = Still()
    seen = [thumb(encoded(noisy(yard(), sigma, i), 85)) for i in range(6)]

    assert not any(stands(still, seen[i - 1], seen[i], 1000 * i) for i in range(1, 6))


def test_somebody_who_walks_before_a_picture_without_noise_is_no_clock() -> None:
    still = Still()
    seen = [thumb(with_person(yard(), 100 + 120 * i, 300)) for i in range(12)]
    same = [stands(still, seen[i - 1], seen[i], 1000 * i) for i in range(1, 12)]

    assert not all(same)


def test_the_memory_of_the_version_before_is_taken() -> None:
    still = Still()
    still.__setstate__((None, {"changing": None, "times": 3}))

    assert (still.times, still.kept, still.flickers) == (3, None, 0)
