"""What a camera is taught from: pictures as the nets saw them, and what a person says of crops."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from models.vision.camera import Code, Fraction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.vision.look import Look


class State(enum.StrEnum):
    """What a crop shows."""

    DRY = "dry"
    WET = "wet"
    FLOODED = "flooded"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says of a crop: of a zone of a picture (by its name), or of the part `crop` (x1, y1, x2, y2) of the picture."""

    picture: str
    zone: Code
    state: State
    crop: tuple[Fraction, Fraction, Fraction, Fraction] | None = None


class Shot(NamedTuple):
    """A picture that is taught from: its name, time (ms, None where nobody knows), size in pixels, figures, and the net's grid of probabilities."""

    name: str
    at_ms: int | None
    width: int
    height: int
    look: Look
    grid: NDArray[np.float32]
