"""The number by which a contact answers for an event: short enough to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

FIRST, LAST = 10, 99
"""Two digits: a single one is what is answered (1 taken, 2 false alarm, 3 help)."""


def choose(taken: Collection[int]) -> int:
    """The smallest number from FIRST to LAST that is not in `taken`, the numbers that the contact still may answer by.

    Where all 90 are, raises LookupError: no contact has so many events within a day.

    >>> choose([]), choose([10, 12]), choose(range(10, 30))
    (10, 11, 30)
    """
    free = next((code for code in range(FIRST, LAST + 1) if code not in taken), None)
    if free is None:
        msg = f"expected a free code from {FIRST} to {LAST}, found all {LAST - FIRST + 1} given within a day"
        raise LookupError(msg)
    return free
