"""Whether a camera delivers new pictures: the alerts `silent` (none came) and `frozen` (always the same one came).

Input: the time of each picture (event time, ms), its small grey copy, and the clock. Output: changes of alerts in `out`. While
either alert is open the number of people is unknown, which is another thing than 0. Whether a new picture shows anything (black, covered,
turned away) is judged in `models.cameras.blind`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.alert import Kind
from models.alerting.change import Place, Unknown, unknown
from models.vision.motion import stands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.cameras.batch import JudgedFrames
    from models.cameras.memory import CameraState, View

BY = "cameras"
PICTURE = "picture"
SILENT, FROZEN = "silent", "frozen"
"""Rule ids; their limits are the camera's `silent_after_s` and `frozen_after_s`."""
LEAST_SAME = 2
"""Unchanged pictures that it takes at least: a camera of one picture a minute may deliver one of them twice."""


def heard(view: View, state: CameraState, at_ms: int, out: JudgedFrames) -> None:
    """Take note of a readable picture of `at_ms`; ends the silence where there was one, with its length in s."""
    alive_or_not(view, state, at_ms, out)
    if state.silent_onset_ms:
        spell_s = (at_ms - state.heard_ms) / 1000
        out.changes.append(unknown(_silence(view), state.silent_onset_ms, at_ms, spell_s, over=True))
        state.silent_onset_ms = 0
    state.heard_ms = max(state.heard_ms, at_ms)


def alive_or_not(view: View, state: CameraState, now_ms: int, out: JudgedFrames) -> None:
    """Raise `silent` once `silent_after_s` have passed since the last picture; the alert begins at that deadline, not at `now_ms`."""
    state.heard_ms = state.heard_ms or now_ms
    limit_s = view.camera.silent_after_s
    deadline_ms = state.heard_ms + limit_s * 1000
    if not state.silent_onset_ms and now_ms > deadline_ms:
        state.silent_onset_ms = deadline_ms
        out.changes.append(unknown(_silence(view), deadline_ms, deadline_ms, float(limit_s)))


def alive(view: View, state: CameraState, thumb: NDArray[np.uint8], at_ms: int, out: JudgedFrames) -> bool:
    """Whether people may be counted in the picture: False while the camera is frozen.

    Raises `frozen` when the picture has not changed for `frozen_after_s` (a clock written into it is no change), and clears it
    with the first picture that differs, but for what an encoder does to one picture (models/vision/motion.py). Not raised of a camera that is blind: a black or covered picture never changes.
    """
    is_same = state.last is not None and stands(state.still, state.last, thumb, at_ms)
    state.last = thumb
    if not is_same:
        if state.frozen_onset_ms:
            spell_s = (at_ms - state.same_since_ms) / 1000
            out.changes.append(unknown(_frost(view), state.frozen_onset_ms, at_ms, spell_s, over=True))
            state.frozen_onset_ms = 0
        state.same_since_ms = at_ms
        return True
    limit_s = view.camera.frozen_after_s
    deadline_ms = state.same_since_ms + limit_s * 1000
    long = at_ms >= deadline_ms and state.still.times >= LEAST_SAME
    if not state.frozen_onset_ms and long and not state.sight.blind_onset_ms:
        state.frozen_onset_ms = deadline_ms
        out.changes.append(unknown(_frost(view), deadline_ms, deadline_ms, float(limit_s)))
    return not state.frozen_onset_ms


def _silence(view: View) -> Unknown:
    place = Place(BY, view.camera.id, PICTURE, "s")
    return Unknown(place, SILENT, Kind.SILENT, float(view.camera.silent_after_s))


def _frost(view: View) -> Unknown:
    place = Place(BY, view.camera.id, PICTURE, "s")
    return Unknown(place, FROZEN, Kind.FROZEN, float(view.camera.frozen_after_s))
