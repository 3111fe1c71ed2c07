"""A silence that a person sets: what is not to ring for a while, and why. Level 3 rings all the same."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from models.catalogue.kinds import Kind

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


def unknown_kinds(kinds: list[str]) -> list[str]:
    """Those that are no kind of alert."""
    return [kind for kind in kinds if kind not in Kind.__members__.values()]
