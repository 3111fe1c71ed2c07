"""What a net's output means: recognised from its shape, decoded to boxes in pixels of the net's input."""

from __future__ import annotations

import enum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models.vision.detection import Detections
from models.vision.letterbox import Fit, fractions
from models.vision.nms import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

STRIDES = (8, 16, 32)
"""Pixels a cell, of every net here."""
_BOX = 4


class UnknownOutputError(ValueError):
    """The net's output is none of the kinds below."""


class Head(enum.StrEnum):
    """The kinds of output, with N cells of the three strides and c classes."""

    ANCHORS = "anchors"
    """YOLOv8, YOLO11: (1, 4 + c, N), centre, width, height, then class scores; needs suppression."""
    FINAL = "final"
    """YOLO26 and other end-to-end nets: (1, k, 6), corners, score, class, best first; needs none."""
    GRID = "grid"
    """YOLOX: (1, N, 5 + c), offsets from the cell, log sizes, objectness, class scores; needs suppression."""


def cells(size: tuple[int, int]) -> int:
    """How many cells a net of (width, height) has."""
    return sum((size[0] // stride) * (size[1] // stride) for stride in STRIDES)


def head(shape: Sequence[int], size: tuple[int, int]) -> Head:
    """Which kind an output of `shape` is, for a net whose input is `size` (width, height).

    UnknownOutputError says what was found and what would have been understood.
    """
    n = cells(size)
    if len(shape) == 3 and shape[0] == 1:
        if shape[2] == n and shape[1] > _BOX:
            return Head.ANCHORS
        if shape[1] == n and shape[2] > _BOX + 1:
            return Head.GRID
        if shape[2] == _BOX + 2 and shape[1] < n:
            return Head.FINAL
    known = f"(1, 4+c, {n}), (1, {n}, 5+c), (1, k, 6)"
    raise UnknownOutputError(
        f"Không hiểu đầu ra của mạng: {tuple(shape)} với ảnh {size[0]}x{size[1]}, hiểu được {known} "
        f"(the net's output was not understood: found {tuple(shape)}, expected one of {known})"
    )


def decode(
    kind: Head,
    output: NDArray[np.float32],
    size: tuple[int, int],
    place: Fit,
    *,
    least: float,
    classes: Sequence[int] | None,
    units: bool = False,
) -> Detections:
    """Detections of one picture from the net's `output` (1, ., .), best first.

    `least`: scores below are dropped. `classes`: only these; None is all. `units`: the net gives boxes as
    fractions of its input (the int8 tflite). A box that is not finite is dropped.
    """
    boxes, scores, labels = _DECODERS[kind](np.asarray(output[0], dtype=np.float32), size, least, classes)
    if units:
        boxes = boxes * np.array([*size, *size], np.float32)
    sane = np.isfinite(boxes).all(axis=1)
    boxes, scores, labels = boxes[sane], scores[sane], labels[sane]
    stay = np.argsort(-scores, kind="stable") if kind is Head.FINAL else kept(boxes, scores, labels)
    return Detections(fractions(boxes[stay], place), scores[stay], labels[stay])


_Found = tuple["NDArray[np.float32]", "NDArray[np.float32]", "NDArray[np.int64]"]


def _best(scores: NDArray[np.float32], least: float, classes: Sequence[int] | None) -> NDArray[np.int64]:
    """Cells (of (c, N) scores) whose best class is wanted and reaches `least`.

    Only the wanted classes are read for all N; the best of all c only for the few that are left.
    """
    wanted = scores if classes is None else scores[[kind for kind in classes if kind < len(scores)]]
    if not len(wanted):
        return np.zeros(0, np.int64)
    some = np.flatnonzero(wanted.max(axis=0) >= least)
    if classes is None:
        return some
    return some[np.isin(scores[:, some].argmax(axis=0), np.asarray(classes))]


def _corners(centre: NDArray[np.float32], extent: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate((centre - extent / 2, centre + extent / 2), axis=1)


def _anchors(
    out: NDArray[np.float32], _size: tuple[int, int], least: float, classes: Sequence[int] | None
) -> _Found:
    scores = out[_BOX:]
    some = _best(scores, least, classes)
    boxes, few = out[:_BOX, some].T, scores[:, some]
    return _corners(boxes[:, :2], boxes[:, 2:]), few.max(axis=0, initial=0), few.argmax(axis=0)


def _final(
    out: NDArray[np.float32], _size: tuple[int, int], least: float, classes: Sequence[int] | None
) -> _Found:
    labels = out[:, 5].astype(np.int64)
    some = out[:, 4] >= least
    if classes is not None:
        some &= np.isin(labels, np.asarray(classes))
    return out[some, :_BOX], out[some, 4], labels[some]


def _grid(
    out: NDArray[np.float32], size: tuple[int, int], least: float, classes: Sequence[int] | None
) -> _Found:
    scores = (out[:, _BOX + 1 :] * out[:, _BOX : _BOX + 1]).T
    some = _best(scores, least, classes)
    corner, stride = _cells(size)
    centre = (out[some, :2] + corner[some]) * stride[some]
    # A float32 overflows at e^88; e^20 pixels are no box already.
    extent = np.exp(np.minimum(out[some, 2:_BOX], 20)) * stride[some]
    few = scores[:, some]
    return _corners(centre, extent), few.max(axis=0, initial=0), few.argmax(axis=0)


@lru_cache(maxsize=8)
def _cells(size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row (N, 2) of each cell, and its stride (N, 1)."""
    corners, strides = [], []
    for stride in STRIDES:
        columns, rows = np.meshgrid(np.arange(size[0] // stride), np.arange(size[1] // stride))
        corners.append(np.column_stack((columns.ravel(), rows.ravel())))
        strides.append(np.full((columns.size, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(strides).astype(np.float32)


_DECODERS = {Head.ANCHORS: _anchors, Head.FINAL: _final, Head.GRID: _grid}
