"""A sentence in Vietnamese and English, and figures as each language writes them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.envelope.period import HOUR_MS, MINUTE_MS

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Bilingual(NamedTuple):
    """The same in both languages; Vietnamese is shown first."""

    vi: str
    en: str


def figure(value: float, decimals: int) -> Bilingual:
    """A number with a decimal comma in Vietnamese and a decimal point in English; never "-0".

    >>> figure(0.43, 2)
    Bilingual(vi='0,43', en='0.43')
    """
    text = f"{round(value, decimals) + 0.0:.{decimals}f}"
    return Bilingual(text.replace(".", ","), text)


def clock(at_ms: int) -> str:
    """Hour, minute, day and month in Vietnam, the same in both languages: `14:05 15/10`."""
    return f"{datetime.fromtimestamp(at_ms / 1000, VIETNAM):%H:%M %d/%m}"


def span(length_ms: float) -> Bilingual:
    """A length of time to the minute below two hours, to the half hour above.

    >>> span(40 * MINUTE_MS), span(2.6 * HOUR_MS)
    (Bilingual(vi='40 phút', en='40 min'), Bilingual(vi='2,5 giờ', en='2.5 h'))
    """
    if length_ms < 2 * HOUR_MS:
        minutes = f"{length_ms / MINUTE_MS:.0f}"
        return Bilingual(f"{minutes} phút", f"{minutes} min")
    halves = round(length_ms / HOUR_MS * 2) / 2
    hours = figure(halves, 0 if halves.is_integer() else 1)
    return Bilingual(f"{hours.vi} giờ", f"{hours.en} h")
