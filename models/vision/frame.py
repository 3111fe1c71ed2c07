"""A frame as the cameras' process puts it on Kafka: one picture, sealed, with its capture time."""

from __future__ import annotations

from typing import Annotated

import msgspec

from models.envelope.reading import Count, Zoned


class Frame(msgspec.Struct, frozen=True, gc=False):
    """Topic `frames`, MessagePack: `sealed` is the JPEG under AES-256-GCM (`connectors.sealing`), for faces.

    `source` is the camera's id, `seq` its own counter from the process's start (gaps are frames that
    were dropped), `at` the time of capture.
    """

    v: Annotated[int, msgspec.Meta(ge=1)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    seq: Count
    at: Zoned
    content_type: Annotated[str, msgspec.Meta(max_length=64)]
    sealed: bytes


def about(source: str) -> bytes:
    """What the seal binds the picture to: another camera's name on it does not open."""
    return b"frame:" + source.encode()
