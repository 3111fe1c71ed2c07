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

    from models.vision.detection import Detections
    from models.vision.frame import Frame
    from models.vision.look import Look


@dataclass(slots=True)
class Glance:
    """A frame that was opened: its picture (h, w, 3, BGR) at the size needed, the small grey one, and its figures.

    Without `look` (a picture that only counts, in a test) nobody asks whether the camera sees.
    """

    picture: NDArray[np.uint8]
    thumb: NDArray[np.uint8]
    look: Look | None = None


@dataclass(frozen=True)
class Eyes:
    """How frames are seen; all that is slow is in these two, and both work on many frames at once.

    `glance`: frames -> a Glance or a Refusal each, in order. `detect`: pictures -> people each.
    """

    glance: Callable[[Sequence[Frame]], list[Glance | Refusal]]
    detect: Callable[[Sequence[NDArray[np.uint8]]], list[Detections]]


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """The picture of an alert's change, people pixelated; (alert, seq) is its key."""

    alert: str
    seq: int
    at: datetime
    camera: str
    people: int
    jpeg: bytes


class JudgedFrames(msgspec.Struct, gc=False):
    """What became of a batch: every frame is observed, still, rejected or a duplicate.

    `observed`, `still` and `duplicates` are source offsets, ascending; `origins` are those of
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
