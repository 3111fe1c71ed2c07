"""A batch as it enters and leaves the judgement; it stays one item on its way through a flow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange
from models.rejected import Rejected
from models.telemetry.reading import SCHEMA_VERSION, Observation, Zoned

if TYPE_CHECKING:
    from models.telemetry.check import Refusal


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


class Derived(msgspec.Struct, frozen=True, gc=False):
    """A value that was computed, such as `pm25_1h`; `at` is the end of its period."""

    at: Zoned
    source: str
    parameter: str
    value: float
    unit: str
    flag: int
    count: int


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a test of quality says of the reading of `at`; it holds until the same test speaks of it again.

    Written only where it is not GOOD, and where a late reading may have changed it.
    """

    at: Zoned
    source: str
    parameter: str
    test: str
    flag: int


class LevelRow(msgspec.Struct, frozen=True, gc=False):
    """The history of a rule's level at a sensor: `level` (0: none) was in force from `at` on, by `value`."""

    at: Zoned
    source: str
    parameter: str
    rule: str
    level: int
    value: float


class Doubt(msgspec.Struct, frozen=True, gc=False):
    """A reading that was judged before is marked otherwise now; `flag` is what the tests of its value say."""

    source: str
    parameter: str
    at_ms: int
    value: float
    flag: int


class Withdrawn(msgspec.Struct, frozen=True, gc=False):
    """Derived values that were reckoned anew because readings came late: from `start` to `end` (event time, both within).

    Of `codes` (a `*` ends a prefix) only those among the batch's `derived` still hold, of the levels of `rule` only those
    among its `levels`; what changed or went is kept as a revision by the store.
    """

    source: str
    codes: list[str]
    start: Zoned
    end: Zoned
    rule: str = ""


class FloodRow(msgspec.Struct, frozen=True, gc=False):
    """A flood at a gauge as it is known now (models.river.flood.Flood); (station, start) is its key.

    `gone`: late readings show that no flood began then; its row goes.
    """

    source: str
    start: Zoned
    peak_at: Zoned
    peak: float
    end: Zoned | None
    blind_s: float
    gone: bool = False


class Judged(msgspec.Struct, gc=False):
    """What became of a batch: every record is an observation, rejected, a duplicate or a beat.

    `origins` are the source offsets of `observations`, ascending; `next_offset` follows the
    batch's last record (the partition's position when only time passed, read = 0). `now_ms` is when the last of it came,
    `heard` when each station was heard last; `doubts` are readings whose use late ones have changed; `late`: some came long after their time or out of order.
    All that came until `complete_ms` has been judged; 0: the batch does not say.
    """

    topic: str
    partition: int
    next_offset: int
    read: int
    observations: list[Observation]
    origins: list[int]
    derived: list[Derived]
    changes: list[AlertChange]
    rejected: list[Rejected]
    duplicates: list[int]
    verdicts: list[Verdict] = []
    floods: list[FloodRow] = []
    withdrawn: list[Withdrawn] = []
    beats: int = 0
    now_ms: int = 0
    heard: dict[str, int] = {}
    doubts: list[Doubt] = []
    levels: list[LevelRow] = []
    late: bool = False
    complete_ms: int = 0


def complete_ms(batch: RawBatch) -> int:
    """Until when the partition has given all that came; 0: the batch does not say."""
    return batch.complete_ms or batch.tick_ms or 0


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
    return Rejected(SCHEMA_VERSION, by, offset, at, *place, key, why.reason, why.vi, why.en, value)
