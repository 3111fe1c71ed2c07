"""People in a zone: those whose feet stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vision.zone import present

if TYPE_CHECKING:
    from models.envelope.evidence import Evidence
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone


def value(zone: Zone, looked: Looked, _memory: dict[str, Any]) -> float | None:
    """How many."""
    return float(present(zone, looked.people).sum())


def evidence(_zone: Zone, _value: float) -> list[Evidence]:
    """The number says it all."""
    return []
