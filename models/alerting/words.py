"""Words and figures that the messages share: names of parameters, values with units, levels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models.catalogue import parameters
from models.catalogue.kinds import KINDS, Kind
from models.catalogue.others import OTHERS
from models.catalogue.units import DECIMALS, OF_A_STRANGER, UNITS
from models.commune.place import levels_of, zone_name

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune

__all__ = ["OTHERS"]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PARAMETERS = {row.code: (row.vi, row.en) for row in parameters.PARAMETERS.values()}
"""Code: Vietnamese, English."""
FORECASTS = frozenset(row.code for row in parameters.PARAMETERS.values() if row.forecast)
"""A straight line of some minutes: that it leads beyond a limit is worth telling, how far is not."""
_AGAINST = {"vi": ("trên", "dưới", "ngang"), "en": ("above", "below", "at")}
_NUMBERED = re.compile(r"(^|\s)[\d-]+$")
"""A name whose last word is a number, of a level or a place."""
NAME_CHARACTERS = 24
"""A level's name is cut here; the longest of the example has 10."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Mark:
    """The level a message speaks of and its raise limit, in the unit of the change."""

    name: str
    limit: float


def quantity(value: float, unit: str, language: str, parameter: str = "") -> str:
    """A value with its unit, with the decimals that it deserves.

    >>> quantity(3.426, "m", "vi"), quantity(50.4, "ug/m3", "vi"), quantity(1e6, "VND", "vi")
    ('3,43 m', '50 µg/m³', '1.000.000 đ')
    """
    row = UNITS.get(unit)
    decimals = decimals_of(unit, parameter)
    text = f"{round(value, decimals) + 0.0:{',' if row is not None and row.thousands else ''}.{decimals}f}"
    if language == "vi":
        text = text.translate(_VIETNAMESE)
    return f"{text} {unit if row is None else row.pretty(language)}".rstrip()


def decimals_of(unit: str, parameter: str = "") -> int:
    """Decimals that a value deserves: those of its parameter (traces of metals have more), else those of its unit."""
    row = parameters.PARAMETERS.get(parameter)
    own = row.decimals if row is not None and row.unit == unit else None
    return DECIMALS.get(unit, OF_A_STRANGER) if own is None else own


_VIETNAMESE = str.maketrans(",.", ".,")
"""A decimal comma, and a point between thousands."""


def beside(name: str, value: str) -> str:
    """A name and its value. Where the name ends with a number of its own, both would read as two figures: "Sân 1 17 người".

    >>> beside("oxy hòa tan", "4,20 mg/L"), beside("Sân 1", "17 người"), beside("bụi PM2.5", "88 µg/m³")
    ('oxy hòa tan 4,20 mg/L', 'Sân 1: 17 người', 'bụi PM2.5 88 µg/m³')
    """
    return f"{name}{':' if _NUMBERED.search(name) and value[:1].isdigit() else ''} {value}".strip()


def comparison(value: float, mark: Mark, unit: str, language: str, parameter: str = "") -> str:
    """Above or below the level and by how much, as the flood bulletins write it.

    Computed from the figures as printed, so that the reader's own subtraction agrees.

    >>> comparison(3.43, Mark("BĐ2", 3.0), "m", "vi")
    'trên BĐ2 0,43 m'
    """
    above, below, level = _AGAINST[language]
    decimals = decimals_of(unit, parameter)
    difference = round(round(value, decimals) - round(mark.limit, decimals), decimals)
    if difference == 0:
        return f"{level} {mark.name}"
    side, amount = above if difference > 0 else below, quantity(abs(difference), unit, language, parameter)
    return f"{side} {beside(mark.name, amount)}"


def mark_of(change: AlertChange, commune: Commune) -> Mark:
    """The name and raise limit of the level that the change leads to; of a change that ends the alert (level 0), those of its first level."""
    levels = sorted(levels_of(change.rule, commune), key=lambda level: level.level)
    wanted = [level for level in levels if level.level == change.level] or levels[: change.level == 0]
    if not wanted:
        return Mark(f"mức {max(change.level, 1)}", change.limit)
    return Mark(wanted[0].name[:NAME_CHARACTERS].strip(), wanted[0].raise_at)


def parameter_names(change: AlertChange, commune: Commune) -> tuple[str, str]:
    """What is measured, in Vietnamese and English; a zone goes by its name in both."""
    zone = zone_name(change.station, change.parameter, commune)
    if zone is not None:
        return zone, zone
    return (PARAMETERS | OTHERS).get(change.parameter, (change.parameter, change.parameter))


def duration(seconds: float) -> tuple[str, str]:
    """A span for people, in Vietnamese and English; rounded down, "30 phút" is at least 30, and never below 0.

    >>> duration(1800), duration(3 * 3600)
    (('30 phút', '30 min'), ('3 giờ', '3 h'))
    """
    seconds = max(0.0, seconds)
    if seconds < 2 * HOUR_S:
        return f"{seconds // MINUTE_S:.0f} phút", f"{seconds // MINUTE_S:.0f} min"
    if seconds < 2 * DAY_S:
        return f"{seconds // HOUR_S:.0f} giờ", f"{seconds // HOUR_S:.0f} h"
    return f"{seconds // DAY_S:.0f} ngày", f"{seconds // DAY_S:.0f} days"


def kind_name(kind: str) -> str:
    """A kind of alert for people, "ngập (flood)"; one that a newer version wrote stands as it is."""
    row = KINDS[Kind(kind)] if kind in Kind.__members__.values() else None
    return f"{row.vi} ({row.en})" if row else kind
