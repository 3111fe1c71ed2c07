"""What the phone page shows of the loudspeakers: what waits for this contact, for whom it waits, what became of what was decided."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from connectors.page import words
from connectors.page.words import Words
from models.alerting.announcement import PLATFORM
from models.alerting.approval import Offered, Standing, offered, state_at
from models.alerting.playing import became
from models.commune.loudspeakers import heard_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.page.phone.situation import Announced
    from models.commune.configuration import Commune, Contact


class Loud(NamedTuple):
    """`decide`: to be approved or refused by this contact; `waits`: for others; `told`: decided, or too old."""

    decide: list[dict[str, Any]]
    waits: list[Words]
    told: list[dict[str, Any]]


def loud(announced: Sequence[Announced], who: Contact, commune: Commune, wall: datetime) -> Loud:
    """All of it; `wall` is wall time, which approvals go by."""
    found: dict[Offered | None, list[Announced]] = {}
    for one in announced:
        found.setdefault(offered(one, who, commune, wall), []).append(one)
    return Loud(
        [_decide(one, commune, wall) for one in found.get(Offered.DECIDE, [])],
        [_waits(one, commune, wall) for one in found.get(Offered.WAITS, [])],
        [_told(one, commune, wall) for one in found.get(Offered.TOLD, [])],
    )


def _decide(one: Announced, commune: Commune, wall: datetime) -> dict[str, Any]:
    heard = heard_in(commune.loudspeakers, one.hamlets)
    return {
        "number": one.id,
        "text": one.text,
        "exercise": one.exercise,
        "asked_by": None if one.asked_by == PLATFORM else _name(one.asked_by, commune),
        "heard": _hamlets(heard, commune),
        "deaf": _hamlets([code for code in one.hamlets if code not in heard], commune),
        "seconds": math.ceil(one.seconds),
        "until": words.since(one.expires_at, wall),
    }


def _waits(one: Announced, commune: Commune, wall: datetime) -> Words:
    roles = " hoặc ".join(each.role for each in commune.approvers) or "người có quyền"
    until = words.since(one.expires_at, wall)
    return Words(
        f"Loa đợi {roles} duyệt, chậm nhất {until}.",
        f"The loudspeakers are silent until it is approved, by {until} at the latest.",
    )


def _told(one: Announced, commune: Commune, wall: datetime) -> dict[str, Any]:
    names = {each.id: each.name for each in commune.loudspeakers}
    return {
        "text": one.text,
        "exercise": one.exercise,
        "said": _said(one, commune, wall),
        "nowhere": state_at(one, wall) is Standing.APPROVED and not one.plays,
        "plays": [
            {"name": names.get(play.loudspeaker, play.loudspeaker), "said": became(play.state, play.reason)}
            for play in one.plays
        ],
    }


def _said(one: Announced, commune: Commune, wall: datetime) -> Words:
    """Who decided what, when."""
    if state_at(one, wall) is Standing.EXPIRED:
        until = words.since(one.expires_at, wall)
        return Words(f"Không ai duyệt trước {until}, không phát", "approved by nobody in time, not played")
    at = words.since(one.decided_at, wall)
    if one.decided_by == PLATFORM:
        return Words(
            f"Tự phát theo cấu hình của xã, lúc {at}", "played unasked, as the commune configured it"
        )
    by = _name(one.decided_by or "", commune)
    if one.state is Standing.APPROVED:
        return Words(f"{by} cho phát, lúc {at}", "approved")
    return Words(f"{by} không cho phát, lúc {at}", "refused, not played")


def _name(contact: str, commune: Commune) -> str:
    return next((one.name for one in commune.contacts if one.id == contact), contact)


def _hamlets(codes: Sequence[str], commune: Commune) -> str:
    names = {one.code: one.name for one in commune.hamlets}
    return ", ".join(names.get(code, code) for code in codes)
