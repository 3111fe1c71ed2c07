"""A silence that a person sets: what is not to ring for a while, and why. Level 3 rings all the same."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.words import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Contact


class Silence(msgspec.Struct, frozen=True):
    """From `begins_at` to before `ends_at`, platform's time, or `ended_at` where somebody has ended it before.

    An empty list chooses all. `maintenance`: somebody works there, what comes is no news.
    """

    id: int
    begins_at: datetime
    ends_at: datetime
    because: str
    by_whom: str
    kinds: list[str] = []
    stations: list[str] = []
    hamlets: list[str] = []
    contacts: list[str] = []
    maintenance: bool = False
    ended_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether it holds at `at`."""
        return self.begins_at <= at < min(self.ends_at, self.ended_at or self.ends_at)


def hides(silence: Silence, change: AlertChange, contact: Contact, hamlets: AbstractSet[str]) -> bool:
    """Whether the silence is about this change for this contact; `hamlets` are those that the change concerns.

    A silence of hamlets hides what concerns the contact through these alone: who is told for another hamlet too, is told.
    """
    through = hamlets & set(contact.hamlets)
    return (
        (not silence.kinds or change.kind in silence.kinds)
        and (not silence.stations or change.station in silence.stations)
        and (not silence.contacts or contact.id in silence.contacts)
        and (not silence.hamlets or through <= set(silence.hamlets))
    )


LONGEST = timedelta(days=31)
"""What is silent for longer is no silence but a change of contacts.yaml."""
_SPAN = re.compile(r"^(?:\+(\d{1,3})(m|h|d)|(\d{1,3})(m|d))$")
_CLOCK = re.compile(r"^(\d{1,2})[hg](\d{2})?$")
"""As Vietnamese writes a time of the day: 18h is six in the evening, never eighteen hours from now."""
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def until(text: str, now: datetime) -> datetime | None:
    """When a silence ends: a span (+2h, +30m, +3d), the next such time of the day in Vietnam (18:00, 18h, 18h30), or a time with its date.

    None where it is none of these. A date without an offset is Vietnam's.

    >>> from datetime import UTC
    >>> until("18:00", datetime(2026, 10, 12, 7, 5, tzinfo=UTC)).isoformat()
    '2026-10-12T18:00:00+07:00'
    """
    text, local = text.strip(), now.astimezone(VIETNAM)
    span = _SPAN.match(text)
    if span is not None:
        return now + timedelta(**{_UNITS[span[2] or span[4]]: int(span[1] or span[3])})
    text = _CLOCK.sub(lambda found: f"{found[1]:>02}:{found[2] or '00'}", text)
    try:
        clock = time.fromisoformat(text) if ":" in text[:3] else None
        if clock is not None:
            if clock.tzinfo is not None:
                # A time of the day with an offset has no day: 18:00Z is tomorrow in Vietnam.
                return None
            today = datetime.combine(local.date(), clock, VIETNAM)
            return today if today > local else today + timedelta(days=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)
