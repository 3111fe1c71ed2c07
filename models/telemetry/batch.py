"""A batch as it enters and leaves the judgement; it stays one item on its way through a flow."""

from __future__ import annotations

import msgspec

from models.alerting.alert import AlertChange
from models.envelope.reading import Observation, Zoned
from models.envelope.rejected import Rejected


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
