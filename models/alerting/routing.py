"""Who is told of a change: contacts by hamlet, kind and level."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import Kind
from models.alerting.together import text_of
from models.alerting.words import VIETNAM
from models.catalogue.channels import CHANNELS
from models.commune.place import hamlets_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from models.alerting.alert import AlertChange
    from models.alerting.together import Text
    from models.commune.configuration import Commune, Contact

DAWN, DUSK = 6, 22
"""Hours in Vietnam between which Zalo's messages ring."""
KEY_CHARACTERS = 40
"""Zalo takes a tracking_id of at most 48."""


class Notification(msgspec.Struct, frozen=True):
    """One change for one contact: a row of the outbox.

    `id` is the idempotency key: the same change and contact give the same key after any
    replay. `channels` in the order to try; `level` the level after the change, 0 is clear.
    """

    id: str
    alert: str
    seq: int
    contact: str
    kind: Kind
    level: int
    channels: list[str]
    sms_text: str
    template_id: str
    template_data: dict[str, str]


def concerned(change: AlertChange, commune: Commune, peak: int = 0) -> list[Contact]:
    """The contacts who are told of the change, by hamlet, kind and level, in the order of the configuration.

    Who heard of a level is also told that it is over, so the worse of the two levels decides, and for the end the
    worst that the alert has had (`peak`).
    """
    touched = hamlets_concerned(change, commune)
    worst = max(change.level, change.previous, peak if change.level == 0 else 0)
    return [
        contact
        for contact in commune.contacts
        if not contact.called_only
        and change.kind in contact.kinds
        and worst >= contact.least_level
        and not touched.isdisjoint(contact.hamlets)
    ]


def notifications(change: AlertChange, commune: Commune, peak: int = 0) -> list[Notification]:
    """One notification for each contact concerned, in the order of the configuration, as if the change stood alone.

    `peak` as of `concerned`.
    """
    contacts = concerned(change, commune, peak)
    if not contacts:
        return []
    text = text_of([change], [], commune)
    return [addressed(change, contact.id, channels_of(contact, [change]), text) for contact in contacts]


def addressed(change: AlertChange, contact: str, channels: list[str], text: Text) -> Notification:
    """A change in these words for one contact, by `channels` in their order."""
    return Notification(
        id=key(change.alert, change.seq, contact),
        alert=change.alert,
        seq=change.seq,
        contact=contact,
        kind=change.kind,
        level=change.level,
        channels=channels,
        sms_text=text.sms,
        template_id=text.template,
        template_data=text.fields,
    )


def channels_of(contact: Contact, shown: Sequence[AlertChange]) -> list[str]:
    """The contact's order; at night what rings goes first for what rises: Zalo makes no sound from 22:00 to 05:59.

    The hour is that in which the news can be told, the newest of `shown`.
    """
    newest = max(change.at + timedelta(seconds=change.late_s) for change in shown)
    asleep = not DAWN <= newest.astimezone(VIETNAM).hour < DUSK
    if asleep and any(change.level > change.previous for change in shown):
        return [
            str(way) for way in sorted(contact.channels, key=lambda way: not CHANNELS[way].rings_at_night)
        ]
    return [str(way) for way in contact.channels]


def key(alert: str, seq: int, contact: str) -> str:
    """The idempotency key: 40 hex digits of the SHA-256 of `alert|seq|contact`."""
    return hashlib.sha256(f"{alert}|{seq}|{contact}".encode()).hexdigest()[:KEY_CHARACTERS]


def hamlets_concerned(change: AlertChange, commune: Commune) -> set[str]:
    """Codes of the hamlets that the change concerns and that stand on its day."""
    return _touched(change, commune) & _hamlets_on(change.at.astimezone(VIETNAM).date(), commune)


def _touched(change: AlertChange, commune: Commune) -> set[str]:
    """An outage touches the hamlets of the stations behind it; one of our own, all."""
    if change.kind is not Kind.OUTAGE:
        return hamlets_of(change.station, commune)
    behind = {code for station in change.parameters for code in hamlets_of(station, commune)}
    return behind or {hamlet.code for hamlet in commune.hamlets}


def _hamlets_on(day: date, commune: Commune) -> set[str]:
    """Codes that stand on `day`; `valid_to` is the last day. A hamlet under a new unit keeps its code."""
    return {
        hamlet.code
        for hamlet in commune.hamlets
        if hamlet.valid_from <= day and (hamlet.valid_to is None or day <= hamlet.valid_to)
    }
