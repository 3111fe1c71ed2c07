"""Who lets the public hear: a person whose role may, and never the one who asked."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from models.envelope.bilingual import Bilingual

if TYPE_CHECKING:
    from models.alerting.announcement import Wanted
    from models.commune.configuration import Commune, Contact


class Standing(enum.StrEnum):
    """WAITING for a person. APPROVED: it is played. REFUSED by a person. OVERTAKEN by newer news of its event. EXPIRED: nobody looked."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
    EXPIRED = "expired"


class Asked(msgspec.Struct, frozen=True):
    """An announcement as whoever approves sees it; `asked_by` is a contact's id, or the platform.

    `event` is the number of its event, None: a person asked for it. `over`: it warns of an event that has ended since.
    `decided_by` is who approved or refused it.
    """

    id: int
    state: Standing
    asked_by: str
    expires_at: datetime
    hamlets: list[str]
    event: int | None = None
    over: bool = False
    decided_by: str | None = None


class Offered(enum.StrEnum):
    """What a contact is shown of an announcement: that he may DECIDE, for whom it WAITS, or what became of it (TOLD)."""

    DECIDE = "decide"
    WAITS = "waits"
    TOLD = "told"


_WORDS = {
    Standing.APPROVED: Bilingual("đã được duyệt", "has been approved already"),
    Standing.REFUSED: Bilingual("đã bị từ chối", "has been refused"),
    Standing.OVERTAKEN: Bilingual(
        "đã có tin mới hơn, hoặc sự việc đã qua", "has been overtaken by newer news or the end of its event"
    ),
    Standing.EXPIRED: Bilingual("đã quá cũ để phát", "is too old to be played"),
}


def unasked(announcement: Wanted, commune: Commune) -> bool:
    """Whether it is played without a person: as the configuration says; never an end, never a drill."""
    if announcement.level == 0 or announcement.exercise:
        return False
    return any(
        announcement.kind in one.kinds and announcement.level >= one.least_level for one in commune.unasked
    )


def person(name: str, commune: Commune) -> Contact | None:
    """The contact of this id or name, however it is spaced and written."""
    wanted = " ".join(name.split()).casefold()
    return next(
        (one for one in commune.contacts if wanted in (one.id, " ".join(one.name.split()).casefold())), None
    )


def who_may(commune: Commune) -> list[Contact]:
    """The contacts whose role may approve."""
    roles = {one.role for one in commune.approvers}
    return [contact for contact in commune.contacts if contact.role in roles]


def state_at(asked: Asked, now: datetime) -> Standing:
    """Its state at `now`: what waits too long has expired, what warns of something that is over is overtaken, also before it is written."""
    if asked.state is not Standing.WAITING:
        return asked.state
    if now >= asked.expires_at:
        return Standing.EXPIRED
    return Standing.OVERTAKEN if asked.over else Standing.WAITING


def repeated(asked: Asked, who: Contact, verdict: Standing) -> bool:
    """Whether this person has said just that before: a button pressed twice is once."""
    return asked.state is verdict and asked.decided_by == who.id


def offered(asked: Asked, who: Contact, commune: Commune, now: datetime) -> Offered | None:
    """What this person is shown of it, or None.

    What a person asked for is shown to those who may approve and to him alone. For whom it waits helps those whose hamlets it is for, who
    can ring them.
    """
    own, state = who.id == asked.asked_by, state_at(asked, now)
    if state is Standing.OVERTAKEN or (asked.event is None and not own and who not in who_may(commune)):
        return None
    if state is not Standing.WAITING:
        return Offered.TOLD
    if objection(asked, who, commune, now) is None:
        return Offered.DECIDE
    return Offered.WAITS if own or not set(who.hamlets).isdisjoint(asked.hamlets) else None


def objection(asked: Asked, who: Contact, commune: Commune, now: datetime) -> Bilingual | None:
    """Why this person may not approve it, or None."""
    state = state_at(asked, now)
    if state is not Standing.WAITING:
        why = _WORDS[state]
        return Bilingual(f"Lời số {asked.id} {why.vi}", f"announcement {asked.id} {why.en}")
    if who not in who_may(commune):
        roles = ", ".join(one.role for one in commune.approvers) or "–"
        return Bilingual(
            f"{who.name} không có vai trò được duyệt ({roles})", f"{who.name} may not approve; roles: {roles}"
        )
    if who.id == asked.asked_by:
        return Bilingual(
            f"{who.name} đã yêu cầu lời này; cần một người khác duyệt",
            f"{who.name} asked for it; somebody else has to approve",
        )
    return None
