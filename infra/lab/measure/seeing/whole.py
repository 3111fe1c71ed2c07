"""Every fault by name, those too that know the whole clip: a picture that stands still, and what a true decoder makes of lost packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.lab.measure.seeing import decoder
from infra.lab.measure.seeing.bench import AFTER
from infra.lab.measure.seeing.faults import DOUBTS, FAULTS, STILL
from infra.rehearsal.simulator.scene import lens

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from infra.lab.measure.seeing.clips import Clip

    Picture = NDArray[np.uint8]

LOST, SEED, GOP = 0.5, 3, 40
"""Half of the slices; a key frame each eight seconds, which loses slices too."""
FROZEN, CLOCK, LOSSY = "frozen", "frozen, clock runs", "smeared, decoder"


def kinds() -> tuple[str, ...]:
    """The names of all faults, then of all doubts."""
    return (*FAULTS, FROZEN, CLOCK, LOSSY, *DOUBTS)


def whole(clip: Clip, name: str, seen: int) -> Callable[[int], Picture]:
    """The fault's i-th picture, after `seen` healthy ones; a clip that ends stays at its last picture."""
    last = clip.number - 1

    def at(i: int) -> Picture:
        return clip.at(min(seen + i, last), STILL)

    if name == FROZEN:
        return lambda _: at(0)
    if name == CLOCK:
        return lambda i: lens.clock(at(0), i)
    if name == LOSSY:
        number = seen + max(AFTER.values())
        shown = decoder.smeared([clip.at(min(i, last), STILL) for i in range(number)], seen, LOST, SEED, GOP)
        return lambda i: shown[seen + i]
    make = (FAULTS | DOUBTS)[name]
    return lambda i: make(clip, min(seen + i, last))
