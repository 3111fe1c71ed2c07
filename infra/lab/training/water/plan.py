"""What is learned in which order, and how long."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SEED = 16
BATCH, STEPS = 8, 30
"""Pictures of a step, steps of an epoch."""
EPOCHS = 46
SMALL, FULL = (320, 240), (448, 336)
"""(width, height) of what is learned from: first fewer pixels, which is faster; 4:3, as most photographs are."""
USED = (384, 288)
"""What the net looks at. On the pictures for the probability it found more at this size than at FULL (IoU .878, .869), half as fast again."""
FIRST = 0.4
"""Of all epochs at SMALL."""


class Source(enum.StrEnum):
    """Where pictures come from; each gives its share of every epoch, however many it has."""

    STREET = "street"
    ROAD = "road"
    """The dry ones among the photographs: few, and each is needed often, or a wet look is taken for water."""
    AERIAL = "aerial"
    DRY = "dry"


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training. `rate`: of the new layers at its beginning and end; the encoder learns at a third."""

    name: str
    size: tuple[int, int]
    epochs: int
    rate: tuple[float, float]
    shares: tuple[tuple[Source, float], ...]


@dataclass(frozen=True)
class Plan:
    """Where things lie, and the stages in order; `out`: for what may be thrown away after the training."""

    data: Path
    labels: Path
    out: Path
    stages: tuple[Stage, ...]
    threads: int = 2

    def signature(self) -> str:
        """Of all that the end depends on: a training that was stopped goes on only where this is the same."""
        said = f"{SEED} {BATCH} {STEPS} {self.stages}".encode() + self.labels.read_bytes()
        return hashlib.sha256(said).hexdigest()


def stages(epochs: int = EPOCHS) -> tuple[Stage, ...]:
    """Wet and dry from the ground and from the air together, always: apart, a net learns "from the ground = dry"."""
    shares = ((Source.STREET, 0.6), (Source.ROAD, 0.12), (Source.AERIAL, 0.18), (Source.DRY, 0.1))
    first = max(1, round(epochs * FIRST))
    return (
        Stage("small", SMALL, first, (1e-3, 5e-4), shares),
        Stage("full", FULL, max(1, epochs - first), (5e-4, 1e-5), shares),
    )
