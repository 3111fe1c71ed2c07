"""What is told of a clip: pictures at a pace go through the flow's own judgement (`models.cameras.watch`), with a net that sees nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np

from models.alerting.alert import Change
from models.cameras.batch import Eyes, Glance
from models.cameras.memory import CameraState, View, Watched
from models.cameras.watch import watch
from models.catalogue.analytics import ZoneKind
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.envelope.reading import Flag
from models.envelope.refusal import Refusal
from models.vision.camera import Camera, Zone
from models.vision.detection import Detections
from models.vision.frame import Frame
from models.vision.look import look
from models.vision.picture import open_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Seen = Glance | Refusal

SEEN = 32
"""Healthy pictures before a fault."""
AFTER = {1.0: 30, 10.0: 6}
"""By seconds between two pictures: how many of the fault's there are until it must have been told."""
NET = (320, 320)
NAME, START_MS = "bench", 1_800_000_000_000
WHOLE = Zone("all", "Cả khung hình", ZoneKind.CROWD, [(0, 0), (1, 0), (1, 1), (0, 1)])


@dataclass
class Told:
    """Of a clip: when (s after its first picture) which alerts were raised and why, and the flag of each picture; None: it was skipped."""

    raised: list[tuple[float, str, str]] = field(default_factory=list)
    flags: list[int | None] = field(default_factory=list)
    state: CameraState = field(default_factory=CameraState)


def jpeg(picture: Picture) -> bytes:
    """As the capture encodes it."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def glance(sealed: bytes) -> Glance | Refusal:
    """As the flow opens it."""
    picture = open_jpeg(sealed, NET)
    if isinstance(picture, Refusal):
        return picture
    figures = look(picture)
    return Glance(picture[:2, :2], figures.thumb, figures)


def play(
    glances: Iterable[Glance | Refusal],
    every_s: float,
    first_s: float = 0.0,
    state: CameraState | None = None,
) -> Told:
    """What is told of pictures that come every `every_s`."""
    camera = Camera(NAME, "Camera", [], "rtsp://camera/1", [], rate_per_s=1 / every_s, heartbeat_s=1)
    told = Told(state=state or CameraState())
    views = {NAME: _view(camera)}
    shard = {NAME: told.state}
    for i, one in enumerate(glances):
        at_ms = START_MS + round(1000 * (first_s + i * every_s))
        moment = datetime.fromtimestamp(at_ms / 1000, UTC)
        frame = Frame(1, NAME, at_ms // 100, moment, "image/jpeg", b"")
        batch = RawBatch(
            topic="frames", partition=partition_of(NAME), offsets=[i], values=[msgspec.msgpack.encode(frame)],
            keys=[NAME.encode()], stamps_ms=[at_ms], next_offset=i + 1,
        )  # fmt: skip
        out = watch(views, shard, _eyes(one), batch)
        told.raised += [
            (first_s + i * every_s, change.kind.value, change.evidence[0].en if change.evidence else "")
            for change in out.changes
            if change.change is Change.RAISE
        ]
        told.flags.append(out.observations[0].flag if out.observations else None)
    return told


def _eyes(seen: Seen) -> Eyes:
    return Eyes(lambda _: [seen], lambda pictures: [Detections.none() for _ in pictures])


def _view(camera: Camera) -> View:
    return View(camera, (Watched(WHOLE, WHOLE.analytic, WHOLE.parameter, None),))


__all__ = ["AFTER", "SEEN", "Flag", "Told", "glance", "jpeg", "play"]
