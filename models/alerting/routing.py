"""Who is told of a change: contacts by hamlet, kind, level and duty; and why somebody is not."""

from __future__ import annotations

import enum
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import Kind
from models.alerting.together import text_of
from models.alerting.words import VIETNAM
from models.catalogue.channels import CHANNELS
from models.commune.duty import on_duty
from models.commune.place import hamlets_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date, datetime

    from models.alerting.alert import AlertChange
    from models.alerting.together import Text
    from models.catalogue.kinds import Words
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


class Apart(enum.StrEnum):
    """Why a change is not for a contact."""

    CALLED_ONLY = "called_only"
    KIND = "kind"
    LEVEL = "level"
    HAMLET = "hamlet"
    OFF_DUTY = "off_duty"


APART: dict[Apart, Words] = {
    Apart.CALLED_ONLY: ("chỉ được gọi khi chưa ai trả lời", "called only when nobody has answered"),
    Apart.KIND: ("không nhận loại này", "does not ask for this kind"),
    Apart.LEVEL: ("chỉ nhận mức cao hơn", "asks for higher levels only"),
    Apart.HAMLET: ("không thuộc thôn liên quan", "of no hamlet that it concerns"),
    Apart.OFF_DUTY: ("không trong ca trực", "not on duty"),
}
"""The same in words."""


def concerned(
    change: AlertChange, commune: Commune, peak: int = 0, at: datetime | None = None
) -> list[Contact]:
    """The contacts who are told of the change, by hamlet, kind, level and duty, in the order of the configuration.

    Who heard of a level is also told that it is over, so the worse of the two levels decides, and for the end the
    worst that the alert has had (`peak`). `at` is the moment whose shift is told; None: the rota is not asked.
    """
    touched = hamlets_concerned(change, commune)
    return [
        contact
        for contact in commune.contacts
        if _apart(change, contact, touched, peak) is None and not _off_duty(change, contact, commune, at)
    ]


def apart(
    change: AlertChange, contact: Contact, commune: Commune, peak: int = 0, at: datetime | None = None
) -> Apart | None:
    """Why the change is not for the contact; None where it is. Arguments as of `concerned`."""
    why = _apart(change, contact, hamlets_concerned(change, commune), peak)
    if why is None and _off_duty(change, contact, commune, at):
        return Apart.OFF_DUTY
    return why


def _apart(change: AlertChange, contact: Contact, touched: AbstractSet[str], peak: int) -> Apart | None:
    if contact.called_only:
        return Apart.CALLED_ONLY
    if change.kind not in contact.kinds:
        return Apart.KIND
    if touched.isdisjoint(contact.hamlets):
        return Apart.HAMLET
    worst = max(change.level, change.previous, peak if change.level == 0 else 0)
    return None if worst >= contact.least_level else Apart.LEVEL


def _off_duty(change: AlertChange, contact: Contact, commune: Commune, at: datetime | None) -> bool:
    """The end is for whoever was on duty before: who heard nothing is told nothing by the next stage."""
    if at is None or commune.routing is None or change.level == 0:
        return False
    duty = on_duty(contact.role, commune.routing.rota, at)
    return duty is not None and contact.id not in duty


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
