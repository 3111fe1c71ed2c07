"""What could not be read: the bytes, where they came from, and why, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol, Self

import msgspec

from models.catalogue.reasons import REASONS, Reason
from models.envelope.reading import SCHEMA_VERSION, Zoned

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["WORDS", "Reason", "Rejected", "for_topic"]

WORDS = REASONS
"""Vietnamese, English."""


class Why(Protocol):
    """A refusal, by whichever decoder: the reason as a label, and in words in two languages."""

    @property
    def reason(self) -> Reason: ...
    @property
    def vi(self) -> str: ...
    @property
    def en(self) -> str: ...


class Rejected(msgspec.Struct, frozen=True, gc=False, kw_only=True):
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

    @classmethod
    def of(
        cls,
        why: Why,
        record: tuple[str, int, int],
        *,
        source: str,
        at: datetime,
        key: bytes | None,
        payload: bytes,
    ) -> Self:
        """What `source` refused at the instant `at`; `record` is (topic, partition, offset), the natural key."""
        topic, partition, offset = record
        return cls(
            v=SCHEMA_VERSION,
            source=source,
            seq=offset,
            at=at,
            topic=topic,
            partition=partition,
            offset=offset,
            key=key,
            reason=why.reason,
            vi=why.vi,
            en=why.en,
            payload=payload,
        )


RECORD_BYTES = 12 * 1024 * 1024
"""A payload up to this fits into a record of the topic, in base64 (4/3 of it) and with its words."""
CUT_BYTES = 64 * 1024


def for_topic(rejected: Rejected) -> Rejected:
    """As it goes onto the topic `rejected`: a payload that no record holds is cut; the store keeps it whole."""
    if len(rejected.payload) <= RECORD_BYTES:
        return rejected
    return msgspec.structs.replace(
        rejected,
        vi=f"{rejected.vi} (chủ đề chỉ giữ {CUT_BYTES} byte đầu)",
        en=f"{rejected.en} (the topic has its first {CUT_BYTES} bytes only)",
        payload=rejected.payload[:CUT_BYTES],
    )
