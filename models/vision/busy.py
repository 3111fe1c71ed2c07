"""The busy hours of a camera, by the commune's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.vision.camera import Busy

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def is_busy(busy: Sequence[Busy], at_ms: int) -> bool:
    """Whether event time `at_ms` lies in one of them; hours that end before they begin go on past midnight, and belong to the day they begin on.

    >>> from models.vision.camera import Busy
    >>> is_busy([Busy("04:30", "10:00", [7])], 1_788_642_000_000)  # Sunday, 6 Sep 2026, 05:00 in Huế
    False
    """
    now = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZONE)
    clock, day = f"{now:%H:%M}", now.isoweekday()
    for hours in busy:
        over_night = hours.until <= hours.since
        early = over_night and clock < hours.until
        began = (day - 2) % 7 + 1 if early else day
        inside = early or (clock >= hours.since and (over_night or clock < hours.until))
        if inside and (not hours.days or began in hours.days):
            return True
    return False
