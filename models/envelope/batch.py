"""A batch of records as it enters a flow, and what becomes of a record that is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from models.envelope.rejected import Rejected

if TYPE_CHECKING:
    from models.envelope.refusal import Refusal


class RawBatch(msgspec.Struct, gc=False):
    """Records of one partition in order; the four lists are parallel.

    `stamps_ms` is when the broker's producer took each record, `next_offset` the position after it. `tick_ms` is the clock when
    the partition had nothing more to give, else None: only then may silence be judged. `complete_ms` (by default `tick_ms`): the partition
    has given all that came until then.
    """

    topic: str
    partition: int
    offsets: list[int]
    values: list[bytes]
    keys: list[bytes | None]
    stamps_ms: list[int]
    next_offset: int
    tick_ms: int | None = None
    complete_ms: int | None = None


LATEST_MS = 7_258_118_400_000
"""The year 2200."""


def rejected(
    by: str, batch: RawBatch, record: tuple[int, bytes, bytes | None, int], why: Refusal
) -> Rejected:
    """What `by` refused of a batch; `record` is (offset, value, key, stamp in ms)."""
    offset, value, key, stamp_ms = record
    # A producer may write microseconds into the record's time: the year 55840 is no date.
    at = datetime.fromtimestamp(min(max(stamp_ms, 0), LATEST_MS) / 1000, UTC)
    place = (batch.topic, batch.partition, offset)
    return Rejected.of(why, place, source=by, at=at, key=key, payload=value)


def complete_ms(batch: RawBatch) -> int:
    """Until when the partition has given all that came; 0: the batch does not say."""
    return batch.complete_ms or batch.tick_ms or 0
