"""Zones of a picture: a value each by its analytic, an observation, a level when it is too much, a picture of the moment."""

from __future__ import annotations

from collections import deque
from statistics import median_low
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import Change
from models.alerting.change import Place, instant, stepped
from models.alerting.rule import LevelState
from models.cameras.batch import JudgedFrames, Snapshot
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation
from models.vision import privacy
from models.vision.analytics.looked import Looked
from models.vision.analytics.registry import MODULES
from models.vision.zone import present

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.alerting.alert import AlertChange
    from models.cameras.memory import CameraState, View, Watched
    from models.vision.detection import Detections
    from models.vision.frame import Frame

BY = "cameras"
SURE = 0.4
"""A box counts from this score (facts: the best F1 of YOLOv8n on two yards lies at 0.4); all are pixelated."""


def observe(
    view: View,
    state: CameraState,
    frame: Frame,
    picture: NDArray[np.uint8],
    people: Detections,
    out: JudgedFrames,
    *,
    at_ms: int,
    offset: int,
    stamp_ms: int,
    is_unknown: bool,
) -> None:
    """The value of each zone of one frame; while the camera is frozen or does not see, it is stored as unknown and judged by no rule.

    `at_ms`: event time. `offset`, `stamp_ms`: of the frame's record. What comes out is put into `out`.
    """
    looked = Looked(picture, people.boxes[people.scores >= SURE], at_ms)
    flag = Flag.UNKNOWN if is_unknown else Flag.GOOD
    for watched in view.zones:
        value = MODULES[watched.analytic.code].value(
            watched.zone, looked, state.memory.setdefault(watched.zone.id, {})
        )
        if value is None:
            continue
        out.origins.append(offset)
        out.observations.append(
            Observation(
                SCHEMA_VERSION,
                frame.source,
                frame.seq,
                frame.at,
                watched.parameter,
                value,
                watched.analytic.unit,
                flag,
                instant(stamp_ms),
            )
        )
        if not is_unknown and watched.limits is not None:
            change = _judge(view, watched, state, at_ms, value)
            if change is not None:
                _tell(change, watched, looked, people, out)


def _judge(view: View, watched: Watched, state: CameraState, at_ms: int, value: float) -> AlertChange | None:
    """Let the zone's levels see the smoothed value."""
    if watched.limits is None:
        return None
    recent = state.counts.setdefault(watched.zone.id, deque())
    recent.append((at_ms, value))
    while recent[0][0] <= at_ms - watched.analytic.smooth_s * 1000:
        recent.popleft()
    smooth = median_low(each for _, each in recent)
    level = state.levels.setdefault(watched.zone.id, LevelState())
    step = watched.limits.judge(level, at_ms, smooth)
    if step is None:
        return None
    place = Place(BY, view.camera.id, watched.parameter, watched.analytic.unit)
    return stepped(place, watched.limits.rule, level, step, at_ms, float(smooth))


def _tell(
    change: AlertChange, watched: Watched, looked: Looked, people: Detections, out: JudgedFrames
) -> None:
    """The change; of what got worse with what the analytic says of it, and the picture. What got better needs none."""
    if change.change not in (Change.RAISE, Change.WORSE):
        out.changes.append(change)
        return
    evidence = MODULES[watched.analytic.code].evidence(watched.zone, change.value)
    out.changes.append(msgspec.structs.replace(change, evidence=evidence) if evidence else change)
    number = int(present(watched.zone, looked.people).sum())
    shown = privacy.jpeg(privacy.pixelated(looked.picture, people.boxes))
    out.snapshots.append(Snapshot(change.alert, change.seq, change.at, change.station, number, shown))
