"""A sheet of photographs to draw on: each under a grid of thousandths, with the label it has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.labelling.label import WHOLE, mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from infra.lab.labelling.label import Label

WIDTH = 960
GRID = 100
RIM = 26
"""Pixels at the upper and left rim for the numbers of the grid."""


def sheet(
    pictures: Sequence[tuple[str, NDArray[np.uint8], Label | None]], *, grid: bool = True
) -> NDArray[np.uint8]:
    """Photographs (BGR) side by side, two a row."""
    cells = [_cell(name, picture, label, grid=grid) for name, picture, label in pictures]
    columns = min(2, len(cells))
    rows = math.ceil(len(cells) / columns)
    height, width = max(cell.shape[0] for cell in cells), max(cell.shape[1] for cell in cells)
    out = np.full((rows * height, columns * width, 3), 40, np.uint8)
    for i, cell in enumerate(cells):
        y, x = i // columns * height, i % columns * width
        out[y : y + cell.shape[0], x : x + cell.shape[1]] = cell
    return out


def _cell(name: str, picture: NDArray[np.uint8], label: Label | None, *, grid: bool) -> NDArray[np.uint8]:
    import cv2

    scale = WIDTH / max(picture.shape[1], picture.shape[0] * 4 / 3)
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    shown = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    if label is not None:
        shown = _drawn(shown, label)
    if grid:
        shown = _ruled(shown)
    out = np.full((size[1] + RIM, size[0] + RIM, 3), 255, np.uint8)
    out[RIM:, RIM:] = shown
    for step in range(0, WHOLE + 1, GRID):
        x, y = RIM + round(step * size[0] / WHOLE), RIM + round(step * size[1] / WHOLE)
        _text(out, str(step), (min(x - 8, out.shape[1] - 34), 24), 0.36)
        _text(out, str(step), (0, min(y + 4, out.shape[0] - 2)), 0.33)
    _text(out, name, (40, 11), 0.42)
    return out


def _text(out: NDArray[np.uint8], text: str, at: tuple[int, int], size: float) -> None:
    import cv2

    cv2.putText(out, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (0, 0, 160), 1, cv2.LINE_AA)


def _ruled(shown: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    lines = shown.copy()
    height, width = shown.shape[:2]
    for step in range(GRID // 2, WHOLE, GRID // 2):
        x, y = round(step * width / WHOLE), round(step * height / WHOLE)
        strong = step % GRID == 0
        colour = (255, 255, 255) if strong else (200, 200, 120)
        cv2.line(lines, (x, 0), (x, height), colour, 1)
        cv2.line(lines, (0, y), (width, y), colour, 1)
    return np.asarray(cv2.addWeighted(lines, 0.4, shown, 0.6, 0), np.uint8)


def _drawn(shown: NDArray[np.uint8], label: Label) -> NDArray[np.uint8]:
    import cv2

    water = mask(label, (shown.shape[1], shown.shape[0]))
    tinted = shown.copy()
    tinted[water] = (tinted[water] * 0.7 + np.asarray((255, 120, 0)) * 0.3).astype(np.uint8)
    edges, _ = cv2.findContours(water.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(tinted, edges, -1, (0, 0, 255), 2)
    return tinted
