"""Where a water level stands against the alarm levels of its gauge, in the words of the flood bulletins.

The levels come in as data: Decision 05/2020/QĐ-TTg gives them by river and gauge (Bồ at Phú Ốc
1.50, 3.00 and 4.50 m; Hương at Kim Long 1.00, 2.00 and 3.50 m), the commune's rules hold its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.envelope.bilingual import Bilingual, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

ROMAN = ("0", "I", "II", "III", "IV", "V")


class AlarmLevel(NamedTuple):
    """Alarm level `number` (1 is the lowest) begins at `level_m`, metres of the gauge."""

    number: int
    level_m: float


class NearestAlarm(NamedTuple):
    """`delta_cm` whole centimetres above (below: negative) the alarm level `alarm`."""

    alarm: AlarmLevel
    delta_cm: int


def nearest_alarm(level_m: float, alarms: Sequence[AlarmLevel]) -> NearestAlarm:
    """The nearest alarm level and the distance to it; halfway between two, the lower, which is reached.

    In whole centimetres of the figures as printed, so that the reader's own subtraction agrees.
    Raises ValueError if there are no levels.
    """
    if not alarms:
        raise ValueError("a gauge without alarm levels stands nowhere")
    level_cm = round(level_m * 100)
    near = min(alarms, key=lambda alarm: (abs(level_cm - round(alarm.level_m * 100)), alarm.level_m))
    return NearestAlarm(near, level_cm - round(near.level_m * 100))


def reached(level_m: float, alarms: Sequence[AlarmLevel]) -> AlarmLevel | None:
    """The highest level that the water has reached (a level begins at its figure); None below the first."""
    return max(
        (alarm for alarm in alarms if level_m >= alarm.level_m), default=None, key=lambda alarm: alarm.level_m
    )


def sentence(level_m: float, alarms: Sequence[AlarmLevel]) -> Bilingual:
    """Nearest alarm and distance, as bulletins write it.

    >>> sentence(3.43, [AlarmLevel(1, 1.5), AlarmLevel(2, 3.0), AlarmLevel(3, 4.5)])
    Bilingual(vi='trên báo động II 0,43 m', en='above level II by 0.43 m')
    """
    near, delta_cm = nearest_alarm(level_m, alarms)
    name = ROMAN[near.number]
    if delta_cm == 0:
        return Bilingual(f"ngang báo động {name}", f"at level {name}")
    metres = figure(abs(delta_cm) / 100, 2)
    vi, en = ("trên", "above") if delta_cm > 0 else ("dưới", "below")
    return Bilingual(f"{vi} báo động {name} {metres.vi} m", f"{en} level {name} by {metres.en} m")
