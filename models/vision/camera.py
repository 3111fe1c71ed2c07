"""A camera and its zones: `cameras.yaml` of the commune's folder."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.catalogue.analytics import ANALYTICS, ZONE_KINDS, AnalyticRow, ZoneKind
from models.catalogue.purposes import Purpose

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
ClockTime = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Point = tuple[Fraction, Fraction]
"""(x, y) as fractions of the picture's width and height, from its upper left corner."""
Polygon = Annotated[list[Point], msgspec.Meta(min_length=3, max_length=64)]

Ground = Annotated[list[tuple[Fraction, Fraction, float, float]], msgspec.Meta(min_length=4, max_length=4)]
"""Four times x, y in the picture (fractions), then x, y on the ground (metres)."""


class ZoneLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level is raised at `raise_at` and left at `clear_at` (hysteresis), in the unit of what the zone is watched for.

    With as many decimals as the unit has (models/catalogue/units.py): whole people, 2.5 people per m².
    """

    level: Annotated[int, msgspec.Meta(ge=1, le=5)]
    name: str
    raise_at: Annotated[float, msgspec.Meta(gt=0)]
    clear_at: Annotated[float, msgspec.Meta(ge=0)]


class DepthMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line across a zone of water: water that covers it, from the zone's lowest place up to it, is at least `depth_cm` deep there."""

    line: tuple[Point, Point]
    depth_cm: Annotated[float, msgspec.Meta(gt=0, le=1000)]


class BoardForm(enum.StrEnum):
    """What a board looks like: a staff with figures, or a plain bow-tie (two triangles)."""

    STAFF = "staff"
    BOW_TIE = "bow_tie"


class Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A board that water is read at: two places on its axis and what is read there, in cm.

    `middle`, `middle_cm`: a third place between them, where the board leans to or from the camera and its cm are not all of one height.
    """

    form: BoardForm
    top: Point
    bottom: Point
    top_cm: float
    bottom_cm: float
    middle: Point | None = None
    middle_cm: float | None = None


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Part of a camera's picture. A person is where the bottom centre of the box is: the feet.

    `without`: parts that do not count, for what stands there for ever and is taken for a person.
    `hold_s`: how long a level must last before it is told. `marks`: of a zone of water, the shallowest first; its levels are then cm of
    depth, without marks per cent of the zone under water. `board`: what a zone of kind board is around.
    """

    id: Code
    name: str
    kind: ZoneKind
    polygon: Polygon
    without: list[Polygon] = []
    levels: list[ZoneLevel] = []
    hold_s: Annotated[int, msgspec.Meta(ge=0)] = 60
    marks: list[DepthMark] = []
    board: Board | None = None

    @property
    def analytic(self) -> AnalyticRow:
        """What makes the value that its levels judge, and that it is spoken of by."""
        row = ZONE_KINDS[self.kind]
        return ANALYTICS[row.marked if self.marks and row.marked is not None else row.analytic]

    @property
    def analytics(self) -> tuple[AnalyticRow, ...]:
        """All that is made of it, what is judged first."""
        row = ZONE_KINDS[self.kind]
        return (
            self.analytic,
            *(ANALYTICS[code] for code in (row.analytic, *row.beside) if code is not self.analytic.code),
        )

    @property
    def parameter(self) -> str:
        """The value that its levels judge, as a parameter: `people/<id>`."""
        return self.analytic.prefix + self.id

    @property
    def parameters(self) -> tuple[str, ...]:
        """All its values as parameters, what is judged first."""
        return tuple(row.prefix + self.id for row in self.analytics)

    def rule(self, camera: str) -> str:
        """The id of the rule of its levels: `crowd-<camera>-<id>`."""
        return f"{self.analytic.rule}-{camera}-{self.id}"


class Busy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours in which a camera matters most, such as those of a market: on `days` (1 is Monday; none: every day), `since`..`until` in the commune's time."""

    since: ClockTime
    until: ClockTime
    days: list[Annotated[int, msgspec.Meta(ge=1, le=7)]] = []


class Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A camera: `address` is rtsp://, http:// (a snapshot), or the path of a film; no credentials in it.

    Credentials stand as `user:password` in the file `camera_<id>` of the folder of secrets. `rate_per_s`:
    frames taken a second. `silent_after_s` without a frame, or `frozen_after_s` with the very same
    picture, but for a clock burnt in at its rim: what the camera would see is unknown. `heartbeat_s`: a still picture is
    looked at as often. `view`: raised by one when the camera was aimed anew on purpose; its own view is then learned anew.
    `purpose`, `busy`: who is looked at first where the machine does not hold all (models/cameras/share.py).
    `latitude`, `longitude`: where it stands, decimal degrees; none: it is on no map. `ground`: four points of the picture, as fractions,
    with their place on the ground in metres, from any corner of it; what is counted per m² needs them.
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
    purpose: Purpose = Purpose.RESIDENTIAL
    busy: list[Busy] = []
    latitude: float | None = None
    longitude: float | None = None
    ground: Ground | None = None
