"""One line of the doctor."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Verdict(enum.StrEnum):
    """How it is; what could not be looked at is unknown, never good."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class Line(NamedTuple):
    """What was looked at, how it is, and what to do next; Vietnamese and English."""

    verdict: Verdict
    vi: str
    en: str
    next_vi: str = ""
    next_en: str = ""


def good(vi: str, en: str) -> Line:
    """Nothing to do."""
    return Line(Verdict.GOOD, vi, en)


def bad(vi: str, en: str, next_vi: str, next_en: str) -> Line:
    """Something is wrong, and this is the next step."""
    return Line(Verdict.BAD, vi, en, next_vi, next_en)


def unknown(vi: str, en: str, next_vi: str = "", next_en: str = "") -> Line:
    """It could not be looked at, and why."""
    return Line(Verdict.UNKNOWN, vi, en, next_vi, next_en)


def number(value: float, decimals: int = 1) -> str:
    """With a decimal comma and points between thousands."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
