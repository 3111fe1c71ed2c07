"""Which ladder an event has, and whom it reaches. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.alerting.routing import hamlets_concerned
from models.commune.duty import on_duty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.alerting.event import Event
    from models.commune.configuration import Commune, Contact
    from models.commune.routing import Ladder, Routing, Shift


def ladder_of(event: Event, changes: Sequence[AlertChange], routing: Routing | None) -> Ladder | None:
    """The first ladder that fits the event by its level and the kinds of its worst alerts; `changes`: the newest of its open alerts."""
    kinds = {change.kind for change in changes if change.level == event.level}
    ladders = [] if routing is None else routing.ladders
    return next(
        (
            ladder
            for ladder in ladders
            if event.level in ladder.levels and (not ladder.kinds or not kinds.isdisjoint(ladder.kinds))
        ),
        None,
    )


def reachable(changes: Sequence[AlertChange], commune: Commune) -> list[Contact]:
    """Whom one of the alerts concerns, by hamlet, kind and level, those included who are only called; in the order of the configuration."""
    touched = [(change, hamlets_concerned(change, commune)) for change in changes]
    return [
        contact
        for contact in commune.contacts
        if any(
            change.kind in contact.kinds
            and change.level >= contact.least_level
            and not hamlets.isdisjoint(contact.hamlets)
            for change, hamlets in touched
        )
    ]


def called_by(role: str, contacts: Sequence[Contact], rota: Sequence[Shift], at: datetime) -> list[Contact]:
    """Whom a rung calls of a role: who has its duty at `at`; in a hole of the rota, or where the shift concerns nobody, all of the role."""
    ids = on_duty(role, rota, at) or ()
    return [contact for contact in contacts if contact.id in ids] or [
        contact for contact in contacts if contact.role == role
    ]
