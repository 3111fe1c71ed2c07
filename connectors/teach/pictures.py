"""Pictures to teach a camera from: a folder, the sealed frames that Kafka still holds, or the camera itself."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import av
import httpx
import msgspec
import numpy as np
from confluent_kafka import Consumer, KafkaException, TopicPartition

from connectors.cameras import snapshot, stream
from connectors.cameras.address import address, with_credentials
from connectors.kafka.client import client_settings
from connectors.sealing import NotSealedByUsError, Seal, key
from models.envelope.bilingual import VIETNAM
from models.envelope.partition import partition_of
from models.envelope.refusal import Refusal
from models.vision.frame import Frame, about
from models.vision.lesson import Shot
from models.vision.look import look
from models.vision.picture import open_jpeg, size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from connectors.clock import Now
    from connectors.settings import Settings
    from models.vision.camera import Camera
    from models.vision.segmentation import Segmenter

SUFFIXES = (".jpg", ".jpeg", ".png")
MOST = 400
"""Pictures: at 15 a second the net takes half a minute for them."""
STAMP = re.compile(r"(20\d\d)-?([01]\d)-?([0-3]\d)[T_ -]?([0-2]\d)[-:h_]?([0-5]\d)(?:[-:_]?([0-5]\d))?(Z)?")
"""A time in a picture's name, in Vietnam unless a Z follows: 20261015T0930, 2026-10-15_09-30-00."""
AT_ONCE = 16
WAIT_S = 10.0
X = TypeVar("X")
_decode = msgspec.msgpack.Decoder(Frame).decode


class Taken(NamedTuple):
    """A picture as it came: its name, its bytes (JPEG or PNG), and when it was taken (ms; None where nobody knows)."""

    name: str
    data: bytes
    at_ms: int | None


class UnusableError(ValueError):
    """No picture can be had, or one cannot be read; it is named."""


FAILURES = (
    UnusableError,
    KafkaException,
    av.FFmpegError,
    httpx.HTTPError,
    OSError,
    stream.EndedError,
    snapshot.TooBigError,
)
"""What getting pictures may raise; the text of each names the source."""


def of_folder(folder: Path) -> list[Taken]:
    """All pictures of a folder, by name; with more than MOST every so many-th."""
    if not folder.is_dir():
        msg = f"không có thư mục {folder} (no such folder)"
        raise UnusableError(msg)
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return [Taken(path.name, path.read_bytes(), at_ms(path.name)) for path in _spread(paths)]


def at_ms(name: str) -> int | None:
    """The time in a picture's name.

    >>> at_ms("cau_20261015T0930.jpg") == at_ms("cau_2026-10-15_02-30-00Z.png")
    True
    >>> at_ms("cau-1.jpg") is None
    True
    """
    found = STAMP.search(name)
    if found is None:
        return None
    *parts, second, zulu = found.groups()
    try:
        at = datetime(*(int(part) for part in parts), int(second or 0), tzinfo=UTC if zulu else VIETNAM)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    return round(at.timestamp() * 1000)


def of_kafka(own: Settings, camera: str) -> list[Taken]:
    """What the topic `frames` still holds of a camera, spread over all its time."""
    seal = Seal(key(own.secrets_dir, "frames"))
    place = TopicPartition("frames", partition_of(camera))
    # A group of its own that commits nothing: the flow's place is not touched.
    consumer = Consumer(
        client_settings(own.bootstrap, own)
        | {"group.id": f"teach-{uuid.uuid4()}", "enable.auto.commit": False}
    )
    try:
        first, end = consumer.get_watermark_offsets(place, timeout=WAIT_S)
        found: dict[int, Taken] = {}
        for offset in _spread(range(first, end)):
            consumer.assign([TopicPartition(place.topic, place.partition, offset)])
            while (message := consumer.poll(WAIT_S)) is not None and not message.error():
                frame, at = _frame(message.value(), camera), message.offset() or 0
                if frame is not None and at not in found:
                    name, taken_ms = (
                        f"{frame.at:%Y%m%dT%H%M%SZ}-{frame.seq}.jpg",
                        round(frame.at.timestamp() * 1000),
                    )
                    found[at] = Taken(name, _opened(seal, frame), taken_ms)
                if frame is not None or at >= end - 1:
                    break
        return [found[offset] for offset in sorted(found)]
    finally:
        consumer.close()


def of_camera(own: Settings, camera: Camera, now: Now, number: int) -> list[Taken]:
    """So many pictures of the camera itself, at its own rate."""
    where = with_credentials(address(camera, own.camera_server), camera.id, own.secrets_dir)
    kind = snapshot if where.startswith("http") else stream
    found: list[Taken] = []
    for picture in kind.pictures(where, camera.rate_per_s, now, lambda: len(found) >= number):
        at = picture.at
        found.append(
            Taken(f"{at:%Y%m%dT%H%M%S}-{len(found)}.jpg", picture.data, round(at.timestamp() * 1000))
        )
        if len(found) >= number:
            break
    return found


def opened(taken: Taken, at_least: tuple[int, int]) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The picture (h, w, 3, BGR) at the size that the flow sees it in, and its own width and height; UnusableError names what cannot be read."""
    import cv2

    whole = size(taken.data)
    if not isinstance(whole, Refusal):
        picture = open_jpeg(taken.data, at_least)
        if isinstance(picture, Refusal):
            msg = f"{taken.name}: {picture.vi} ({picture.en})"
            raise UnusableError(msg)
        return picture, whole

    decoded = cv2.imdecode(np.frombuffer(taken.data, np.uint8), cv2.IMREAD_COLOR) if taken.data else None
    if decoded is None:
        msg = f"{taken.name}: {whole.vi} ({whole.en})"
        raise UnusableError(msg)
    return np.asarray(decoded, np.uint8), (decoded.shape[1], decoded.shape[0])


def shots(several: Sequence[Taken], segment: Segmenter, at_least: tuple[int, int]) -> list[Shot]:
    """Each picture with its figures and what the net says of it; opened and looked at AT_ONCE at a time, for memory."""
    found: list[Shot] = []
    for i in range(0, len(several), AT_ONCE):
        part = several[i : i + AT_ONCE]
        pictures = [opened(taken, at_least) for taken in part]
        grids = segment([picture for picture, _ in pictures])
        found += [
            Shot(taken.name, taken.at_ms, width, height, look(picture), grid)
            for taken, (picture, (width, height)), grid in zip(part, pictures, grids, strict=True)
        ]
    return found


def _spread(several: Sequence[X]) -> list[X]:
    """At most MOST of them, evenly."""
    if len(several) <= MOST:
        return list(several)
    return [several[round(i * (len(several) - 1) / (MOST - 1))] for i in range(MOST)]


def _frame(value: bytes | None, camera: str) -> Frame | None:
    """A frame of this camera; None for another's, and for what is none."""
    try:
        frame = _decode(value or b"")
    except msgspec.MsgspecError:
        return None
    return frame if frame.source == camera else None


def _opened(seal: Seal, frame: Frame) -> bytes:
    try:
        return seal.open(frame.sealed, about(frame.source))
    except NotSealedByUsError as error:
        msg = f"{frame.source} {frame.seq}: không mở được bằng khóa của hệ thống (not sealed with our key)"
        raise UnusableError(msg) from error
