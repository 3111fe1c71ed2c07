"""The canary: a station of our own in every commune, whose reading goes the whole way each minute and rings nobody.

Its value counts 0, 1, 2, 0 with the minutes, and its rule has as many levels: so each reading changes the level, also after one that
was lost, and each change becomes a notification for a contact that is no person. It belongs to no hamlet, is never silent, and
stands in no configuration: screens, places, reports and reference tables, which read that, do not know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.catalogue.kinds import Kind
from models.commune.configuration import Direction, Level, Parameter, Rule, Station

if TYPE_CHECKING:
    from datetime import datetime

    from models.commune.configuration import Commune

CANARY = "phusa-canary"
"""The reserved name of its station, rule, contact and channel, and of its user at the MQTT broker."""
CANARY_PARAMETER, CANARY_UNIT = "canary", "1"
EVERY_S = 60
LEVELS = 2
"""Of a ladder of more the flow says that a step over all of it cannot be (models/telemetry/plan.py)."""
NEVER_S = 100 * 366 * 86_400
"""A patience that does not end: whether the canary is late is judged where it arrives."""


def with_canary(commune: Commune) -> Commune:
    """The commune with its marked station and rule, for the flow that judges readings."""
    sensor = Parameter(CANARY_PARAMETER, CANARY_UNIT, 0, LEVELS, EVERY_S, NEVER_S)
    station = Station(CANARY, "Tin thử", [], [sensor])
    levels = [Level(n, f"{n}", n - 0.25, n - 0.5) for n in range(1, LEVELS + 1)]
    rule = Rule(CANARY, Kind.OUTAGE, CANARY_PARAMETER, [CANARY], Direction.ABOVE, levels)
    return msgspec.structs.replace(
        commune, stations=[*commune.stations, station], rules=[*commune.rules, rule]
    )


def canary_value(at: datetime) -> float:
    """What the canary says at a minute: another level than a minute ago, and than two minutes ago.

    >>> from datetime import UTC, datetime
    >>> [canary_value(datetime(2026, 1, 1, 0, minute, tzinfo=UTC)) for minute in (0, 1, 2, 3)]
    [0.0, 1.0, 2.0, 0.0]
    """
    return float(int(at.timestamp() // EVERY_S) % (LEVELS + 1))
