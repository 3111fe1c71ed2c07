"""What is remembered of a camera between two frames, and what the configuration says of it."""

from __future__ import annotations

from collections import deque
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any

import msgspec

from models.alerting.rule import LevelState, Limits
from models.catalogue.analytics import ZONE_KINDS, AnalyticRow
from models.commune.configuration import Direction, Level, Rule
from models.vision.camera import Camera, Zone
from models.vision.motion import Still
from models.vision.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from models.commune.configuration import Commune


@dataclass(slots=True)
class CameraState:
    """All memory of one camera; times are event times in ms, `*_onset_ms` is 0 while all is well.

    `looked` is the small picture that was last looked at, `last` the newest one. By zone: `counts`, (at, value) of the last seconds
    that its levels see, `levels`, and `memory`, what its analytic remembers itself. `still` is what changes while nothing else does, `sight` the own view.
    `again_ms`: when a crowd was last looked at again in tiles.
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
    again_ms: int = 0


Shard = dict[str, CameraState]
"""The memory of one partition: camera -> state."""


def restored(shard: Shard) -> Shard:
    """A memory as this version needs it: what an older one did not remember begins as with a new camera."""
    for state in shard.values():
        for one in fields(CameraState):
            if not hasattr(state, one.name):
                made = one.default if one.default_factory is MISSING else one.default_factory()
                setattr(state, one.name, made)
    return shard


class Watched(msgspec.Struct, frozen=True):
    """A zone, one of what watches it, and its rule laid out for the hot path; no rule without levels, and for what is only beside."""

    zone: Zone
    analytic: AnalyticRow
    parameter: str
    limits: Limits | None


class View(msgspec.Struct, frozen=True):
    """A camera and what is made of its zones; `water`: whether its pictures go through the net that finds water."""

    camera: Camera
    zones: tuple[Watched, ...]
    water: bool = False


Plan = dict[str, View]


def plan(commune: Commune) -> Plan:
    """Lay out the configuration: camera -> View. A camera without zones watches its whole picture."""
    return {
        camera.id: View(
            camera,
            tuple(each for zone in camera.zones for each in _watched(camera, zone)),
            any(ZONE_KINDS[zone.kind].net for zone in camera.zones),
        )
        for camera in commune.cameras
    }


def _watched(camera: Camera, zone: Zone) -> Iterator[Watched]:
    """What is judged first."""
    rows = zip(zone.analytics, zone.parameters, strict=True)
    for analytic, parameter in rows:
        limits = _limits(camera, zone) if analytic is zone.analytic and zone.levels else None
        yield Watched(zone, analytic, parameter, limits)


def _limits(camera: Camera, zone: Zone) -> Limits:
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
    return Limits(rule)
