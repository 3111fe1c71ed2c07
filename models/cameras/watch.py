"""Watch a batch of frames: open each, skip what stands still, find people, and water where it is watched, let the analytics see its zones.

    RawBatch ── read ── open ──┬── refused ───────────────────> rejected
                               ├── known ─────────────────────> duplicates
                               ├── nothing moved ─────────────> still
                               └── detect, again, segment, zones > observations, changes, snapshots

Each picture that is opened is also asked whether its camera sees: while it does not, every value is unknown, and behind a veil suspect.

Before it is opened, a frame may be passed over: where the machine does not hold all cameras at their rate (models/cameras/pace.py).

Every record ends in exactly one of observed, still, rejected, duplicates, passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.cameras.again import again, sure
from models.cameras.batch import Eyes, Glance, JudgedFrames
from models.cameras.blind import sees, stop_easing
from models.cameras.health import alive, alive_or_not, heard
from models.cameras.memory import CameraState, Plan, Shard, View
from models.cameras.read import is_news, read
from models.cameras.zones import observe
from models.envelope.batch import complete_ms, rejected
from models.envelope.partition import partition_of
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason
from models.vision.analytics.looked import Looked
from models.vision.motion import moved

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.envelope.batch import RawBatch
    from models.vision.frame import Frame
    from models.vision.taught import Taught

NAME = "cameras"


@dataclass(slots=True)
class _Look:
    """A frame on its way through the batch."""

    index: int
    frame: Frame
    at_ms: int
    view: View
    state: CameraState
    glance: Glance | None = None
    unknown: bool = False
    suspect: bool = False


def watch(plan: Plan, shard: Shard, eyes: Eyes, batch: RawBatch) -> JudgedFrames:
    """Judge a batch of one partition against its memory `shard`, which is changed in place."""
    first = batch.offsets[0] if batch.offsets else batch.next_offset
    read_n = len(batch.offsets)
    now_ms = max([*batch.stamps_ms, batch.tick_ms or 0], default=0)
    out = JudgedFrames(
        batch.topic, batch.partition, first, batch.next_offset, read_n, [], [], [], [], [], [], [], [],
        now_ms, complete_ms(batch),
    )  # fmt: skip
    looks = [look for i in range(read_n) if (look := _read(plan, shard, batch, i, out)) is not None]
    worth = [
        one
        for one in _opened(eyes, batch, _admitted(eyes, batch, looks, out), out)
        if _worth_a_look(one, batch, out)
    ]
    found = eyes.detect([one.glance.picture for one in worth if one.glance]) if worth else []
    waters = _water(eyes, worth)
    found = again(eyes, [(one.frame, one.state, one.at_ms, one.unknown) for one in worth], found)
    for look, people in zip(worth, found, strict=True):
        if look.glance is not None:
            place = {"offset": batch.offsets[look.index], "stamp_ms": batch.stamps_ms[look.index]}
            looked = Looked(
                look.glance.picture,
                sure(people),
                look.at_ms,
                waters.get(look.index),
                look.glance.look,
                _taught(eyes, look.view) if look.view.water else None,
                sees=not look.unknown,
                suspect=look.suspect,
                shift=look.state.sight.shift,
                once=None if people.once is None else sure(people.once),
                ground=None if look.view.camera.ground is None else tuple(look.view.camera.ground),
            )
            observe(look.view, look.state, look.frame, looked, people, out, **place)
    if batch.tick_ms is not None:
        _tick(plan, shard, batch.partition, batch.tick_ms, out)
    out.paces = eyes.paces()
    return out


def _water(eyes: Eyes, worth: list[_Look]) -> dict[int, NDArray[np.float32]]:
    """By index in the batch, what the net for water says of the pictures of cameras that watch water; one batch for all of them."""
    if eyes.segment is None:
        return {}
    pictures = {one.index: one.glance.picture for one in worth if one.glance and one.view.water}
    if not pictures:
        return {}
    return dict(zip(pictures, eyes.segment(list(pictures.values())), strict=True))


def _taught(eyes: Eyes, view: View) -> Taught | None:
    """What the camera was taught of the view that it has now."""
    taught = eyes.taught(view.camera.id)
    return taught if taught is not None and taught.view == view.camera.view else None


def _read(plan: Plan, shard: Shard, batch: RawBatch, i: int, out: JudgedFrames) -> _Look | None:
    frame = read(batch.values[i], batch.keys[i], batch.stamps_ms[i], plan)
    if isinstance(frame, Refusal):
        _refuse(batch, i, frame, out)
        return None
    state = shard.setdefault(frame.source, CameraState())
    return _Look(i, frame, round(frame.at.timestamp() * 1000), plan[frame.source], state)


def _admitted(eyes: Eyes, batch: RawBatch, looks: list[_Look], out: JudgedFrames) -> list[_Look]:
    admitted = eyes.admit([look.frame for look in looks])
    out.passed = [batch.offsets[look.index] for look, yes in zip(looks, admitted, strict=True) if not yes]
    return [look for look, yes in zip(looks, admitted, strict=True) if yes]


def _opened(eyes: Eyes, batch: RawBatch, looks: list[_Look], out: JudgedFrames) -> list[_Look]:
    """Those that are news; a picture that cannot be read is no sign of life of its camera, one of one colour is.

    Only what our key opens may move a camera's memory on: anybody can write to a topic.
    """
    good = []
    for look, glance in zip(looks, eyes.glance([look.frame for look in looks]), strict=True):
        if isinstance(glance, Refusal):
            _refuse(batch, look.index, glance, out)
            # Of one colour: it was opened with our key, so it is news of its camera, if of nothing else.
            if glance.reason is Reason.NOTHING_TO_SEE and is_news(look.state, look.frame, look.at_ms):
                good.append(look)
        elif not is_news(look.state, look.frame, look.at_ms):
            out.duplicates.append(batch.offsets[look.index])
        else:
            look.glance = glance
            good.append(look)
    return good


def _worth_a_look(look: _Look, batch: RawBatch, out: JudgedFrames) -> bool:
    """Whether something moved since the last look, or the heartbeat is due; and the camera's health."""
    state, glance, camera = look.state, look.glance, look.view.camera
    heard(look.view, state, look.at_ms, out)
    if glance is None:
        sees(look.view, state, None, look.at_ms, out)
        return False
    known = glance.look is None or sees(look.view, state, glance.look, look.at_ms, out)
    look.unknown = not alive(look.view, state, glance.thumb, look.at_ms, out) or not known
    look.suspect = state.sight.veil is not None
    if look.unknown or look.suspect:
        stop_easing(state)
    due = look.at_ms - state.looked_ms >= camera.heartbeat_s * 1000
    if state.looked is not None and not due and not moved(state.looked, glance.thumb):
        out.still.append(batch.offsets[look.index])
        return False
    state.looked, state.looked_ms = glance.thumb, look.at_ms
    out.observed.append(batch.offsets[look.index])
    return True


def _refuse(batch: RawBatch, i: int, why: Refusal, out: JudgedFrames) -> None:
    record = (batch.offsets[i], batch.values[i], batch.keys[i], batch.stamps_ms[i])
    out.rejected.append(rejected(NAME, batch, record, why))


def _tick(plan: Plan, shard: Shard, partition: int, now_ms: int, out: JudgedFrames) -> None:
    """Let time pass: tell silence, also of cameras that never sent a frame."""
    for name, view in plan.items():
        if partition_of(name) == partition:
            alive_or_not(view, shard.setdefault(name, CameraState()), now_ms, out)
