"""The stages at which a change turns out to be no message of its own, and what holds news back."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from models.alerting.alert import AlertChange


class Stage(enum.StrEnum):
    """Why a change is no message of its own."""

    MERGED = "merged"
    INHIBITED = "inhibited"
    OVER = "over"
    EASING = "easing"
    OUTAGE = "outage"
    RULE = "rule"
    HOURS = "hours"
    SILENCED = "silenced"
    MAINTENANCE = "maintenance"


class Hold(msgspec.Struct, frozen=True):
    """What holds back news that a contact would be told: the stage, and `by` what.

    `until`: it is only put off until then, by the clock of the senders; None: it is muted. `silence`: the number of the silence.
    """

    stage: Stage
    by: str
    until: datetime | None = None
    silence: int | None = None


def never(_change: AlertChange) -> Hold | None:
    """Nothing is held back."""
    return None
