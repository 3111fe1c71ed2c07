"""Where number plates may be in a small picture, by classical means: many upright edges close together in a low rectangle.

There is no net for plates here. This finds what could be read, and signs and railings too, which then are pixelated for nothing; it misses plates
that are turned by more than about 20 degrees, and those without light. Those are a few pixels high in a kept picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EDGE = 60
"""Sobel's answer across: letters of a plate that can be read differ from its ground by 40 levels and more."""
JOIN = (9, 3)
"""Letters of a plate stand closer than 9 pixels in a picture 640 wide."""
LEAST, MOST = (12, 6), (200, 60)
"""Width and height, in pixels of 640: below the first no letter can be read, above the second it is a hoarding."""
RATIOS = (1.1, 7.0)
"""Vietnamese plates: 1.36 (motorcycles, two lines), 2.0 (cars, two lines), 4.3 and 4.7 (long)."""
FILLED, EDGES = 0.5, 0.2
"""Of the rectangle, by the joined shape; and by edges themselves."""
MOST_PLATES = 40
"""The densest ones are kept; a picture full of leaves has hundreds."""


def plates(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Boxes (n, 4: x1, y1, x2, y2), fractions of a BGR picture about 640 pixels wide."""
    height, width = picture.shape[:2]
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    strong = (np.abs(cv2.Sobel(grey, cv2.CV_16S, 1, 0)) > EDGE).astype(np.uint8)
    joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((JOIN[1], JOIN[0]), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for x, y, w, h, area in stats[1:count]:
        if not (LEAST[0] <= w <= MOST[0] and LEAST[1] <= h <= MOST[1] and RATIOS[0] <= w / h <= RATIOS[1]):
            continue
        edges = float(strong[y : y + h, x : x + w].mean())
        if area >= FILLED * w * h and edges >= EDGES:
            found.append((edges, (x / width, y / height, (x + w) / width, (y + h) / height)))
    found.sort(reverse=True)
    return np.array([box for _, box in found[:MOST_PLATES]], np.float32).reshape(-1, 4)
