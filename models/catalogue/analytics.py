"""What cameras are watched for, one row an analytic; every other list of them in the house is derived from it.

An analytic is its rows here and its module `models/vision/analytics/<code>.py`, which makes a value of a zone of a picture. The flow
stores the values as the parameter `<code>/<zone>`, lets them see the zone's levels, and keeps the picture of what got worse. CONTRIBUTING.md has
the recipe.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from models.catalogue.kinds import Kind


class Analytic(enum.StrEnum):
    """What is made of a zone of a picture; the code stands in stored parameters."""

    PEOPLE = "people"
    WATER_SHARE = "water_share"
    """How much of the zone is under water."""
    WATER_DEPTH = "water_depth"
    """How deep, by the marks that are covered."""
    WATER_LEVEL = "water_level"
    """What a board says."""
    WATER_STATE = "water_state"
    """0 dry, 1 wet, 2 flooded; -1 with flag UNKNOWN: not known."""
    DENSITY = "density"


class ZoneKind(enum.StrEnum):
    """What a zone is watched for."""

    COUNT = "count"
    """People are counted and nobody is told."""
    CROWD = "crowd"
    """Too many people: its limits are numbers of people."""
    WATER = "water"
    """Water on a road or a yard: its limits are cm where it has marks, else per cent of the zone."""
    BOARD = "board"
    """Water at a board: its limits are cm at the board."""
    DENSITY = "density"
    """Too many people for the room there is: its limits are people per m², and its camera has a `ground`."""


class AnalyticRow(NamedTuple):
    """One analytic: what its values are called, their `unit` (models/catalogue/units.py), the `kind` of its alerts.

    `rule`: what the ids of its zones' rules begin with. `smooth_s`: its levels see the median of so many seconds: one frame in which a net
    misses something is no calm. `ground`: its values are per m², so its camera needs a ground plane.
    """

    code: Analytic
    vi: str
    en: str
    unit: str
    kind: Kind
    rule: str
    smooth_s: int
    ground: bool = False

    @property
    def prefix(self) -> str:
        """The value of a zone is the parameter `<prefix><zone>`."""
        return f"{self.code}/"


class ZoneKindRow(NamedTuple):
    """One kind of zone: what it is watched with, whether it has `levels` and so alerts, what it is for.

    `analytic` makes the value that its levels judge; where the zone has marks, `marked` does (None: it has none). `beside`: what else is
    made of it. `net`: whether the pictures of its camera go through the net that finds water.
    """

    code: ZoneKind
    analytic: Analytic
    levels: bool
    vi: str
    en: str
    marked: Analytic | None = None
    beside: tuple[Analytic, ...] = ()
    net: bool = False
    board: bool = False


ANALYTICS = {
    row.code: row
    for row in (
        AnalyticRow(Analytic.PEOPLE, "Số người", "People", "people", Kind.CROWD, "crowd", smooth_s=15),
        AnalyticRow(Analytic.WATER_SHARE, "Phần ngập nước", "Share under water", "%", Kind.WATER_SEEN, "water-share", smooth_s=60),
        AnalyticRow(Analytic.WATER_DEPTH, "Độ sâu nước", "Depth of water", "cm", Kind.WATER_SEEN, "water-depth", smooth_s=60),
        AnalyticRow(Analytic.WATER_LEVEL, "Mực nước ở thước", "Level at the board", "cm", Kind.WATER_SEEN, "water-level", smooth_s=60),
        AnalyticRow(
            Analytic.WATER_STATE, "Tình trạng ngập (0 khô, 1 ướt, 2 ngập)", "State (0 dry, 1 wet, 2 flooded)", "1", Kind.WATER_SEEN,
            "water-state", smooth_s=0,
        ),
        AnalyticRow(
            Analytic.DENSITY,
            "Mật độ người",
            "People per m²",
            "/m2",
            Kind.CROWD,
            "density",
            smooth_s=15,
            ground=True,
        ),
    )
}  # fmt: skip
"""The one list of analytics."""
ZONE_KINDS = {
    row.code: row
    for row in (
        ZoneKindRow(ZoneKind.COUNT, Analytic.PEOPLE, False, "chỉ đếm", "people are counted"),
        ZoneKindRow(ZoneKind.CROWD, Analytic.PEOPLE, True, "báo khi đông", "too many people are told"),
        ZoneKindRow(
            ZoneKind.WATER, Analytic.WATER_SHARE, True, "báo khi ngập", "water on the ground is told",
            marked=Analytic.WATER_DEPTH, beside=(Analytic.WATER_STATE,), net=True,
        ),
        ZoneKindRow(ZoneKind.BOARD, Analytic.WATER_LEVEL, True, "đọc thước nước", "a board is read", board=True),
        ZoneKindRow(
            ZoneKind.DENSITY, Analytic.DENSITY, True, "báo khi chen chúc", "too many people per m² are told"
        ),
    )
}  # fmt: skip
"""The one list of kinds of zones."""


def of_zone(parameter: str) -> AnalyticRow | None:
    """The analytic whose value of a zone a parameter is; None for anything else.

    >>> of_zone("people/san").code, of_zone("river_level")
    (<Analytic.PEOPLE: 'people'>, None)
    """
    code = parameter.partition("/")[0]
    return ANALYTICS[Analytic(code)] if "/" in parameter and code in ANALYTICS else None
