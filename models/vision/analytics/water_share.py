"""How much of a zone is under water, in per cent of it, beside its own dry history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.envelope.bilingual import clock, figure
from models.envelope.evidence import Evidence
from models.vision.analytics.looked import Told
from models.vision.water import water

if TYPE_CHECKING:
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone


def value(zone: Zone, looked: Looked, memory: dict[str, Any]) -> Told | None:
    """Per cent of the zone; what it was made of is left in `memory` for whoever tells an alert."""
    wet = water(zone, looked)
    if wet is None:
        return None
    memory["share"], memory["depth"], memory["confidence"] = wet.share, wet.depth, wet.confidence
    return Told(wet.share, wet.confidence, wet.flag)


def evidence(_zone: Zone, _value: float, memory: dict[str, Any]) -> list[Evidence]:
    """Share, depth, how sure, since when."""
    return said(memory)


def said(memory: dict[str, Any]) -> list[Evidence]:
    """What the zone's analytics last found together, in one line."""
    share, depth, sure = memory.get("share"), memory.get("depth"), memory.get("confidence")
    vi, en = [], []
    if share is not None:
        vi.append(f"nước phủ {share:.0f} % vùng")
        en.append(f"water on {share:.0f} % of the zone")
    if depth is not None:
        vi.append(f"sâu khoảng {depth:.0f} cm")
        en.append(f"about {depth:.0f} cm deep")
    if sure is not None:
        both = figure(sure, 1)
        vi.append(f"độ tin {both.vi}")
        en.append(f"confidence {both.en}")
    since = memory.get("since_ms")
    if since and memory.get("state", 0) > 0:
        vi.append(f"từ {clock(since)}")
        en.append(f"since {clock(since)}")
    return [Evidence("camera: " + ", ".join(vi), "camera: " + ", ".join(en))] if vi else []
