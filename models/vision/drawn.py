"""The picture of an alert as it is kept: small, people and plates pixelated, and the water of its zone outlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.vision.cells import COLUMNS, ROWS, cells
from models.vision.plates import plates
from models.vision.privacy import pixelated
from models.vision.water import water

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone

ZONE, WATER = (255, 255, 255), (235, 160, 30)
"""BGR: the zone's rim white, its water blue."""


def kept(looked: Looked, zone: Zone, people: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A copy at most 640 pixels wide; `people`: boxes (n, 4) in fractions, of all that may be people."""
    small = pixelated(looked.picture, people)
    small = pixelated(small, plates(small))
    wet = water(zone, looked)
    if wet is not None:
        _outline(small, zone, wet.cells)
    return small


def _outline(picture: NDArray[np.uint8], zone: Zone, wet: NDArray[np.float32]) -> None:
    height, width = picture.shape[:2]
    raster = cells(zone)
    left, top, right, bottom = raster.box
    shape = np.where(raster.inside, wet >= 0.5, False).reshape(ROWS, COLUMNS).astype(np.uint8)
    x1, y1 = int(left * width), int(top * height)
    x2, y2 = max(x1 + 1, round(right * width)), max(y1 + 1, round(bottom * height))
    mask = np.zeros((height, width), np.uint8)
    mask[y1:y2, x1:x2] = cv2.resize(shape, (x2 - x1, y2 - y1), interpolation=cv2.INTER_NEAREST)[
        : height - y1, : width - x1
    ]
    corners = np.array(
        [[(round(x * (width - 1)), round(y * (height - 1))) for x, y in zone.polygon]], np.int32
    )
    cv2.polylines(picture, list(corners), True, ZONE, 1, cv2.LINE_AA)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(picture, contours, -1, WATER, 2, cv2.LINE_AA)
