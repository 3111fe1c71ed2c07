"""Frames that no camera should send, put among the good ones: each must end rejected, by its name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np

from connectors.kafka.sink import KafkaSinkSettings, producer
from connectors.sealing import Seal, key
from models.envelope.partition import partition_of
from models.envelope.rejected import Reason
from models.vision.frame import Frame, about

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from connectors.settings import Settings

JPEG, NOBODY = "image/jpeg", "camera-la"


def publish(own: Settings, camera: str, at: datetime, alive: Callable[[], None]) -> dict[str, int]:
    """Send one of each kind, taken at `at`; returns how many must be rejected for which reason. `alive` raises when Kafka will not come back."""
    seal = Seal(key(own.secrets_dir, "frames"))
    out = producer(
        KafkaSinkSettings(
            own.bootstrap, "frames", config={"compression.type": "none", "message.timeout.ms": 0}
        )
    )
    expected = Counter[str]()
    for source, content_type, picture, is_sealed, reason in _bad(camera):
        sealed = seal.seal(picture, about(source)) if is_sealed else picture
        frame = Frame(1, source, 0, at, content_type, sealed)
        out.produce(
            "frames",
            msgspec.msgpack.encode(frame),
            source,
            partition_of(source),
            timestamp=round(at.timestamp() * 1000),
        )
        expected[reason] += 1
    while out.flush(10):
        alive()  # as long as Kafka takes; what it refuses is named by the accounting
    return dict(expected)


def _bad(camera: str) -> Iterator[tuple[str, str, bytes, bool, Reason]]:
    """Source, content type, bytes, whether they are sealed, and why they must be refused."""
    whole = _jpeg(np.random.default_rng(3).integers(0, 255, (360, 640, 3), dtype=np.uint8))
    yield camera, JPEG, whole[: len(whole) // 2], True, Reason.NOT_A_PICTURE
    yield camera, JPEG, _jpeg(np.full((360, 640, 3), 128, np.uint8)), True, Reason.NOTHING_TO_SEE
    yield camera, JPEG, _forty_megapixels(), True, Reason.TOO_BIG
    yield camera, "text/html", b"<html>login</html>", True, Reason.WRONG_CONTENT
    yield camera, JPEG, whole, False, Reason.WRONG_SIGNATURE
    yield NOBODY, JPEG, whole, True, Reason.UNKNOWN_CAMERA


def _jpeg(picture: np.ndarray) -> bytes:
    done, jpeg = cv2.imencode(".jpg", picture)
    if not done:
        msg = "no JPEG was made"
        raise RuntimeError(msg)
    return jpeg.tobytes()


def _forty_megapixels() -> bytes:
    return _jpeg(np.tile(np.arange(0, 250, 2, dtype=np.uint8), (5200, 62)))
