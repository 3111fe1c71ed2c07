"""Figures, spans and times as the sentences of places write them, in Vietnamese and English.

The SQL functions of migration 0010 (span_vi, ago, value_vi, clock_vi) say the same; a test holds them equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models.alerting.words import duration, quantity
from models.envelope.bilingual import Bilingual

if TYPE_CHECKING:
    from datetime import datetime

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE_S = 60


def ago(at: datetime | None, now: datetime) -> Bilingual:
    """How long ago, in whole minutes, hours or days rounded down; what lies ahead of `now` by more than a minute says so."""
    if at is None:
        return Bilingual("chưa có số liệu", "no data yet")
    seconds = (now - at).total_seconds()
    if seconds < -MINUTE_S:
        return Bilingual("ghi giờ chưa tới", "stamped in the future")
    if seconds < MINUTE_S:
        return Bilingual("vừa xong", "just now")
    return Bilingual(
        *(f"{words} {past}" for words, past in zip(duration(seconds), ("trước", "ago"), strict=True))
    )


def clock(at: datetime, now: datetime) -> str:
    """Hour and minute in Vietnam, with the day where it is not that of `now`: `02:10`, `23:50 14/10`."""
    local = at.astimezone(VIETNAM)
    return f"{local:%H:%M}" if local.date() == now.astimezone(VIETNAM).date() else f"{local:%H:%M %d/%m}"


def shortest(value: float) -> Bilingual:
    """A limit as the configuration writes it: `2`, `0,5`."""
    return Bilingual(f"{value:g}".replace(".", ","), f"{value:g}")


def people(count: float) -> Bilingual:
    """`1 người`, `1 person`."""
    return Bilingual(f"{count:.0f} người", f"{count:.0f} {'person' if round(count) == 1 else 'people'}")


def said(value: float, unit: str) -> Bilingual:
    """A value with its unit, as the messages write it; seconds as a span in words."""
    if unit == "s":
        return Bilingual(*duration(value))
    if unit == "people":
        return people(value)
    return Bilingual(quantity(value, unit, "vi"), quantity(value, unit, "en"))
