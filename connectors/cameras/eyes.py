"""How the flow sees a frame: unseal, decode at the size needed, on all cores; then the detector."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from connectors.sealing import NotSealedByUsError, Seal
from models.cameras.batch import Eyes, Glance
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason
from models.vision.crowd_tiles import needed
from models.vision.frame import about
from models.vision.look import look
from models.vision.picture import open_jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.vision.detection import Detector
    from models.vision.frame import Frame


def eyes(seal: Seal, detector: Detector, threads: int) -> Eyes:
    """Decoding runs in `threads` threads: OpenCV and the cipher let go of the interpreter's lock."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="decode")
    size = detector.size

    def one(frame: Frame) -> Glance | Refusal:
        try:
            jpeg = seal.open(frame.sealed, about(frame.source))
        except NotSealedByUsError:
            vi = "Ảnh không được mã hóa bằng khóa của hệ thống, hoặc mang tên camera khác"
            en = "sealed: expected our key and this camera's name, found neither to fit"
            return Refusal(Reason.WRONG_SIGNATURE, vi, en)
        picture = open_jpeg(jpeg, size)
        if isinstance(picture, Refusal):
            return picture
        figures = look(picture)
        return Glance(picture, figures.thumb, figures)

    def several(frames: Sequence[Frame]) -> list[Glance | Refusal]:
        return list(pool.map(one, frames)) if len(frames) > 1 else [one(frame) for frame in frames]

    at_least = needed(size)

    def closer(frame: Frame) -> NDArray[np.uint8] | None:
        jpeg = seal.open(frame.sealed, about(frame.source))
        picture = open_jpeg(jpeg, at_least)
        return None if isinstance(picture, Refusal) else picture

    def all_closer(frames: Sequence[Frame]) -> list[NDArray[np.uint8] | None]:
        return list(pool.map(closer, frames))

    return Eyes(several, detector, closer=all_closer)
