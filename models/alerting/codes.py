"""The number by which a contact answers for an event: short enough to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

FIRST, LAST = 10, 99
"""Two digits: a single one is what is answered (1 taken, 2 false alarm, 3 help)."""


def choose(taken: Collection[int]) -> int | None:
    """The smallest number from FIRST to LAST that is not in `taken`, the numbers by which the contact may still answer; None: no such.

    >>> choose([]), choose([10, 12]), choose(range(10, 30))
    (10, 11, 30)
    """
    return next((code for code in range(FIRST, LAST + 1) if code not in taken), None)
