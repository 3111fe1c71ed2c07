"""In which turn the reports of several partitions are heard: by when they came, whichever is read first.

    reports, each partition in its own order ── take ──> held ── released, the earliest first ──> heard

A report is heard once every partition that is waited for has told of all that came until then. So the same reports are heard in the
same turn however their partitions are read, restarted or shared among processes: what is told, and its identity, hangs on no race
(Kafka Streams orders the partitions of a task in the same way). A partition that stays behind while nothing of it waits to be read is waited for
no longer than PATIENCE_MS; what it says later is late news.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.places.report import PartitionReport

PATIENCE_MS = 60_000
"""By the wall clock. A process that was killed is back within seconds, on a busy machine within half a minute."""


class Origin(NamedTuple):
    """Who reports: the partition of a flow."""

    source: str
    partition: int


class Turn(NamedTuple):
    """Where a report stands: when the last of it came (ms), then by origin, then in the origin's own order."""

    due_ms: int
    origin: Origin
    number: int


@dataclass(slots=True)
class Progress:
    """How far an origin is.

    No report of it that is still to come is due before `until_ms`. `next_offset` and `newest_ms` are of its own topic: by
    these a batch that was told before is known. `count`: its reports so far.
    """

    until_ms: int = 0
    next_offset: int = 0
    newest_ms: int = 0
    count: int = 0


@dataclass(slots=True)
class Turns:
    """What is held, how far each origin is, and the place reached in the topic `testimony`, by its partitions.

    `head` is the turn that waits longest, since `head_since_ms` by the wall clock; `passed` are the origins that are not waited for.
    """

    progress: dict[Origin, Progress] = field(default_factory=dict)
    held: list[tuple[Turn, int, int, PartitionReport]] = field(default_factory=list)
    """A heap: turn, partition and offset in `testimony`, report."""
    read: dict[int, int] = field(default_factory=dict)
    began: dict[int, int] = field(default_factory=dict)
    caught_up: set[int] = field(default_factory=set)
    head: Turn | None = None
    head_since_ms: int = 0
    heard_ms: int = 0
    passed: set[Origin] = field(default_factory=set)


def take(turns: Turns, partition: int, offset: int, report: PartitionReport) -> None:
    """Line a report up that stands at `offset` of a partition of `testimony`; one that was told before only tells of progress."""
    origin = Origin(report.source, report.partition)
    progress = turns.progress.setdefault(origin, Progress())
    repeated = _repeated(progress, report)
    due_ms = max(progress.until_ms, report.now_ms)
    progress.until_ms = max(due_ms, report.complete_ms + 1 if report.complete_ms else 0)
    if not repeated and not report.only_progress:
        progress.count += 1
        heappush(turns.held, (Turn(due_ms, origin, progress.count), partition, offset, report))
    if progress.until_ms >= turns.heard_ms:
        turns.passed.discard(origin)


def _repeated(progress: Progress, report: PartitionReport) -> bool:
    """A flow that was killed tells the batches since its last snapshot once more, cut otherwise."""
    if not report.read:
        return False
    if report.next_offset <= progress.next_offset and report.now_ms <= progress.newest_ms:
        return True
    # A lower offset that came later: Kafka was begun anew and counts from 0.
    progress.next_offset = report.next_offset
    progress.newest_ms = max(progress.newest_ms, report.now_ms)
    return False


def released(turns: Turns, waited: Collection[Origin]) -> list[PartitionReport]:
    """The reports whose turn has come, in order. `waited`: who must have told of the time before; empty: nobody is waited for."""
    found: list[PartitionReport] = []
    while turns.held and not _ahead(turns, turns.held[0][0], waited):
        turn, _, _, report = heappop(turns.held)
        turns.heard_ms = max(turns.heard_ms, turn.due_ms)
        found.append(report)
    return found


def _ahead(turns: Turns, turn: Turn, waited: Collection[Origin]) -> list[Origin]:
    """The origins that may still report something whose turn is before this one."""
    return [
        origin
        for origin in waited
        if origin != turn.origin
        and origin not in turns.passed
        and (turns.progress.get(origin, _NEVER).until_ms, origin) < (turn.due_ms, turn.origin)
    ]


def nothing_waits(turns: Turns, partition: int, now_ms: int, waited: Collection[Origin]) -> None:
    """All of a partition of `testimony` has been read, at `now_ms` by the wall clock: who stays behind for too long is passed over."""
    turns.caught_up.add(partition)
    head = turns.held[0][0] if turns.held else None
    if head is None or head != turns.head:
        turns.head, turns.head_since_ms = head, now_ms
        return
    missing = _ahead(turns, head, waited)
    known = all(origin.partition in turns.caught_up for origin in missing)
    if known and now_ms - turns.head_since_ms >= PATIENCE_MS:
        turns.passed.update(missing)


def position(turns: Turns, partition: int) -> int:
    """The first offset of a partition of `testimony` that has not been heard."""
    held = (offset for _, place, offset, _ in turns.held if place == partition)
    return min(held, default=turns.read.get(partition, 0))


_NEVER = Progress()
