"""What a board in a zone says, in cm: models/vision/board.py, with what was read before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from models.catalogue.flags import Flag
from models.envelope.bilingual import figure
from models.envelope.evidence import Evidence
from models.vision.analytics.looked import Told
from models.vision.board import Reading, read

if TYPE_CHECKING:
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone


def value(zone: Zone, looked: Looked, memory: dict[str, Any]) -> Told | None:
    """The level at the board; SUSPECT where it jumped and was not seen often enough yet. None: the board cannot be read, why is in `memory`.

    `memory["board"]`: the reading, with what the board looks like. A board drawn anew begins anew.
    """
    if zone.board is None:
        return None
    drawn = msgspec.json.encode([zone.board, zone.polygon]).decode()
    if memory.get("board_drawn") != drawn:
        memory["board_drawn"] = drawn
        memory.pop("board", None)
    kept = memory.get("board")
    before = None if kept is None else msgspec.convert(kept, Reading, builtin_types=(bytes,))
    found = read(looked.picture, zone.board, before, looked.at_ms, polygon=zone.polygon, shift=looked.shift)
    if not isinstance(found, Reading):
        memory["board_unread"] = found.name
        return None
    memory.pop("board_unread", None)
    memory["board"] = msgspec.to_builtins(found, builtin_types=(bytes,))
    return Told(round(found.cm, 1), round(found.score, 2), Flag.GOOD if found.sure else Flag.SUSPECT)


def evidence(_zone: Zone, value: float, memory: dict[str, Any]) -> list[Evidence]:
    """The level and how well it is known."""
    kept = memory.get("board")
    if kept is None:
        return []
    level, off = figure(value, 0), figure(max(1.0, 2 * kept["uncertainty_cm"]), 0)
    return [
        Evidence(
            f"camera: thước nước {level.vi} cm, sai số ±{off.vi} cm",
            f"camera: {level.en} cm at the board, ±{off.en} cm",
        )
    ]
