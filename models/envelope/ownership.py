"""Which process of a flow reads which partitions of its topic.

The rule: of N processes, the K-th (1..N) owns the partitions p with p mod N = K - 1. Every partition has exactly one owner,
and no two owners differ by more than one partition.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WRITTEN = re.compile(r"(?P<number>[0-9]{1,4})/(?P<of>[0-9]{1,4})")


class Ownership(NamedTuple):
    """The `number`-th (from 1) of `of` processes that share the partitions of a topic."""

    number: int
    of: int

    def owns(self, partition: int) -> bool:
        """Whether this process reads the partition.

        >>> [p for p in range(8) if Ownership(2, 3).owns(p)]
        [1, 4, 7]
        """
        return partition % self.of == self.number - 1

    @property
    def name(self) -> str:
        """Its name in folders, logs and the list of processes: `1-of-4`."""
        return f"{self.number}-of-{self.of}"

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


WHOLE = Ownership(1, 1)
"""One process that reads all partitions."""


def owner_of(partition: int, of: int) -> Ownership:
    """Who of `of` processes owns a partition."""
    return Ownership(partition % of + 1, of)


def everyone(of: int) -> list[Ownership]:
    """All `of` owners in their order."""
    return [Ownership(number, of) for number in range(1, of + 1)]


def read_ownership(written: str) -> Ownership:
    """`2/4` as a person writes it; raises ValueError, in both languages, for anything else.

    >>> read_ownership("2/4")
    Ownership(number=2, of=4)
    """
    found = _WRITTEN.fullmatch(written)
    if found is None or not 1 <= int(found["number"]) <= int(found["of"]):
        msg = f"cần số thứ tự/tổng số, như 1/4 (expected number/of, as 1/4), found {written!r}"
        raise ValueError(msg)
    return Ownership(int(found["number"]), int(found["of"]))
