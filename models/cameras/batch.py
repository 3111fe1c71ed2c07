"""What becomes of a batch of frames, and how a frame is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange
from models.envelope.reading import Observation
from models.envelope.refusal import Refusal
from models.envelope.rejected import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.cameras.pace import Pace
    from models.vision.detection import Detections
    from models.vision.frame import Frame
    from models.vision.look import Look
    from models.vision.taught import Taught


@dataclass(slots=True)
class Glance:
    """A frame that was opened: its picture (h, w, 3, BGR) at the size needed, the small grey one, and its figures.

    Without `look` (a picture that only counts, in a test) nobody asks whether the camera sees.
    """

    picture: NDArray[np.uint8]
    thumb: NDArray[np.uint8]
    look: Look | None = None


def everything(frames: Sequence[Frame]) -> list[bool]:
    """Every frame is worth a look."""
    return [True] * len(frames)


def nobody_taught(_camera: str) -> Taught | None:
    """No camera has been taught."""
    return None


@dataclass(frozen=True)
class Eyes:
    """How frames are seen; all that is slow is in these, and they work on many frames at once.

    `glance`: frames -> a Glance or a Refusal each, in order. `detect`: pictures -> people each. `admit`: whether each frame is
    looked at at all (models/cameras/pace.py); `paces`: who is looked at how often, when there is news of it. `segment`: pictures -> the probability of
    water on a grid over each (rows, columns); None: there is no net that finds water. `taught`: camera -> what it was taught, as of now.
    `closer`: frames -> their pictures at the
    size that a second look in tiles needs (models/vision/crowd_tiles.py), None where one cannot be opened; without it nobody looks again.
    """

    glance: Callable[[Sequence[Frame]], list[Glance | Refusal]]
    detect: Callable[[Sequence[NDArray[np.uint8]]], list[Detections]]
    segment: Callable[[Sequence[NDArray[np.uint8]]], list[NDArray[np.float32]]] | None = None
    taught: Callable[[str], Taught | None] = nobody_taught
    admit: Callable[[Sequence[Frame]], list[bool]] = everything
    paces: Callable[[], list[Pace]] = list
    closer: Callable[[Sequence[Frame]], list[NDArray[np.uint8] | None]] | None = None


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """The picture of an alert's change, people pixelated; (alert, seq) is its key."""

    alert: str
    seq: int
    at: datetime
    camera: str
    people: int
    jpeg: bytes


class CameraPicture(msgspec.Struct, frozen=True, gc=False):
    """The newest picture of a camera (JPEG), people and plates pixelated; `caption`: what is known of its water, in Vietnamese."""

    camera: str
    at: datetime
    jpeg: bytes
    caption: str


class JudgedFrames(msgspec.Struct, gc=False):
    """What became of a batch: every frame is observed, still, rejected, a duplicate, or passed over because the machine does not hold all.

    `observed`, `still`, `duplicates` and `passed` are source offsets, ascending; `origins` are those of
    `observations` (a frame gives one for each zone). `first_offset` is the batch's first: what lies
    between it and the place reached before was dropped, because it was too old to be worth a look. `now_ms` is when the last of it
    came; all that came until `complete_ms` has been watched (0: the batch does not say).
    """

    topic: str
    partition: int
    first_offset: int
    next_offset: int
    read: int
    observations: list[Observation]
    origins: list[int]
    changes: list[AlertChange]
    snapshots: list[Snapshot]
    rejected: list[Rejected]
    observed: list[int]
    still: list[int]
    duplicates: list[int]
    now_ms: int = 0
    complete_ms: int = 0
    passed: list[int] = []
    paces: list[Pace] = []
    pictures: list[CameraPicture] = []
