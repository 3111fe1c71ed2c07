"""Zones of a picture: a value each by its analytic, an observation, a level when it is too much, a picture of the moment."""

from __future__ import annotations

from collections import deque
from statistics import median_low
from typing import TYPE_CHECKING, Any

import msgspec

from models.alerting.alert import Change
from models.alerting.change import Place, instant, stepped
from models.alerting.rule import LevelState, Use
from models.cameras.batch import JudgedFrames, Snapshot
from models.cameras.portrait import portray
from models.cameras.witness import speak
from models.envelope.reading import SCHEMA_VERSION, Flag, Observation
from models.vision import drawn, privacy
from models.vision.analytics.looked import Told
from models.vision.analytics.registry import MODULES
from models.vision.zone import present

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.cameras.memory import CameraState, View, Watched
    from models.vision.analytics.looked import Looked
    from models.vision.detection import Detections
    from models.vision.frame import Frame

BY = "cameras"


def observe(
    view: View,
    state: CameraState,
    frame: Frame,
    looked: Looked,
    people: Detections,
    out: JudgedFrames,
    *,
    offset: int,
    stamp_ms: int,
) -> None:
    """The value of each zone of one frame; while the camera is frozen or does not see, it is stored as unknown and judged by no rule.

    Behind a veil (`looked.suspect`) it may raise a level and clears none.

    `looked` is what the analytics are given; `people` are all that were found, sure or not. `offset`, `stamp_ms`: of the frame's record.
    What comes out is put into `out`.
    """
    is_unknown, at_ms = not looked.sees, looked.at_ms
    for watched in view.zones:
        memory = state.memory.setdefault(watched.zone.id, {})
        said = MODULES[watched.analytic.code].value(watched.zone, looked, memory)
        if said is None:
            continue
        told = said if isinstance(said, Told) else Told(said)
        known = told.flag is Flag.GOOD and not is_unknown
        use = Use.RAISE_ONLY if looked.suspect else Use.BOTH
        out.origins.append(offset)
        out.observations.append(
            Observation(
                SCHEMA_VERSION,
                frame.source,
                frame.seq,
                frame.at,
                watched.parameter,
                told.value,
                watched.analytic.unit,
                _flag(looked, told),
                instant(stamp_ms),
                told.confidence,
            )
        )
        if known and watched.limits is not None:
            change = _judge(view, watched, state, at_ms, told.value, use)
            if change is not None:
                _tell(change, watched, looked, people, memory, out)
        elif watched.limits is not None and told.flag is not Flag.GOOD:
            _wait(state, watched.zone.id)
    if view.water:
        speak(
            view,
            state,
            frame,
            out,
            at_ms=at_ms,
            offset=offset,
            stamp_ms=stamp_ms,
            sees=looked.sees and not looked.suspect,
        )
    portray(view, state, frame, looked, people, out)


def _flag(looked: Looked, told: Told) -> Flag:
    """The worse of what the camera's sight and the analytic say."""
    if not looked.sees:
        return Flag.UNKNOWN
    return Flag.SUSPECT if looked.suspect and told.flag is Flag.GOOD else told.flag


def _wait(state: CameraState, zone: str) -> None:
    """What cannot be known neither raises nor clears: what either was waiting for begins anew, with what is known again."""
    state.counts.pop(zone, None)
    level = state.levels.get(zone)
    if level is not None:
        level.easing_since = None
        del level.since[level.reached :]


def _judge(
    view: View, watched: Watched, state: CameraState, at_ms: int, value: float, use: Use
) -> AlertChange | None:
    """Let the zone's levels see the smoothed value."""
    if watched.limits is None:
        return None
    recent = state.counts.setdefault(watched.zone.id, deque())
    recent.append((at_ms, value))
    while recent[0][0] <= at_ms - watched.analytic.smooth_s * 1000:
        recent.popleft()
    smooth = median_low(each for _, each in recent)
    level = state.levels.setdefault(watched.zone.id, LevelState())
    step = watched.limits.judge(level, at_ms, smooth, use)
    if step is None:
        return None
    place = Place(BY, view.camera.id, watched.parameter, watched.analytic.unit)
    return stepped(place, watched.limits.rule, level, step, at_ms, float(smooth))


def _tell(
    change: AlertChange,
    watched: Watched,
    looked: Looked,
    people: Detections,
    memory: dict[str, Any],
    out: JudgedFrames,
) -> None:
    """The change; of what got worse with what the analytic says of it, and the picture. What got better needs none."""
    if change.change not in (Change.RAISE, Change.WORSE):
        out.changes.append(change)
        return
    evidence = MODULES[watched.analytic.code].evidence(watched.zone, change.value, memory)
    out.changes.append(msgspec.structs.replace(change, evidence=evidence) if evidence else change)
    number = int(present(watched.zone, looked.people).sum())
    shown = privacy.jpeg(drawn.kept(looked, watched.zone, people.boxes))
    out.snapshots.append(Snapshot(change.alert, change.seq, change.at, change.station, number, shown))
