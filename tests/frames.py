"""Builders of frames and of eyes that see what a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from models.cameras.batch import Eyes, Glance
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason
from models.vision.detection import Detections
from models.vision.frame import Frame
from models.vision.motion import HEIGHT, WIDTH
from tests.builders import START_MS, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CAMERA = "cho"
BROKEN = b"broken"


def frame(second: float, people: int = 0, shade: int | None = None, **changed: Any) -> Frame:
    """The market `second` seconds after START_MS with so many people; the picture changes with each second.

    `shade` sets the grey of the picture, so that two frames may show the very same.
    """
    grey = int(second * 41) % 199 if shade is None else shade
    fields: dict[str, Any] = {
        "v": 1,
        "source": CAMERA,
        "seq": int(second * 10),
        "at": at(START_MS + round(second * 1000)),
        "content_type": "image/jpeg",
        "sealed": bytes([people, grey]),
    }
    return Frame(**(fields | changed))


def frames(*several: Frame | bytes, first: int = 0, **changed: Any) -> RawBatch:
    """Records of the market's partition; bytes stand as they are."""
    values = [one if isinstance(one, bytes) else msgspec.msgpack.encode(one) for one in several]
    stamps = [START_MS if isinstance(one, bytes) else round(one.at.timestamp() * 1000) for one in several]
    fields: dict[str, Any] = {
        "topic": "frames",
        "partition": partition_of(CAMERA),
        "offsets": [first + i for i in range(len(values))],
        "values": values,
        "keys": [None if isinstance(one, bytes) else one.source.encode() for one in several],
        "stamps_ms": stamps,
        "next_offset": first + len(values),
    }
    return RawBatch(**(fields | changed))


def tick(second: float, first: int = 0) -> RawBatch:
    """The clock told, nothing came."""
    return frames(first=first, tick_ms=START_MS + round(second * 1000))


def eyes(asked: list[int] | None = None) -> Eyes:
    """See `people` people side by side in the yard; `asked` notes how many pictures the net got each time."""

    def open_all(several: Sequence[Frame]) -> list[Glance | Refusal]:
        return [_open(frame) for frame in several]

    def detect(pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        if asked is not None:
            asked.append(len(pictures))
        return [in_the_yard(int(picture[0, 0, 0])) for picture in pictures]

    return Eyes(open_all, detect)


def in_the_yard(people: int) -> Detections:
    """So many boxes whose feet stand at 0.9 of the height."""
    left = np.linspace(0, 0.9, max(people, 1), dtype=np.float32)[:people]
    boxes = np.column_stack([left, np.full(people, 0.5), left + 0.05, np.full(people, 0.9)])
    return Detections(boxes.astype(np.float32), np.full(people, 0.9, np.float32), np.zeros(people, np.int64))


def _open(frame: Frame) -> Glance | Refusal:
    if frame.sealed == BROKEN:
        return Refusal(Reason.NOT_A_PICTURE, "hỏng", "broken")
    people, grey = frame.sealed
    picture = np.full((90, 160, 3), people, np.uint8)
    return Glance(picture, np.full((HEIGHT, WIDTH), grey, np.uint8))
