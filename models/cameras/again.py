"""Which pictures of a batch are looked at a second time, in tiles: those of a crowd, once in a while."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.vision.crowd_tiles import AGAIN_MS, MANY, cut, merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.cameras.batch import Eyes
    from models.cameras.memory import CameraState
    from models.vision.detection import Detections
    from models.vision.frame import Frame

SURE = 0.35
"""A box counts from this score; all are pixelated. 0.4 was the best while one person was found twice; with suppression at 0.5 crowds that
are rendered and TUD-Campus lose fewer people at 0.35, and vtest is not worse."""

Seen = tuple["Frame", "CameraState", int, bool]
"""A frame, the memory of its camera, its event time, and whether what it shows is unknown."""


def sure(people: Detections) -> NDArray[np.float32]:
    """The boxes (n, 4) that count."""
    return people.boxes[people.scores >= SURE]


def again(eyes: Eyes, seen: Sequence[Seen], found: Sequence[Detections]) -> list[Detections]:
    """What is known of each picture: where it was looked at a second time what that found, with the first look beside it (`once`).

    A picture is worth it from MANY people on, and AGAIN_MS after the camera's last one: by event time alone, so that a replay decides
    the same however the frames are cut into batches.
    """
    out = list(found)
    if eyes.closer is None:
        return out
    due = [i for i, (one, people) in enumerate(zip(seen, found, strict=True)) if _due(one, people)]
    opened = eyes.closer([seen[i][0] for i in due]) if due else []
    pictures = [(i, picture) for i, picture in zip(due, opened, strict=True) if picture is not None]
    parts = [cut(picture) for _, picture in pictures]
    tiles = iter(eyes.detect([tile for part in parts for tile in part]) if parts else [])
    for (i, _), part in zip(pictures, parts, strict=True):
        out[i] = replace(merged(found[i], [next(tiles) for _ in part]), once=found[i])
    return out


def _due(seen: Seen, people: Detections) -> bool:
    _, state, at_ms, is_unknown = seen
    if is_unknown or at_ms - state.again_ms < AGAIN_MS or len(sure(people)) < MANY:
        return False
    state.again_ms = at_ms
    return True
