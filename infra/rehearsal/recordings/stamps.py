"""Times as people, loggers and portals write them -> a clock time and, where one is written, its distance from UTC.

A day before the month is Vietnam's and most of the world's order; the month comes first only where the column itself shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.alerting.gsm7 import unaccented

VIETNAM_MIN = 7 * 60
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "ICT": 420, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "CET": 60, "CEST": 120,
    "BST": 60, "JST": 540, "KST": 540, "SGT": 480, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "SST": -660,
}  # fmt: skip
"""Minutes from UTC by code: those of the USGS, and others that portals write."""
MONTHS = {
    name: i
    for i, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001
EXCEL_DAYS = (20_000, 80_000)
"""Serial days of a workbook, 1954 to 2119."""
EPOCHS = ((9, 10, 1), (12, 13, 1_000), (15, 16, 1_000_000))
"""Digits from, to, and parts of a second."""


class Stamp(NamedTuple):
    """`at` on its own clock; `offset_min` None where the text names no zone; `has_time` False of a date alone."""

    at: datetime
    offset_min: int | None
    has_time: bool = True


_DATES = (
    re.compile(r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[- ](?P<mon>[A-Za-z]{3,9})[-, ]+(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<![A-Za-z])(?P<mon>[A-Za-z]{3,9})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?=\d{4}|\d{6}|\D|$)"),
)
_ZONE = r"(?P<z>Z|[A-Z]{2,4}|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?)"
_TIME = re.compile(
    r"(?:(?P<H>\d{1,2})\s*(?:(?::|h|g(?:io)?)\s*(?:(?P<M>\d{1,2})\s*(?:(?::|m|p(?:hut)?|')\s*(?:(?P<S>\d{1,2})(?:[.,:](?P<f>\d{1,9}))?)?s?)?)?)?"
    r"|(?P<h4>\d{2})(?P<m4>\d{2})(?P<s4>\d{2})?)"
    r"\s*(?P<ap>AM|PM|A\.M\.|P\.M\.|SA|CH)?\s*\(?" + _ZONE + r"?\)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<m>\d{2})?", re.IGNORECASE)
_EPOCH = re.compile(r"-?\d{9,16}(?:\.\d+)?")
_EXCEL = re.compile(r"\d{5}(?:[.,]\d+)?")
_WORDS = re.compile(r"\b(?:ngay|luc|vao|gio vn|mon|tue|wed|thu|fri|sat|sun|thu \w+)\b\.?,?", re.IGNORECASE)


@lru_cache(maxsize=200_000)
def parse(text: str, month_first: bool = False) -> Stamp | None:
    """One text as a time; None where it is none.

    >>> parse("15/10/2025 07:30"), parse("2025-10-15T00:30:00Z").offset_min
    (Stamp(at=datetime.datetime(2025, 10, 15, 7, 30), offset_min=None, has_time=True), 0)
    """
    text = text.strip().strip("'\"")
    try:
        if text[4:5] == "-":
            found = datetime.fromisoformat(text)
            return Stamp(found.replace(tzinfo=None), _minutes(found), len(text) > len("2025-01-01"))
    except ValueError:
        pass
    plain = _WORDS.sub(" ", unaccented(text)).strip()
    return _number(plain) or _written(plain, month_first)


def _minutes(found: datetime) -> int | None:
    away = found.utcoffset()
    return None if away is None else round(away.total_seconds() / 60)


def _number(text: str) -> Stamp | None:
    """Seconds, milliseconds or microseconds since 1970, or the serial day of a workbook."""
    if _EPOCH.fullmatch(text):
        digits = len(text.lstrip("-").split(".")[0])
        for least, most, parts in EPOCHS:
            if least <= digits <= most:
                at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                    milliseconds=round(float(text) * 1000 / parts)
                )
                return Stamp(at.replace(tzinfo=None), 0)
    if _EXCEL.fullmatch(text):
        days = float(text.replace(",", "."))
        if EXCEL_DAYS[0] <= days <= EXCEL_DAYS[1]:
            at = EXCEL_ZERO + timedelta(seconds=round(days * 86_400))
            return Stamp(at, None, not days.is_integer())
    return None


def _written(text: str, month_first: bool) -> Stamp | None:
    for pattern in _DATES:
        found = pattern.search(text)
        if found is None:
            continue
        rest = f"{text[: found.start()]} {text[found.end() :]}".strip(" ,;-").removeprefix("T").strip()
        day = _day(found.groupdict(), month_first)
        if day is None:
            continue
        if not rest:
            return Stamp(day, None, has_time=False)
        clock = span(rest)
        if clock is not None:
            return Stamp(day + clock[0], clock[1])
    return None


def _day(parts: dict[str, str | None], month_first: bool) -> datetime | None:
    year = int(parts["y"] or 0)
    year += 2000 if year < 100 else 0
    if parts.get("a"):
        day, month = int(parts["a"] or 0), int(parts["b"] or 0)
        if month_first:
            day, month = month, day
    elif parts.get("mon"):
        day, month = int(parts["d"] or 0), MONTHS.get(str(parts["mon"])[:3].lower(), 0)
    else:
        day, month = int(parts["d"] or 0), int(parts["m"] or 0)
    try:
        return datetime(year, month, day)  # noqa: DTZ001
    except ValueError:
        return None


@lru_cache(maxsize=100_000)
def span(text: str) -> tuple[timedelta, int | None] | None:
    """A time of day as what has passed since midnight, and its zone; 24:00 is the midnight after."""
    found = _TIME.fullmatch(unaccented(text).strip())
    if found is None:
        return None
    hour, minute, second = (
        int(found[long] or found[short] or 0) for long, short in (("H", "h4"), ("M", "m4"), ("S", "s4"))
    )
    half = (found["ap"] or "").upper().replace(".", "")
    if half and not 1 <= hour <= 12 and not (hour == 0 or half in {"PM", "CH"}):
        return None
    if half in {"PM", "CH"} and hour < 12:
        hour += 12
    elif half in {"AM", "SA"} and hour == 12:
        hour = 0
    whole = timedelta(hours=hour, minutes=minute, seconds=second)
    if minute > 59 or second > 59 or whole > timedelta(days=1):
        return None
    part = timedelta(microseconds=round(float(f"0.{found['f']}") * 1e6)) if found["f"] else timedelta()
    away = None
    if found["z"]:
        away = offset(found["z"])
        if away is None:
            return None
    return whole + part, away


def offset(text: str) -> int | None:
    """Minutes from UTC of a code (`MDT`) or a distance (`+07:00`, `UTC+7`); None for what is neither."""
    text = text.strip()
    if text.upper() in ZONES:
        return ZONES[text.upper()]
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    minutes = int(found["h"]) * 60 + int(found["m"] or 0)
    return (-minutes if found["sign"] == "-" else minutes) if minutes <= 14 * 60 else None


@lru_cache(maxsize=64)
def place(text: str) -> ZoneInfo | None:
    """A zone by its place, such as `Asia/Ho_Chi_Minh`; None for what is none."""
    if "/" not in text:
        return None
    try:
        return ZoneInfo(text.strip())
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError of its own
        return None
    except KeyError:
        return None


_ORDERED = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")


def month_first(texts: Iterable[str]) -> tuple[bool, bool]:
    """(is the month written first, does the column show which it is).

    A first number above 12 is a day, a second one too; else the order in which the times run backwards less often; else the day.
    """
    asked = list(texts)
    pairs = [(int(one[1]), int(one[2])) for one in map(_ORDERED.search, asked) if one]
    if not pairs:
        return False, True
    if any(first > 12 for first, _ in pairs):
        return False, True
    if any(second > 12 for _, second in pairs):
        return True, True
    by_day, by_month = (_turns(asked, first) for first in (False, True))
    return by_month < by_day, by_month != by_day


def _turns(texts: list[str], first: bool) -> tuple[int, float]:
    """How often the time turns round, then how far it spans: the true order runs one way and close together."""
    found = [one.at for one in (parse(text, first) for text in texts) if one is not None]
    steps = [(b - a).total_seconds() for a, b in pairwise(found) if a != b]
    backwards = sum(step < 0 for step in steps)
    turns = min(backwards, len(steps) - backwards)
    return turns, sum(abs(step) for step in steps)
