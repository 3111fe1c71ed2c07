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


class ZoneKind(enum.StrEnum):
    """What a zone is watched for."""

    COUNT = "count"
    """People are counted and nobody is told."""
    CROWD = "crowd"
    """Too many people: its limits are numbers of people."""


class AnalyticRow(NamedTuple):
    """One analytic: what its values are called, their `unit` (models/catalogue/units.py), the `kind` of its alerts.

    `rule`: what the ids of its zones' rules begin with. `smooth_s`: its levels see the median of so many seconds: one frame in which a net
    misses something is no calm.
    """

    code: Analytic
    vi: str
    en: str
    unit: str
    kind: Kind
    rule: str
    smooth_s: int

    @property
    def prefix(self) -> str:
        """The value of a zone is the parameter `<prefix><zone>`."""
        return f"{self.code}/"


class ZoneKindRow(NamedTuple):
    """One kind of zone: what it is watched with, whether it has `levels` and so alerts, what it is for."""

    code: ZoneKind
    analytic: Analytic
    levels: bool
    vi: str
    en: str


ANALYTICS = {
    row.code: row
    for row in (
        AnalyticRow(Analytic.PEOPLE, "Số người", "People", "people", Kind.CROWD, "crowd", smooth_s=15),
    )
}
"""The one list of analytics."""
ZONE_KINDS = {
    row.code: row
    for row in (
        ZoneKindRow(ZoneKind.COUNT, Analytic.PEOPLE, False, "chỉ đếm", "people are counted"),
        ZoneKindRow(ZoneKind.CROWD, Analytic.PEOPLE, True, "báo khi đông", "too many people are told"),
    )
}
"""The one list of kinds of zones."""


def of_zone(parameter: str) -> AnalyticRow | None:
    """The analytic whose value of a zone a parameter is; None for anything else.

    >>> of_zone("people/san").code, of_zone("river_level")
    (<Analytic.PEOPLE: 'people'>, None)
    """
    code = parameter.partition("/")[0]
    return ANALYTICS[Analytic(code)] if "/" in parameter and code in ANALYTICS else None
