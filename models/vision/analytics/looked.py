"""What an analytic is given of a picture, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from models.catalogue.flags import Flag

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.envelope.evidence import Evidence
    from models.vision.camera import Zone
    from models.vision.ground import GroundPoint
    from models.vision.look import Look
    from models.vision.taught import Taught


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that is looked at: its pixels (h, w, 3, BGR), and the boxes of people that are sure (n, 4: x1, y1, x2, y2), fractions of the picture.

    `water`: probability of water 0..1 on a grid (rows, columns) over the whole picture; None where no zone of the camera asks for it.
    `look`: the picture in figures; None where nobody took them (a picture that only counts, in a test). `taught`: what the camera was
    taught; None: nothing. `shift`: how far the view lies from its reference, to the right and down, in parts of the picture. `sees`: whether
    the camera sees; while it does not, no memory may move. `suspect`: it sees through a veil (fog, drops on the glass): nothing is sure.
    `found`: by zone, what one of its analytics reckoned of this picture, so that the others need not.
    """

    picture: NDArray[np.uint8]
    people: NDArray[np.float32]
    at_ms: int
    """Event time."""
    water: NDArray[np.float32] | None = None
    look: Look | None = None
    taught: Taught | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    sees: bool = True
    suspect: bool = False
    once: NDArray[np.float32] | None = None
    """What the first look was sure of, where the picture was looked at again in tiles; `people` is then what the second found."""
    ground: tuple[GroundPoint, ...] | None = None
    """The camera's four points on the ground (models/vision/ground.py)."""
    found: dict[str, Any] = field(default_factory=dict)


class Told(NamedTuple):
    """A value with what it is worth: `confidence` 0..1 (None: the analytic has none), and a flag that may be worse than GOOD.

    Levels judge only what is GOOD or comes as a plain number.
    """

    value: float
    confidence: float | None = None
    flag: Flag = Flag.GOOD


class Module(Protocol):
    """An analytic's module. It is pure: the same pictures in the same order give the same values."""

    def value(self, zone: Zone, looked: Looked, memory: dict[str, Any], /) -> float | Told | None:
        """The zone's value in the unit of the analytic's row, None where this picture cannot say.

        `memory` is the zone's own between two pictures, shared by its analytics: plain values under names, kept in snapshots of the flow;
        empty at first.
        """
        ...

    def evidence(self, zone: Zone, value: float, memory: dict[str, Any], /) -> list[Evidence]:
        """What a message says beside the value when an alert of the zone begins or gets worse; `memory` as `value` left it."""
        ...
