"""Fit a picture into a net's input without distorting it, and find the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GREY = 114
"""What both families of nets were trained to see beside the picture."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the picture lies in the net's input, in pixels."""

    left: int
    top: int
    width: int
    height: int


def fit(picture: tuple[int, int], net: tuple[int, int], *, centred: bool) -> Fit:
    """Place a picture of (width, height) in a net's input of (width, height).

    Ultralytics centres it, and rounds as here; YOLOX puts it at the top left and cuts fractions off.
    """
    scale = min(net[0] / picture[0], net[1] / picture[1])
    if not centred:
        return Fit(0, 0, int(picture[0] * scale), int(picture[1] * scale))
    width, height = round(picture[0] * scale), round(picture[1] * scale)
    left, top = round((net[0] - width) / 2 - 0.1), round((net[1] - height) / 2 - 0.1)
    return Fit(left, top, width, height)


def letterboxed(picture: NDArray[np.uint8], net: tuple[int, int], place: Fit) -> NDArray[np.uint8]:
    """The net's input (height, width, 3), grey beside the picture."""
    out = np.full((net[1], net[0], 3), GREY, np.uint8)
    inside = out[place.top : place.top + place.height, place.left : place.left + place.width]
    if inside.shape == picture.shape:
        inside[:] = picture
    else:
        inside[:] = cv2.resize(picture, (place.width, place.height), interpolation=cv2.INTER_LINEAR)
    return out


def fractions(boxes: NDArray[np.float32], place: Fit) -> NDArray[np.float32]:
    """Boxes (n, 4: x1, y1, x2, y2) in pixels of the net's input as fractions 0..1 of the picture."""
    shift = np.array([place.left, place.top] * 2, np.float32)
    scale = np.array([place.width, place.height] * 2, np.float32)
    inside: NDArray[np.float32] = np.clip((boxes - shift) / scale, 0, 1)
    return inside
