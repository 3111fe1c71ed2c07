"""A sink's part that gathers items for one large transaction; a snapshot always empties it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, TypeVar

import structlog
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = structlog.get_logger(__name__)

X = TypeVar("X")
W_contra = TypeVar("W_contra", contravariant=True)

ROWS_A_FLUSH = 5000
FLUSH_S = 0.2


class Writer(Protocol[W_contra]):
    """Stores a list of items in one transaction."""

    def write(self, items: Sequence[W_contra], /) -> None:
        """All that is not yet stored."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Gathering(StatefulSinkPartition[X, None]):
    """Up to ROWS_A_FLUSH rows or FLUSH_S seconds; `weigh` is how many rows an item has, 0 for none worth storing."""

    def __init__(self, writer: Writer[X], weigh: Callable[[X], int]) -> None:
        self._writer, self._weigh = writer, weigh
        self._waiting: list[X] = []
        self._rows = 0
        self._flushed = time.monotonic()

    def write_batch(self, items: list[X]) -> None:
        idle = False
        for item in items:
            rows = self._weigh(item)
            if rows:
                self._waiting.append(item)
                self._rows += rows
            else:
                # A tick comes when nothing more waits in Kafka: there is nothing to gather for.
                idle = True
        if idle or self._rows >= ROWS_A_FLUSH or time.monotonic() - self._flushed >= FLUSH_S:
            self._flush()

    def _flush(self) -> None:
        # Emptied first: Bytewax closes a part whose write has raised, a second raise there aborts the process, and
        # nobody learns why. What was waiting comes again from the last snapshot.
        waiting, self._waiting, self._rows = self._waiting, [], 0
        if waiting:
            try:
                self._writer.write(waiting)
            except Exception:
                log.exception("store_write_failed", items=len(waiting))
                raise
        self._flushed = time.monotonic()

    def snapshot(self) -> None:
        self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()


class StoreSink(FixedPartitionedSink[X, None]):
    """One part for all partitions: few large transactions serve the disk better than many small."""

    def __init__(self, writer: Callable[[], Writer[X]], weigh: Callable[[X], int]) -> None:
        """`writer` is made where the part runs; `weigh` as of Gathering."""
        self._writer, self._weigh = writer, weigh

    def list_parts(self) -> list[str]:
        """One part: the store."""
        return ["store"]

    def part_fn(self, item_key: str) -> int:
        """All to the one part."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> Gathering[X]:
        """The connection is opened at the first write."""
        return Gathering(self._writer(), self._weigh)
