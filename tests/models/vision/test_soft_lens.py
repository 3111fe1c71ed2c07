"""A soft lens is its camera's own: defocus is what is far softer than that, and no blur of a camera that was never sharper."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from models.vision.eye import in_itself
from models.vision.look import Look, look
from models.vision.sight import LEARN, Sight, judge

ROUGH = np.random.default_rng(4).integers(40, 210, (27, 48, 3), dtype=np.uint8)
PLACE = np.asarray(cv2.resize(ROUGH, (640, 360), interpolation=cv2.INTER_CUBIC))


def seen(sharp: float, seed: int = 1) -> Look:
    """One place, and how sharp its strongest edges are beside the coarse ones."""
    noise = np.random.default_rng(seed).normal(0, 2, PLACE.shape)
    figures = look(np.clip(PLACE + noise, 0, 255).astype(np.uint8))
    return replace(figures, sharp=sharp, edges=60.0)


def learned(sharp: float) -> Sight:
    sight = Sight()
    for i in range(LEARN + 5):
        assert judge(sight, seen(sharp, i), 1000 * i) is None
    return sight


@pytest.mark.parametrize(
    ("own", "now", "is_blurred"),
    [
        pytest.param(0.47, 0.41, False, id="a soft lens on a bad day"),
        pytest.param(0.47, 0.35, True, id="a soft lens out of focus"),
        pytest.param(0.8, 0.5, False, id="a sharp lens in haze"),
        pytest.param(0.8, 0.42, True, id="a sharp lens out of focus by 9 pixels"),
    ],
)
def test_defocus_is_told_beside_what_the_lens_can_do(own: float, now: float, is_blurred: bool) -> None:
    found = judge(learned(own), seen(now, 99), 30_000)

    assert (found is not None and found.why.en.startswith("blurred")) is is_blurred


def test_of_a_camera_that_was_never_seen_only_slopes_tell() -> None:
    assert in_itself(seen(0.42)) is None
    assert in_itself(seen(0.36)) is not None
