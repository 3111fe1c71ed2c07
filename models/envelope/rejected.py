"""What could not be read: the bytes, where they came from, and why, in words."""

from __future__ import annotations

from typing import Annotated

import msgspec

from models.catalogue.reasons import REASONS, Reason
from models.envelope.reading import Zoned

__all__ = ["WORDS", "Reason", "Rejected", "for_topic"]

WORDS = REASONS
"""Vietnamese, English."""


class Rejected(msgspec.Struct, frozen=True, gc=False):
    """Topic `rejected`: `source` is the component that refused, `seq` the record's offset.

    (topic, partition, offset) is the natural key; `payload` is kept byte for byte.
    """

    v: int
    source: str
    seq: int
    at: Zoned
    topic: str
    partition: int
    offset: Annotated[int, msgspec.Meta(ge=0)]
    key: bytes | None
    reason: Reason
    vi: str
    en: str
    payload: bytes


RECORD_BYTES = 12 * 1024 * 1024
"""A payload up to this fits into a record of the topic, in base64 (4/3 of it) and with its words."""
CUT_BYTES = 64 * 1024


def for_topic(one: Rejected) -> Rejected:
    """As it goes onto the topic `rejected`: a payload that no record holds is cut; the store keeps it whole."""
    if len(one.payload) <= RECORD_BYTES:
        return one
    return msgspec.structs.replace(
        one,
        vi=f"{one.vi} (chủ đề chỉ giữ {CUT_BYTES} byte đầu)",
        en=f"{one.en} (the topic has its first {CUT_BYTES} bytes only)",
        payload=one.payload[:CUT_BYTES],
    )
