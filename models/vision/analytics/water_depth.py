"""How deep water is in a zone, in cm: by its marks, those that are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vision.analytics.looked import Told
from models.vision.analytics.water_share import said
from models.vision.water import water

if TYPE_CHECKING:
    from models.envelope.evidence import Evidence
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone


def value(zone: Zone, looked: Looked, memory: dict[str, Any]) -> Told | None:
    """Depth at the zone's deepest place, at most that of the deepest mark; None for a zone without marks."""
    wet = water(zone, looked) if zone.marks else None
    if wet is None or wet.depth is None:
        return None
    memory["share"], memory["depth"], memory["confidence"] = wet.share, wet.depth, wet.confidence
    return Told(wet.depth, wet.confidence, wet.flag)


def evidence(_zone: Zone, _value: float, memory: dict[str, Any]) -> list[Evidence]:
    """Share, depth, how sure, since when."""
    return said(memory)
