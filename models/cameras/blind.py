"""Is a camera blind? What one picture says must last before it is told, and good pictures must last before it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import Kind
from models.alerting.change import Place, Unknown, unknown
from models.envelope.evidence import Evidence
from models.vision.findings import Finding, Grave
from models.vision.sight import judge

if TYPE_CHECKING:
    from models.cameras.batch import JudgedFrames
    from models.cameras.memory import CameraState, View
    from models.vision.look import Look
    from models.vision.sight import Sight

BY = "cameras"
PICTURE = "picture"
BLIND = "blind"
HOLD_S, HOLD_PASSING_S, HOLD_PICTURES = 10, 24, 4
"""Told when the doubt has lasted so long and in so many pictures; the second where it may be a lorry that stops before the camera for 20 s.
Within 27 s at a picture a second, the view's mean included, and within 50 s at one in ten."""
WELL_S, WELL_PICTURES = 15, 5
"""Over when pictures have been good for so long, and so many in a row."""
FORGIVEN = 3
"""So many good pictures in a row end a doubt that was not told yet; fewer are a hand that moves."""
NOTHING = Finding(Evidence("ảnh chỉ một màu", "the picture is of one colour"), Grave.SURE)


def sees(view: View, state: CameraState, look: Look | None, at_ms: int, out: JudgedFrames) -> bool:
    """Whether what the picture shows can be known; tells when that has not been so for long, and when it is again.

    A veil (`state.sight.veil`: fog, drops on the glass) leaves it seeing, though nothing of it is sure. `look` is None for a picture of one colour, which was refused and is no less a sign of a covered lens.
    """
    sight = state.sight
    if look is None:
        sight.veil = None
    doubt = NOTHING if look is None else judge(sight, look, at_ms, view.camera.view)
    if doubt is None or doubt.grave is Grave.VEIL:
        _well(view, sight, at_ms, out)
    else:
        _doubted(view, sight, doubt, at_ms, out)
    return (doubt is None or sight.veil is not None) and not sight.blind_onset_ms


def _doubted(view: View, sight: Sight, doubt: Finding, at_ms: int, out: JudgedFrames) -> None:
    sight.wells = 0
    if not sight.doubts:
        sight.doubt_since_ms = at_ms
    sight.doubts += 1
    lasted_ms = at_ms - sight.doubt_since_ms
    hold_s = HOLD_S if doubt.grave is Grave.SURE else HOLD_PASSING_S
    if not sight.blind_onset_ms and sight.doubts >= HOLD_PICTURES and lasted_ms >= hold_s * 1000:
        sight.blind_onset_ms = at_ms
        change = unknown(_blindness(view), at_ms, at_ms, lasted_ms / 1000)
        out.changes.append(msgspec.structs.replace(change, evidence=[doubt.why]))


def _well(view: View, sight: Sight, at_ms: int, out: JudgedFrames) -> None:
    if not sight.doubts:
        return
    if not sight.wells:
        sight.well_since_ms = at_ms
    sight.wells += 1
    if not sight.blind_onset_ms:
        if sight.wells >= FORGIVEN:
            sight.doubts = sight.wells = 0
        return
    if sight.wells >= WELL_PICTURES and at_ms - sight.well_since_ms >= WELL_S * 1000:
        spell_s = (at_ms - sight.doubt_since_ms) / 1000
        out.changes.append(unknown(_blindness(view), sight.blind_onset_ms, at_ms, spell_s, over=True))
        sight.blind_onset_ms = sight.doubts = sight.wells = 0


def stop_easing(state: CameraState) -> None:
    """What a crowd's end was waiting for begins anew: only what is seen, and lasts, may clear."""
    for level in state.levels.values():
        level.easing_since = None


def put_back(sight: Sight, at_ms: int) -> None:
    """Nothing that is remembered may lie in the future of a clock that was put back."""
    sight.at_ms = min(sight.at_ms, at_ms)
    sight.doubt_since_ms = min(sight.doubt_since_ms, at_ms)
    sight.well_since_ms = min(sight.well_since_ms, at_ms)


def _blindness(view: View) -> Unknown:
    return Unknown(Place(BY, view.camera.id, PICTURE, "s"), BLIND, Kind.BLIND, float(HOLD_S))
