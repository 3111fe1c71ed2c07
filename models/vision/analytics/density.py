"""People per square metre of a zone's ground: the people of `people`, over the area that the camera's four ground points give.

What limits mean (people per m²): about 2 slows a crowd that walks and is where its flow begins to fall; from 3.6 people touch without
wanting to; 4 is the most where a crowd moves, 5 where it stands, as crowd safety teaches it; from 5.5 forces begin that nobody can
withstand. Fruin: Pedestrian Planning and Design (1971), as told in EPJ Data Science 2:5 (2013), table 1; Still: Introduction to
Crowd Science (2014) and gkstill.com. A camera hides who stands behind another, so a dense crowd is told as less dense than it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.envelope.evidence import Evidence
from models.vision.analytics import people
from models.vision.ground import area_m2, as_tuples

if TYPE_CHECKING:
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone

DECIMALS = 2
"""Of a stored density: one person more on 100 m²."""
MEANINGS = (
    (5.5, "sức ép của đám đông bắt đầu nguy hiểm", "crowd forces begin to be dangerous"),
    (4.0, "giới hạn an toàn khi đám đông di chuyển", "the limit of safety where a crowd moves"),
    (2.0, "đi lại chậm dần", "walking slows down"),
)
"""From so many people per m² on, what it means for who stands there."""


def value(zone: Zone, looked: Looked, memory: dict[str, Any]) -> float | None:
    """People per m²; None where the camera has no ground plane or the zone goes beyond its horizon."""
    if looked.ground is None:
        return None
    count = people.value(zone, looked, memory)
    area = area_m2(looked.ground, as_tuples(zone.polygon), tuple(as_tuples(part) for part in zone.without))
    return None if area is None or count is None else round(count / area, DECIMALS)


def evidence(_zone: Zone, value: float, _memory: dict[str, Any]) -> list[Evidence]:
    """What so many mean for who stands there."""
    return next(([Evidence(vi, en)] for least, vi, en in MEANINGS if value >= least), [])
