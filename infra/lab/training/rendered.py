"""Rendered pictures with exact labels: random places, and the two cameras of the storm day at all hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infra.lab.training.labels import Labelled
from infra.rehearsal.simulator.scene.camera import VIEWS, random_scene, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RANDOM, HOURS = 600, 90
"""Random places, and moments of each of the two cameras."""
FIRST_SEED = 1000


def rendered() -> Iterator[Labelled]:
    """Pictures at half their size: the net looks at 320 pixels."""
    for seed in range(FIRST_SEED, FIRST_SEED + RANDOM):
        yield _labelled(*random_scene(seed))
    for view in VIEWS.values():
        # Not the moments that the demo shows: it plays whole multiples of 432 s.
        for second in np.linspace(5 * 3600, 20 * 3600, HOURS) + 97:
            yield _labelled(*render(view, float(second)))


def _labelled(picture: NDArray[np.uint8], boxes: NDArray[np.float32]) -> Labelled:
    import cv2

    height, width = picture.shape[:2]
    small = np.asarray(cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    return Labelled(small, (boxes / np.array([width, height, width, height])).astype(np.float32))
