"""How good a detector is: boxes against boxes, and counts against counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.vision.nms import iou

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from models.vision.detection import Detections

MATCH = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of boxes at IoU 0.5, 0..1."""

    precision: float
    recall: float
    f1: float


def frames(film: Path, first: int, last: int) -> Iterator[NDArray[np.uint8]]:
    """Frames `first`..`last` of a film, counted from 1, as BGR."""
    import cv2

    tape = cv2.VideoCapture(str(film))
    for number in range(1, last + 1):
        good, picture = tape.read()
        if not good:
            break
        if number >= first:
            yield np.asarray(picture, dtype=np.uint8)
    tape.release()


def sure(found: Detections, least: float) -> NDArray[np.float32]:
    """The boxes (n, 4) that reach `least`."""
    return found.boxes[found.scores >= least]


def matches(a: NDArray[np.float32], b: NDArray[np.float32], least: float = MATCH) -> list[tuple[int, int]]:
    """Pairs (i, j) of boxes that are one, each used once, the greatest overlap first."""
    overlap = iou(a, b)
    pairs = []
    while overlap.size and overlap.max() >= least:
        i, j = divmod(int(overlap.argmax()), overlap.shape[1])
        pairs.append((i, j))
        overlap[i, :], overlap[:, j] = -1, -1
    return pairs


def score(found: Sequence[NDArray[np.float32]], true: Sequence[NDArray[np.float32]]) -> Score:
    """Of all frames together."""
    hits = sum(len(matches(a, b)) for a, b in zip(found, true, strict=True))
    precision = hits / max(1, sum(map(len, found)))
    recall = hits / max(1, sum(map(len, true)))
    return Score(precision, recall, 2 * precision * recall / max(1e-9, precision + recall))


def count_error(found: Sequence[int], true: Sequence[int]) -> float:
    """Mean absolute error of counts, in people a frame."""
    return float(np.mean(np.abs(np.asarray(found) - np.asarray(true))))
