"""A picture that may be kept: small, and every person in it pixelated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 640
"""A face of 40 pixels in 1080p is 13 here, also where the net has missed its owner."""
MARGIN = 0.1
"""Of the box, on every side: nets cut off hair and hands."""
BLOCKS = 6
"""A box keeps so many blocks across: clothes and posture, no face."""
QUALITY = 80


def pixelated(picture: NDArray[np.uint8], boxes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A copy at most WIDTH wide whose boxes (n, 4 fractions) are BLOCKS blocks across."""
    height, width = picture.shape[:2]
    scale = min(1.0, WIDTH / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    for x1, y1, x2, y2 in _pixels(boxes, *size):
        part = small[y1:y2, x1:x2]
        if part.size == 0:
            continue
        rows = max(1, min(part.shape[0], round(BLOCKS * part.shape[0] / part.shape[1])))
        coarse = cv2.resize(part, (min(BLOCKS, part.shape[1]), rows), interpolation=cv2.INTER_AREA)
        small[y1:y2, x1:x2] = cv2.resize(
            coarse, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_NEAREST
        )
    return small


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    """Encode a BGR picture."""
    done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        msg = f"no JPEG of a picture of {picture.shape}"
        raise ValueError(msg)
    return encoded.tobytes()


def _pixels(boxes: NDArray[np.float32], width: int, height: int) -> list[tuple[int, int, int, int]]:
    spans = boxes[:, 2:] - boxes[:, :2]
    wide = np.concatenate((boxes[:, :2] - MARGIN * spans, boxes[:, 2:] + MARGIN * spans), axis=1)
    scaled = np.clip(wide, 0, 1) * np.array([width, height, width, height], dtype=np.float32)
    return [
        (int(np.floor(x1)), int(np.floor(y1)), int(np.ceil(x2)), int(np.ceil(y2)))
        for x1, y1, x2, y2 in scaled
    ]
