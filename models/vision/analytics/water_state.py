"""Whether a zone is dry, wet or flooded, with hysteresis; -1 with flag UNKNOWN where nobody can know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.catalogue.flags import Flag
from models.vision.analytics.looked import Told
from models.vision.analytics.water_share import said
from models.vision.taught import Light
from models.vision.water import water

if TYPE_CHECKING:
    from models.envelope.evidence import Evidence
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone
    from models.vision.taught import TaughtZone
    from models.vision.water import Wet

UNKNOWN, DRY, WET, FLOODED = -1, 0, 1, 2
WET_FROM, DRY_BELOW = 5.0, 2.5
"""Per cent of the zone; a dry street beside its own history shows 2 to 8 % at worst, most of it in single pictures."""
EASED = 0.5
"""Of the difference from which on a zone is wet: below it is dry again."""
TIMES = 2
"""Pictures in a row that say the same before the state is another."""


def value(zone: Zone, looked: Looked, memory: dict[str, Any]) -> Told | None:
    """0 dry, 1 wet, 2 flooded; only what is known moves it, and a picture of which nothing is known begins the count anew."""
    wet = water(zone, looked)
    if wet is None:
        return None
    if wet.flag is Flag.UNKNOWN or looked.taught is None or zone.id not in looked.taught.zones:
        memory.pop("next", None)
        return Told(float(UNKNOWN), 0.0, Flag.UNKNOWN)
    before = memory.get("state", UNKNOWN)
    now = _state(zone, wet, looked.taught.zones[zone.id], before)
    if now == before:
        memory.pop("next", None)
        _note(memory, wet, looked.at_ms)
        return Told(float(now), wet.confidence, wet.flag)
    following, times = memory.get("next", (now, 0))
    times = times + 1 if following == now else 1
    memory["next"] = (now, times)
    if times < TIMES:
        known = before != UNKNOWN
        if known:
            _note(memory, wet, looked.at_ms)
        return Told(float(before), wet.confidence if known else 0.0, wet.flag if known else Flag.UNKNOWN)
    memory["state"], memory["since_ms"] = now, looked.at_ms
    memory.pop("next")
    _note(memory, wet, looked.at_ms)
    return Told(float(now), wet.confidence, wet.flag)


def evidence(_zone: Zone, _value: float, memory: dict[str, Any]) -> list[Evidence]:
    """Share, depth, how sure, since when."""
    return said(memory)


def _note(memory: dict[str, Any], wet: Wet, at_ms: int) -> None:
    """For the camera as a witness (models/cameras/witness.py): when its state was last known for good, and whether by day."""
    if wet.flag is Flag.GOOD:
        memory["known_ms"], memory["day"], memory["confidence"] = (
            at_ms,
            wet.light is Light.DAY,
            wet.confidence,
        )


def _state(zone: Zone, wet: Wet, own: TaughtZone, before: int) -> int:
    judged = wet.share if wet.depth is None else wet.depth
    first = min(zone.levels, key=lambda level: level.level, default=None)
    if first is not None and judged >= (first.clear_at if before == FLOODED else first.raise_at):
        return FLOODED
    part = EASED if before >= WET else 1.0
    least = DRY_BELOW if before >= WET else WET_FROM
    return WET if wet.share >= least or wet.difference >= part * own.wet_from else DRY
