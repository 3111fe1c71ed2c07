"""Labels that two larger nets agree on, for pictures that nobody has labelled.

What only one of them sees, and not surely, is neither a person nor the lack of one: it is greyed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.training.measure import matches
from models.vision.letterbox import GREY
from models.vision.nms import iou

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.detection import Detections, Detector

SURE, LIKELY, PERHAPS = 0.6, 0.35, 0.2
"""From SURE one net is enough; from LIKELY the other must see it too; below PERHAPS there is nothing."""
STAYS, SAME = 0.25, 0.7
"""What overlaps by SAME in a quarter of all frames does not walk: it is no person."""


@dataclass(slots=True)
class Labelled:
    """A picture (h, w, 3, BGR) and its people (n, 4), as fractions."""

    picture: NDArray[np.uint8]
    boxes: NDArray[np.float32]


def labelled(pictures: Sequence[NDArray[np.uint8]], first: Detector, second: Detector) -> list[Labelled]:
    """Label each picture by the agreement of two nets; the boxes are the first net's."""
    return [
        _agreed(picture, a, b)
        for picture, a, b in zip(pictures, first(pictures), second(pictures), strict=True)
    ]


def _agreed(picture: NDArray[np.uint8], a: Detections, b: Detections) -> Labelled:
    seen_twice = {i for i, _ in matches(a.boxes, b.boxes)}
    twice = np.isin(np.arange(len(a)), sorted(seen_twice))
    good = (a.scores >= SURE) | ((a.scores >= LIKELY) & twice)
    doubtful = [*a.boxes[~good & (a.scores >= PERHAPS)], *_only(b, a)]
    return Labelled(_greyed(picture, doubtful, a.boxes[good]), a.boxes[good])


def _only(b: Detections, a: Detections) -> list[NDArray[np.float32]]:
    """What the second net is sure of and the first does not see at all."""
    strong = b.boxes[b.scores >= SURE]
    if not len(a):
        return list(strong)
    return [one for one, best in zip(strong, iou(strong, a.boxes).max(axis=1), strict=True) if best < 0.3]


def _greyed(
    picture: NDArray[np.uint8], doubtful: Sequence[NDArray[np.float32]], good: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Cover what is in doubt, but never a person that is not."""
    out = picture.copy()
    height, width = picture.shape[:2]
    scale = np.array([width, height, width, height], np.float32)
    covered = np.zeros((height, width), np.bool_)
    for box in doubtful:
        x1, y1, x2, y2 = (box * scale).astype(int)
        covered[y1:y2, x1:x2] = True
    for box in good:
        x1, y1, x2, y2 = (box * scale).astype(int)
        covered[y1:y2, x1:x2] = False
    out[covered] = GREY
    return out


def standing(found: Sequence[Detections], least: float = PERHAPS) -> NDArray[np.float32]:
    """Boxes (n, 4) that stay in place through a quarter of all frames and more: things taken for people.

    Only detections are looked at, never a truth; people who wait for so long would be taken too.
    """
    places: list[NDArray[np.float32]] = []
    counts: list[int] = []
    for detections in found:
        for box in detections.boxes[detections.scores >= least]:
            near = iou(box[None], np.array(places, np.float32).reshape(-1, 4))[0]
            if near.size and near.max() >= SAME:
                counts[int(near.argmax())] += 1
            else:
                places.append(box)
                counts.append(1)
    still = [place for place, count in zip(places, counts, strict=True) if count >= STAYS * len(found)]
    return np.array(still, np.float32).reshape(-1, 4)


def without(labelled: Labelled, things: NDArray[np.float32]) -> Labelled:
    """The picture as it is, but what always stands there is no person in it."""
    if not len(labelled.boxes) or not len(things):
        return labelled
    return Labelled(labelled.picture, labelled.boxes[iou(labelled.boxes, things).max(axis=1) < SAME])
