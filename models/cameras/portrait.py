"""The newest picture of each camera that watches water: taken from time to time, and when its water has become another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.cameras.batch import CameraPicture, JudgedFrames
from models.catalogue.analytics import ZONE_KINDS
from models.vision.newest import newest

if TYPE_CHECKING:
    from models.cameras.memory import CameraState, View
    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone
    from models.vision.detection import Detections
    from models.vision.frame import Frame

EVERY_S = 600
"""Of event time: 41 pictures of at most 40 kB each ten minutes are 2.7 kB a second into the store."""
OWN = "/picture"
"""In the place of a zone's id, which has no stroke: what a camera remembers of the picture it kept last."""


def portray(
    view: View, state: CameraState, frame: Frame, looked: Looked, people: Detections, out: JudgedFrames
) -> None:
    """Keep the picture, if one of the camera is due: the last is EVERY_S old, or a zone has become dry, wet or flooded since.

    To be called once the zones of the picture were judged. `people` are all that were found, sure or not.
    """
    zones = watched(view)
    if not zones:
        return
    own = state.memory.setdefault(OWN, {})
    states = [state.memory.get(zone.id, {}).get("state") for zone in zones]
    kept_ms = own.get("at_ms")
    # A picture of the future was of a clock that was put back since.
    old = kept_ms is None or not 0 <= looked.at_ms - kept_ms < EVERY_S * 1000
    if not old and states == own.get("states"):
        return
    own["at_ms"], own["states"] = looked.at_ms, states
    jpeg, caption = newest(looked, zones, people.boxes, taught=looked.taught is not None)
    out.pictures.append(CameraPicture(view.camera.id, frame.at, jpeg, caption))


def watched(view: View) -> list[Zone]:
    """The camera's zones of water and boards; none: its picture is kept when a crowd is told, and not otherwise."""
    found = {watched.zone.id: watched.zone for watched in view.zones}
    return [zone for zone in found.values() if ZONE_KINDS[zone.kind].net or ZONE_KINDS[zone.kind].board]
