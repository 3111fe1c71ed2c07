"""Flags of quality, one row a flag: what they are called and how they are drawn. Only what is good is green."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Flag(enum.IntEnum):
    """QARTOD primary flags (IOOS, Manual for real-time quality control)."""

    GOOD = 1
    UNKNOWN = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


class FlagRow(NamedTuple):
    """One flag: its words, colour on a screen (sRGB) and shape. `used`: rules judge a value of it."""

    code: Flag
    vi: str
    en: str
    colour: str
    shape: str
    used: bool


FLAGS: dict[Flag, FlagRow] = {
    row.code: row
    for row in (
        FlagRow(Flag.GOOD, "tốt", "good", "#2a9d8f", "○", used=True),
        FlagRow(Flag.UNKNOWN, "chưa rõ", "not yet known", "#8e8e8e", "·", used=True),
        FlagRow(Flag.SUSPECT, "nghi ngờ", "suspect", "#f2d024", "◐", used=True),
        FlagRow(Flag.FAIL, "hỏng", "failed", "#8e8e8e", "✕", used=False),
        FlagRow(Flag.MISSING, "thiếu", "missing", "#8e8e8e", "–", used=False),
    )
}
"""The one list of flags, the best first."""
