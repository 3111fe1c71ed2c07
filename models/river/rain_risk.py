"""Rain sums against the bands of the law and of the bulletins; a sum with gaps proves a band, never its absence.

All bands are data. Decision 18/2021/QĐ-TTg, Article 44, level 1: 100 to 200 mm in 24 h or 50 to 100 mm in
12 h, for one to two days; higher levels hang on duration and terrain and belong to the
commune's configuration, as do the words of rain (moderate, heavy, very heavy).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.envelope.bilingual import Bilingual, figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.river.rain import RainSum


class RainBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mm` in `hours`; from `mm` on, or with `over` only beyond it. `level` orders bands; `source` says whose."""

    level: int
    hours: int
    mm: float
    name_vi: str
    name_en: str
    over: bool = False
    source: str = ""


class RainRisk(msgspec.Struct, frozen=True):
    """The highest band reached by `total`, None if none was; `sure` False: gaps may hide a higher one.

    No band and not `sure` is "unknown", not "no risk".
    """

    band: RainBand | None
    total: RainSum | None
    sure: bool


def holds(band: RainBand, mm: float) -> bool:
    """Whether an amount reaches the band."""
    return mm > band.mm if band.over else mm >= band.mm


def rain_risk(totals: Iterable[RainSum], bands: Sequence[RainBand]) -> RainRisk:
    """The highest band that is proved, and whether a higher one could hide in what was not measured."""
    by_hours = {total.hours: total for total in totals}
    proved: RainBand | None = None
    hidden = 0
    for band in sorted(bands, key=lambda band: band.level):
        total = by_hours.get(band.hours)
        if total is not None and total.mm is not None and holds(band, total.mm):
            proved = band
        elif total is None or not total.whole:
            hidden = max(hidden, band.level)
    reached = proved.level if proved else 0
    return RainRisk(proved, by_hours[proved.hours] if proved else None, hidden <= reached)


def sentence(total: RainSum) -> Bilingual:
    """A sum in words; with gaps "at least", with nothing measured "no data"."""
    if total.mm is None:
        return Bilingual(f"mưa {total.hours} giờ: không có số liệu", f"rain in {total.hours} h: no data")
    mm = figure(total.mm, 1)
    vi, en = ("", "") if total.whole else ("ít nhất ", "at least ")
    return Bilingual(f"mưa {total.hours} giờ: {vi}{mm.vi} mm", f"rain in {total.hours} h: {en}{mm.en} mm")
