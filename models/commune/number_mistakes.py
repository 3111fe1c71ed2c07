"""Numbers that no section may have, whatever the field is called: not finite, a wait below zero or beyond all calendars.

Told of the data as the files have them, so that fields that a later version adds are covered too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from models.envelope.mistake import Mistake, Path, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

SPANS = {"s": 1, "ms": 0.001, "min": 60, "h": 3_600, "days": 86_400}
"""Endings of the names of waits, and their seconds: `hold_s`, `merge_h`."""
SIGNED = ("offset",)
"""A word in the name of what may lie on both sides of zero: `utc_offset_h`, `clock_offset_s`."""
LONGEST_S = 100 * 366 * 86_400
"""A hundred years: more is a slip of the pen, and no calendar can add it to today."""
_DEEP = 12
"""As deep as any schema goes: an alias inside itself must not recurse for ever."""


def number_mistakes(data: Any, path: Path = ()) -> Iterator[Mistake]:
    """All such numbers in `data` (dicts, lists, scalars); paths are those of the data."""
    if len(path) > _DEEP:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            yield from number_mistakes(value, (*path, str(key)))
    elif isinstance(data, list | tuple):
        for i, value in enumerate(data):
            yield from number_mistakes(value, (*path, i))
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield from _number(data, path)


def _number(value: float, path: Path) -> Iterator[Mistake]:
    if not math.isfinite(value):
        yield wrong(path, value, "một số hữu hạn (không phải nan, inf)", "a finite number (not nan, inf)")
        return
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    unit = SPANS.get(name.rpartition("_")[2]) if "_" in name else None
    if unit is None:
        return
    if value < 0 and not any(word in name for word in SIGNED):
        yield wrong(path, value, "thời gian từ 0 trở lên", "a time of 0 or more")
    elif abs(value) * unit > LONGEST_S:
        yield wrong(path, value, "không quá 100 năm", "at most 100 years")
