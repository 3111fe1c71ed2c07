"""What an analytic is given of a picture, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.envelope.evidence import Evidence
    from models.vision.camera import Zone


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that is looked at: its pixels (h, w, 3, BGR), and the boxes of people that are sure (n, 4: x1, y1, x2, y2), fractions of the picture."""

    picture: NDArray[np.uint8]
    people: NDArray[np.float32]
    at_ms: int
    """Event time."""


class Module(Protocol):
    """An analytic's module. It is pure: the same pictures in the same order give the same values."""

    def value(self, zone: Zone, looked: Looked, memory: dict[str, Any], /) -> float | None:
        """The zone's value in the unit of the analytic's row, None where this picture cannot say.

        `memory` is the zone's own between two pictures: plain values under names, kept in snapshots of the flow; empty at first.
        """
        ...

    def evidence(self, zone: Zone, value: float, /) -> list[Evidence]:
        """What a message says beside the value when an alert of the zone begins or gets worse."""
        ...
