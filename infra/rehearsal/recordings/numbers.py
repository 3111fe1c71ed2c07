"""Cells as numbers: words for no value, the decimal comma, thousands, a unit behind the number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache

from models.alerting.gsm7 import unaccented

NOTHING = frozenset(
    {
        "", "-", "--", "---", "n/a", "na", "#n/a", "nan", "null", "none", "nil", "nd", "m", "missing", "no data", "nodata", "***", "x",
        "ice", "eqp", "bkw", "rat", "mnt", "ssn", "dis", "fld", "zfl", "?", "khong co", "khong", "mat", "mat tin hieu", "khong do",
        "kcsl", "khong co so lieu", "trong", "#ref!", "#div/0!", "#value!",
    }
)  # fmt: skip
"""What stands where a logger, a person, a workbook or the USGS has no value, without marks and capitals."""
_NUMBER = re.compile(
    r"(?P<n>[+-]?(?:\d{1,3}(?:[\s\u00a0\u202f']\d{3})+(?:[.,]\d+)?|\d[\d.,]*\d|\d|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>\D.*)?"
)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+")


@lru_cache(maxsize=50_000)
def nothing(text: str) -> bool:
    """Does the cell say that there is no value?"""
    return unaccented(text).strip().casefold() in NOTHING


@lru_cache(maxsize=200_000)
def parse(text: str, comma: bool = True) -> tuple[float, str] | None:
    """(number, unit behind it); None for what is no number. `comma`: is a lone comma decimal, else of thousands.

    >>> parse("14,4"), parse("14.4 µg/m³"), parse("1.234,5"), parse("1,234", comma=False)
    ((14.4, ''), (14.4, 'µg/m³'), (1234.5, ''), (1234.0, ''))
    """
    found = _NUMBER.fullmatch(text.strip().replace("\u2212", "-"))
    if found is None:
        return None
    digits = re.sub(r"[\s\u00a0\u202f']", "", found["n"])
    dot, mark = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and mark >= 0:
        digits = digits.replace(",", "") if dot > mark else digits.replace(".", "").replace(",", ".")
    elif mark >= 0:
        digits = digits.replace(",", "." if comma and digits.count(",") == 1 else "")
    try:
        value = float(digits)
    except ValueError:
        return None
    return (value, (found["unit"] or "").strip()) if math.isfinite(value) else None


def decimal_comma(cells: Iterable[str], separator: str) -> bool:
    """Is a lone comma in this column decimal? Not where every one is followed by three digits in a file split by commas."""
    with_comma = [cell for cell in cells if "," in cell and "." not in cell]
    return separator != "," or any(not _THOUSANDS.fullmatch(one.split()[0]) for one in with_comma)
