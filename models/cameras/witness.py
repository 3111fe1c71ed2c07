"""What a camera says as a witness of a flood: its observation `flooded`, 1 or 0, by the state of its zones of water. Heard by the flow places.

Only what is known and lasts is said: flooded after the zone's own holding time, dry only by day and after AGAINST_S. By night, in doubt, untaught or
blind it says nothing, and after SILENT_S of that what it said last no longer stands (flag MISSING).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.alerting.change import instant
from models.catalogue.analytics import ZONE_KINDS
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation
from models.vision.analytics.water_state import FLOODED

if TYPE_CHECKING:
    from models.cameras.batch import JudgedFrames
    from models.cameras.memory import CameraState, View
    from models.vision.frame import Frame

PARAMETER, UNIT = "flooded", "1"
"""As persons and stations tell it (models/places/scene.py)."""
AGAINST_S = 600
"""Dry for so long, by day and well seen, is a word against a flood; a gauge's own clearing holds ten minutes too."""
SILENT_S = 300
AGAIN_S = 900
"""What still holds is said again so often: a camera's word holds for two hours."""
OWN = ""
"""In the place of a zone's id, which is never empty: the memory of the camera as a witness."""


def speak(
    view: View,
    state: CameraState,
    frame: Frame,
    out: JudgedFrames,
    *,
    at_ms: int,
    offset: int,
    stamp_ms: int,
    sees: bool,
) -> None:
    """Say what the picture of `at_ms` lets be known, if it is news or long ago; the zones' memories hold what their analytics made of it."""
    own = state.memory.setdefault(OWN, {})
    word = _word(view, state, at_ms) if sees else None
    if word != own.get("word"):
        own["word"], own["since_ms"] = word, at_ms
    lasted_s = (at_ms - own.setdefault("since_ms", at_ms)) / 1000
    said, said_ms = own.get("said"), own.get("said_ms", 0)
    if word is None:
        if said is None or lasted_s < SILENT_S:
            return
        own.pop("said")
        value, flag = float(said), Flag.MISSING
    else:
        if lasted_s < _hold_s(view, flooded=bool(word)) or (
            said == word and at_ms - said_ms < AGAIN_S * 1000
        ):
            return
        own["said"], own["said_ms"] = word, at_ms
        value, flag = float(word), Flag.GOOD
    out.origins.append(offset)
    out.observations.append(
        Observation(
            SCHEMA_VERSION, frame.source, frame.seq, frame.at, PARAMETER, value, UNIT, flag, instant(stamp_ms),
            own.get("sure") if flag is Flag.GOOD else None,
        )
    )  # fmt: skip


def put_back(state: CameraState, at_ms: int) -> None:
    """Nothing that is remembered may lie in the future of a clock that was put back."""
    for memory in state.memory.values():
        for name in ("since_ms", "said_ms", "at_ms"):
            if name in memory:
                memory[name] = min(memory[name], at_ms)


def _zones(view: View, state: CameraState) -> list[dict[str, Any]]:
    ids = dict.fromkeys(watched.zone.id for watched in view.zones if ZONE_KINDS[watched.zone.kind].net)
    return [state.memory.get(zone, {}) for zone in ids]


def _word(view: View, state: CameraState, at_ms: int) -> int | None:
    """1: a zone is flooded. 0: none is, by day. None: nobody knows."""
    memories = _zones(view, state)
    known = [memory for memory in memories if memory.get("known_ms") == at_ms]
    state.memory[OWN]["sure"] = min((memory["confidence"] for memory in known), default=None)
    if any(memory["state"] == FLOODED for memory in known):
        return 1
    return 0 if known and len(known) == len(memories) and all(memory["day"] for memory in known) else None


def _hold_s(view: View, *, flooded: bool) -> float:
    holds = [watched.zone.hold_s for watched in view.zones if ZONE_KINDS[watched.zone.kind].net]
    return float(max(holds, default=0)) if flooded else float(max(AGAINST_S, *holds))
