"""What a detector is: a function from a batch of pictures to detections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(slots=True)
class Detections:
    """What was found in one picture, best first.

    `boxes` (n, 4) float32: x1, y1, x2, y2 as fractions 0..1 of the picture; `scores` (n,) float32 in 0..1;
    `classes` (n,) int64, as the net numbers them.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    classes: NDArray[np.int64]
    once: Detections | None = None
    """What the first look found, where this is what a second one did (models/cameras/again.py)."""

    @staticmethod
    def none() -> Detections:
        """Nothing was found."""
        return Detections(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.scores)


class Detector(Protocol):
    """A net behind one engine or another; `size` is (width, height) of what it looks at, in pixels."""

    @property
    def name(self) -> str:
        """The weights and the engine, for people."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the net's input."""
        ...

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """Detections of each picture (h, w, 3, BGR, any size), in order."""
        ...
