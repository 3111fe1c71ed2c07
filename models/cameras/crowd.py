"""People per zone: an observation each, a level when there are too many, a picture of the moment."""

from __future__ import annotations

from collections import deque
from statistics import median_low
from typing import TYPE_CHECKING

from models.alerting.alert import Change
from models.alerting.change import Place, instant, stepped
from models.alerting.rule import LevelState
from models.cameras.batch import Seen, Snapshot
from models.cameras.memory import SMOOTH_S
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation
from models.vision import privacy
from models.vision.zone import present

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.alerting.alert import AlertChange
    from models.cameras.memory import CameraState, View, Watched
    from models.vision.detection import Detections
    from models.vision.frame import Frame

BY = "cameras"
UNIT = "people"
SURE = 0.4
"""A box counts from this score (facts: the best F1 of YOLOv8n on two yards lies at 0.4); all are pixelated."""


def count(
    view: View,
    state: CameraState,
    frame: Frame,
    picture: NDArray[np.uint8],
    people: Detections,
    out: Seen,
    *,
    at_ms: int,
    offset: int,
    stamp_ms: int,
    is_unknown: bool,
) -> None:
    """Count the people of one frame in each zone; while the camera is frozen or does not see the count is unknown."""
    sure = people.boxes[people.scores >= SURE]
    flag = Flag.UNKNOWN if is_unknown else Flag.GOOD
    for one in view.zones:
        number = int(present(one.zone, sure).sum())
        out.origins.append(offset)
        out.observations.append(
            Observation(
                SCHEMA_VERSION,
                frame.source,
                frame.seq,
                frame.at,
                one.parameter,
                float(number),
                UNIT,
                flag,
                instant(stamp_ms),
            )
        )
        if not is_unknown and one.limits is not None:
            change = _judge(view, one, state, at_ms, number)
            if change is not None:
                out.changes.append(change)
                _keep(change, picture, people, number, out)


def _judge(view: View, one: Watched, state: CameraState, at_ms: int, number: int) -> AlertChange | None:
    """Let the zone's levels see the smoothed count."""
    if one.limits is None:
        return None
    recent = state.counts.setdefault(one.zone.id, deque())
    recent.append((at_ms, number))
    while recent[0][0] <= at_ms - SMOOTH_S * 1000:
        recent.popleft()
    smooth = median_low(people for _, people in recent)
    level = state.levels.setdefault(one.zone.id, LevelState())
    step = one.limits.judge(level, at_ms, smooth)
    if step is None:
        return None
    place = Place(BY, view.camera.id, one.parameter, UNIT)
    return stepped(place, one.limits.rule, level, step, at_ms, float(smooth))


def _keep(
    change: AlertChange, picture: NDArray[np.uint8], people: Detections, number: int, out: Seen
) -> None:
    """The picture of what got worse; what got better needs none."""
    if change.change not in (Change.RAISE, Change.WORSE):
        return
    shown = privacy.jpeg(privacy.pixelated(picture, people.boxes))
    out.snapshots.append(Snapshot(change.alert, change.seq, change.at, change.station, number, shown))
