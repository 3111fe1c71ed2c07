"""What a segmenter is: a function from a batch of pictures to where in each of them water is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.letterbox import Fit


class Segmenter(Protocol):
    """A net behind one engine or another, that says of each place how likely it is water."""

    @property
    def name(self) -> str:
        """The weights and the engine, for people."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the net's input, in pixels."""
        ...

    def __call__(self, pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        """Probability of water 0..1 of each picture (h, w, 3, BGR, any size), in order.

        Each is a grid (rows, columns) over the whole picture, what was added to fit it into the net removed;
        at most a quarter of the net's input high and wide.
        """
        ...


def whole(grid: NDArray[np.float32], place: Fit, net: tuple[int, int]) -> NDArray[np.float32]:
    """Cut the net's answer (rows, columns), over its input of `net` (width, height), down to where the picture lies.

    Cells that lie half on the picture are shared out, so that the first begins where the picture does and the
    last ends where it ends.
    """
    rows, columns = grid.shape
    wide, high = columns / net[0], rows / net[1]
    width, height = max(1, round(place.width * wide)), max(1, round(place.height * high))
    # Centres of the new cells, in cells of the old grid.
    x = (place.left + (np.arange(width) + 0.5) * place.width / width) * wide - 0.5
    y = (place.top + (np.arange(height) + 0.5) * place.height / height) * high - 0.5
    across, down = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    cut = cv2.remap(grid, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, dtype=np.float32)
