"""Silences: set, ended, listed, and what each has hidden; each step is in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import psycopg
from psycopg.rows import class_row

from models.alerting.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Hidden(msgspec.Struct, frozen=True):
    """Changes of one alert that a silence hid, `times` in all, from `contacts`; `level` is the highest of them, `open`: it goes on."""

    silence: int
    alert: str
    kind: str
    station: str
    level: int
    times: int
    contacts: list[str]
    open: bool


_COLUMNS = (
    "id, begins_at, ends_at, because, by_whom, kinds, stations, hamlets, contacts, maintenance, ended_at"
)
_HIDDEN = """
select n.silence, n.alert, n.kind, coalesce(a.station, '') as station, max(n.level)::int as level,
  count(distinct n.seq)::int as times, array_agg(distinct n.contact order by n.contact) as contacts,
  bool_or(a.cleared_at is null and a.alert is not null) as open
from notification n left join alert a using (alert) where n.silence = any(%s)
group by n.silence, n.alert, n.kind, a.station order by n.silence, max(n.level) desc, n.alert
"""
_AUDIT = "insert into audit (at, source, what, vi, en) values (%s, 'cli', %s, %s, %s)"


def add(dsn: str, silence: Silence) -> Silence:
    """Set it; its number is the store's."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            """
            insert into silence (kinds, stations, hamlets, contacts, maintenance, begins_at, ends_at, because, by_whom)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning id
            """,
            [
                silence.kinds,
                silence.stations,
                silence.hamlets,
                silence.contacts,
                silence.maintenance,
                silence.begins_at,
                silence.ends_at,
                silence.because,
                silence.by_whom,
            ],
        ).fetchone()
        made = msgspec.structs.replace(silence, id=int(row[0]) if row else 0)
        vi = f"{made.by_whom} tắt tin #{made.id} tới {made.ends_at.isoformat()}: {made.because}"
        en = f"{made.by_whom} set silence #{made.id} until {made.ends_at.isoformat()}: {made.because}"
        connection.execute(_AUDIT, [made.begins_at, "silence", vi, en])
    return made


def end(dsn: str, number: int, by_whom: str, at: datetime) -> tuple[Silence | None, bool]:
    """End the silence at `at`; it, None where there is none, and whether it was still in force."""
    with psycopg.connect(dsn) as connection, connection.cursor(row_factory=class_row(Silence)) as cursor:
        found = cursor.execute(
            f"select {_COLUMNS} from silence where id = %s for update", [number]
        ).fetchone()
        if found is None or not found.in_force(at):
            return found, False
        connection.execute("update silence set ended_at = %s where id = %s", [at, number])
        vi, en = f"{by_whom} bật lại tin, bỏ #{number}", f"{by_whom} ended silence #{number}"
        connection.execute(_AUDIT, [at, "unsilence", vi, en])
    return msgspec.structs.replace(found, ended_at=at), True


def listed(dsn: str, since: datetime) -> list[Silence]:
    """Those that were in force at `since` or later, the newest first."""
    with psycopg.connect(dsn) as connection, connection.cursor(row_factory=class_row(Silence)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from silence where least(ends_at, coalesce(ended_at, ends_at)) > %s order by id desc",
            [since],
        ).fetchall()


def hidden(dsn: str, numbers: Sequence[int]) -> list[Hidden]:
    """What these silences have hidden, the worst of each first."""
    with psycopg.connect(dsn) as connection, connection.cursor(row_factory=class_row(Hidden)) as cursor:
        return cursor.execute(_HIDDEN, [list(numbers)]).fetchall()
