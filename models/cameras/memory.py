"""What is remembered of a camera between two frames, and what the configuration says of it."""

from __future__ import annotations

from collections import deque
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any

import msgspec

from models.alerting.rule import LevelState, Limits
from models.catalogue.analytics import AnalyticRow
from models.commune.configuration import Direction, Level, Rule
from models.vision.camera import Camera, Zone
from models.vision.motion import Still
from models.vision.sight import Sight

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.commune.configuration import Commune


@dataclass(slots=True)
class CameraState:
    """All memory of one camera; times are event times in ms, `*_onset_ms` is 0 while all is well.

    `looked` is the small picture that was last looked at, `last` the newest one. By zone: `counts`, (at, value) of the last seconds
    that its levels see, `levels`, and `memory`, what its analytic remembers itself. `still` is what changes while nothing else does, `sight` the own view.
    """

    seq: int = -1
    at_ms: int = 0
    heard_ms: int = 0
    silent_onset_ms: int = 0
    same_since_ms: int = 0
    frozen_onset_ms: int = 0
    looked_ms: int = 0
    looked: NDArray[np.uint8] | None = None
    last: NDArray[np.uint8] | None = None
    counts: dict[str, deque[tuple[int, float]]] = field(default_factory=dict)
    levels: dict[str, LevelState] = field(default_factory=dict)
    still: Still = field(default_factory=Still)
    sight: Sight = field(default_factory=Sight)
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)


Shard = dict[str, CameraState]
"""The memory of one partition: camera -> state."""


def restored(shard: Shard) -> Shard:
    """A memory as this version needs it: what an older one did not remember begins as with a new camera."""
    for state in shard.values():
        for one in fields(CameraState):
            if not hasattr(state, one.name) and one.default_factory is not MISSING:
                setattr(state, one.name, one.default_factory())
    return shard


class Watched(msgspec.Struct, frozen=True):
    """A zone, what watches it and its rule laid out for the hot path; a zone without levels has no rule."""

    zone: Zone
    analytic: AnalyticRow
    parameter: str
    limits: Limits | None


class View(msgspec.Struct, frozen=True):
    """A camera and its zones."""

    camera: Camera
    zones: tuple[Watched, ...]


Plan = dict[str, View]


def plan(commune: Commune) -> Plan:
    """Lay out the configuration: camera -> View. A camera without zones watches its whole picture."""
    return {
        camera.id: View(camera, tuple(_watched(camera, zone) for zone in camera.zones))
        for camera in commune.cameras
    }


def _watched(camera: Camera, zone: Zone) -> Watched:
    if not zone.levels:
        return Watched(zone, zone.analytic, zone.parameter, None)
    levels = [Level(level.level, level.name, level.raise_at, level.clear_at) for level in zone.levels]
    rule = Rule(
        zone.rule(camera.id),
        zone.analytic.kind,
        zone.parameter,
        [camera.id],
        Direction.ABOVE,
        levels,
        zone.hold_s,
    )
    return Watched(zone, zone.analytic, zone.parameter, Limits(rule))
