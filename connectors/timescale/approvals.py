"""Who lets the public hear an announcement: one function for every way by which a person decides, the same row and the same line of audit.

Delivery: once. The announcement is locked while it is decided on; who says the same again changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

import msgspec
from psycopg.rows import class_row

from models.alerting.approval import Asked, Standing, objection, repeated
from models.commune.loudspeakers import hearing
from models.envelope.bilingual import Bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from models.commune.configuration import Commune, Contact

SOURCE = "announce"
"""Of a line of audit: by the command line or by the configuration; a page says so itself."""
_ASKED: LiteralString = """
select n.id, n.state, n.asked_by, n.expires_at, n.hamlets, e.number as event, n.level > 0 and coalesce(e.closed_at is not null, false) as over,
  coalesce(n.approved_by, n.refused_by) as decided_by
from announcement n left join event e on e.id = n.event where n.id = %s for update of n
"""
_AUDIT: LiteralString = """
insert into audit (at, source, what, contact, event, vi, en) values (%s, %s, %s, %s, %s, %s, %s)
"""
_OVERTAKEN = "có lời mới hơn của cùng sự việc (overtaken by newer news of the same event)"
_GIVE_UP: LiteralString = """
update announcement_play p set state = 'expired', reason = %(reason)s from announcement n, announcement newer
where newer.id = %(id)s and n.id = p.announcement and n.event = newer.event and n.id <> newer.id and p.state = 'pending'
"""


class Decision(NamedTuple):
    """`who` says APPROVED or REFUSED; `source` is by what it came. `event`: only of this one (its number), or of what a person asked for."""

    announcement: int
    who: Contact
    verdict: Standing
    source: str = SOURCE
    event: int | None = None


class Decided(NamedTuple):
    """The loudspeakers that are to play it, or why nothing was changed; `repeated`: he had said so before."""

    loudspeakers: Sequence[str] = ()
    why: Bilingual | None = None
    repeated: bool = False


def decide(connection: psycopg.Connection[Any], one: Decision, commune: Commune, now: datetime) -> Decided:
    """What this person decides, if he may; `now` is wall time."""
    found = asked(connection, one.announcement)
    if found is None or (one.event is not None and found.event not in (None, one.event)):
        number = one.announcement
        return Decided(why=Bilingual(f"Không có lời phát số {number}", f"no announcement {number}"))
    loudspeakers = hearing(commune.loudspeakers, found.hamlets)
    if repeated(found, one.who, one.verdict):
        return Decided(loudspeakers, repeated=True)
    why = objection(found, one.who, commune, now)
    if why is not None:
        return Decided(why=why)
    if one.verdict is Standing.APPROVED:
        approve(connection, found.id, one.who.id, loudspeakers, now, one.source)
        return Decided(loudspeakers)
    refuse(connection, found.id, one.who.id, now, one.source)
    return Decided()


def asked(connection: psycopg.Connection[Any], announcement: int) -> Asked | None:
    """The announcement, locked until the transaction ends."""
    with connection.cursor(row_factory=class_row(Asked)) as cursor:
        found = cursor.execute(_ASKED, [announcement]).fetchone()
    return None if found is None else msgspec.structs.replace(found, state=Standing(found.state))


def approve(
    connection: psycopg.Connection[Any],
    announcement: int,
    by: str,
    loudspeakers: Sequence[str],
    now: datetime,
    source: str = SOURCE,
) -> None:
    """It is to be played by these loudspeakers; `by` is a contact, or the platform."""
    update = "update announcement set state = 'approved', approved_by = %s, approved_at = %s where id = %s"
    connection.execute(update, [by, now, announcement])
    connection.execute(_GIVE_UP, {"id": announcement, "reason": _OVERTAKEN})
    insert = """
        insert into announcement_play (announcement, loudspeaker, key, next_at)
        select id, %s, md5(key || '|' || %s), %s from announcement where id = %s on conflict do nothing
        """
    for name in loudspeakers:
        connection.execute(insert, [name, name, now, announcement])
    _note(connection, announcement, "approved", by, now, source)


def refuse(
    connection: psycopg.Connection[Any], announcement: int, by: str, now: datetime, source: str = SOURCE
) -> None:
    """It is not to be played."""
    update = "update announcement set state = 'refused', refused_by = %s, refused_at = %s where id = %s"
    connection.execute(update, [by, now, announcement])
    _note(connection, announcement, "refused", by, now, source)


_WHAT = {
    "approved": ("duyệt lời phát", "approved announcement"),
    "refused": ("từ chối lời phát", "refused announcement"),
}


def _note(
    connection: psycopg.Connection[Any], announcement: int, what: str, by: str, now: datetime, source: str
) -> None:
    row: tuple[str | None] | None = connection.execute(
        "select event from announcement where id = %s", [announcement]
    ).fetchone()
    vi, en = _WHAT[what]
    event = row[0] if row else None
    words = [f"{by} {vi} số {announcement}", f"{by} {en} {announcement}"]
    connection.execute(_AUDIT, [now, source, what, by, event, *words])
