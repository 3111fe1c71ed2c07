"""A camera and its zones: `cameras.yaml` of the commune's folder."""

from __future__ import annotations

from typing import Annotated

import msgspec

from models.catalogue.analytics import ANALYTICS, ZONE_KINDS, AnalyticRow, ZoneKind

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Point = tuple[Fraction, Fraction]
"""(x, y) as fractions of the picture's width and height, from its upper left corner."""
Polygon = Annotated[list[Point], msgspec.Meta(min_length=3, max_length=64)]


class ZoneLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level is raised at `raise_at` and left at `clear_at` (hysteresis), whole numbers in the unit of what the zone is watched for."""

    level: Annotated[int, msgspec.Meta(ge=1, le=5)]
    name: str
    raise_at: Annotated[int, msgspec.Meta(ge=1)]
    clear_at: Annotated[int, msgspec.Meta(ge=0)]


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Part of a camera's picture. A person is where the bottom centre of the box is: the feet.

    `without`: parts that do not count, for what stands there for ever and is taken for a person.
    `hold_s`: how long a level must last before it is told.
    """

    id: Code
    name: str
    kind: ZoneKind
    polygon: Polygon
    without: list[Polygon] = []
    levels: list[ZoneLevel] = []
    hold_s: Annotated[int, msgspec.Meta(ge=0)] = 60

    @property
    def analytic(self) -> AnalyticRow:
        """What makes its value."""
        return ANALYTICS[ZONE_KINDS[self.kind].analytic]

    @property
    def parameter(self) -> str:
        """Its value as a parameter: `people/<id>`."""
        return self.analytic.prefix + self.id

    def rule(self, camera: str) -> str:
        """The id of the rule of its levels: `crowd-<camera>-<id>`."""
        return f"{self.analytic.rule}-{camera}-{self.id}"


class Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A camera: `address` is rtsp://, http:// (a snapshot), or the path of a film; no credentials in it.

    Credentials stand as `user:password` in the file `camera_<id>` of the folder of secrets. `rate_per_s`:
    frames taken a second. `silent_after_s` without a frame, or `frozen_after_s` with the very same
    picture, but for a clock burnt in at its rim: what the camera would see is unknown. `heartbeat_s`: a still picture is
    looked at as often. `view`: raised by one when the camera was aimed anew on purpose; its own view is then learned anew.
    `latitude`, `longitude`: where it stands, decimal degrees; none: it is on no map.
    """

    id: Code
    name: str
    hamlets: list[Code]
    address: str
    zones: list[Zone] = []
    rate_per_s: Annotated[float, msgspec.Meta(gt=0, le=30)] = 1.0
    silent_after_s: Annotated[int, msgspec.Meta(gt=0)] = 120
    frozen_after_s: Annotated[int, msgspec.Meta(gt=0)] = 20
    heartbeat_s: Annotated[int, msgspec.Meta(gt=0)] = 10
    view: Annotated[int, msgspec.Meta(ge=0)] = 0
    latitude: float | None = None
    longitude: float | None = None
