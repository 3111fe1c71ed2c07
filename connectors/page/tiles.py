"""Pictures of a tile server under the map, where the settings name one; without one the sketch alone is the map."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from connectors.page.frame import Frame

LEAST_PX = 180.0
"""A tile of 256 pixels is drawn no smaller: its letters could not be read."""
MOST = 40
"""Pictures on one map at most: a setting must not make a page of thousands."""
DEEPEST = 19


def origin(text: str) -> str:
    """What a page must allow for its pictures to be shown; empty without tiles.

    >>> origin("https://tiles.example:8443/{z}/{x}/{y}.png"), origin("")
    ('https://tiles.example:8443', '')
    """
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}" if text else ""


def pictures(text: str, frame: Frame, width: float, height: float) -> list[str]:
    """SVG images that cover `width` by `height` pixels of the frame; none without tiles, or where they would be too many."""
    if not text:
        return []
    west, north = frame.back(0, 0)
    east, south = frame.back(width, height)
    across = width / (east - west) * 360
    zoom = max(0, min(DEEPEST, math.floor(math.log2(across / LEAST_PX))))
    left, top = _column(west, zoom), _row(north, zoom)
    right, bottom = _column(east, zoom), _row(south, zoom)
    if (right - left + 1) * (bottom - top + 1) > MOST:
        return []
    found = []
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            x, y = frame((_longitude(column, zoom), _latitude(row, zoom)))
            to_x, to_y = frame((_longitude(column + 1, zoom), _latitude(row + 1, zoom)))
            link = text.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row))
            found.append(
                f'<image href="{escape(link)}" x="{x:.1f}" y="{y:.1f}" width="{to_x - x + 0.5:.1f}" height="{to_y - y + 0.5:.1f}" '
                'preserveAspectRatio="none"/>'
            )
    return found


def _column(longitude: float, zoom: int) -> int:
    return math.floor((longitude + 180) / 360 * (1 << zoom))


def _row(latitude: float, zoom: int) -> int:
    """Of Web Mercator (EPSG:3857), counted from the north."""
    return math.floor((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * (1 << zoom))


def _longitude(column: int, zoom: int) -> float:
    return column / (1 << zoom) * 360 - 180


def _latitude(row: int, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / (1 << zoom)))))
