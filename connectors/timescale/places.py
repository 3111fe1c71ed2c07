"""Says each place as of a time and keeps it: `place_state` always, `place_history` when it became another.

Delivery: idempotent. What is said at a time is a function of the facts up to it; (kind, place, at) is the key, so what is said
again after a crash writes the same rows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from connectors.timescale.connection import Store
from connectors.timescale.known import Known
from models.places.place import PlaceState
from models.places.sentence import say as sentence

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from models.commune.configuration import Commune

NEWS_EVERY = timedelta(minutes=4)
"""A sentence that only has another figure is kept this often; another state or level at once."""

_COLUMNS = "kind, place, at, state, level, since, datum_at, parameter, value, unit, vi, en"
_STATE = f"""
insert into place_state ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (kind, place) do update set at = excluded.at, state = excluded.state, level = excluded.level, since = excluded.since,
  datum_at = excluded.datum_at, parameter = excluded.parameter, value = excluded.value, unit = excluded.unit,
  vi = excluded.vi, en = excluded.en
where place_state.at <= excluded.at
"""
_HISTORY = f"""
insert into place_history ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (kind, place, at) do update set state = excluded.state, level = excluded.level, since = excluded.since,
  datum_at = excluded.datum_at, parameter = excluded.parameter, value = excluded.value, unit = excluded.unit,
  vi = excluded.vi, en = excluded.en
"""
_BEFORE = f"""
select {_COLUMNS} from unnest(%s::text[], %s::text[]) as k (kind, place)
join lateral (
  select * from place_history h where h.kind = k.kind and h.place = k.place and h.at < %s order by h.at desc limit 1
) h using (kind, place)
"""


class Places:
    """Says the places of a commune; one for a process, because it remembers what has long been silent."""

    def __init__(self, commune: Commune) -> None:
        self._commune, self.known = commune, Known(commune)

    def say(self, connection: psycopg.Connection, t: datetime) -> list[PlaceState]:
        """Say all as of `t`, in the connection's transaction; returns what was said. Raises psycopg's errors."""
        states = [sentence(place, facts, self._commune) for place, facts in self.known.facts(connection, t)]
        self._forget_removed(connection, states)
        before = {(one.kind, one.place): one for one in _before(connection, states, t)}
        news = [state for state in states if _is_news(before.get((state.kind, state.place)), state)]
        with connection.cursor() as cursor:
            cursor.executemany(_STATE, [_row(state) for state in states])
            same = [state for state in states if state not in news]
            cursor.execute(
                """
                delete from place_history h using unnest(%s::text[], %s::text[]) as k (kind, place)
                where h.kind = k.kind and h.place = k.place and h.at = %s
                """,
                [[one.kind for one in same], [one.place for one in same], t],
            )
            cursor.executemany(_HISTORY, [_row(one) for one in news])
        return states

    def _forget_removed(self, connection: psycopg.Connection, states: list[PlaceState]) -> None:
        """What is no place of the configuration any more has no state; its history stays."""
        connection.execute(
            "delete from place_state where (kind, place) not in (select * from unnest(%s::text[], %s::text[]))",
            [[state.kind for state in states], [state.place for state in states]],
        )


def say(where: str | psycopg.Connection, commune: Commune, t: datetime) -> list[PlaceState]:
    """Say all places of `commune` as of `t` into the store at `where` (the DSN of a writer, or a connection); what was said."""
    if not isinstance(where, str):
        with where.transaction():
            return Places(commune).say(where, t)
    store = Store(where)
    try:
        return store.transaction(lambda connection: Places(commune).say(connection, t))
    finally:
        store.close()


def last_said(connection: psycopg.Connection) -> datetime | None:
    """When the places were last said; None: never."""
    row = connection.execute("select max(at) from place_state").fetchone()
    return None if row is None else row[0]


def _is_news(before: PlaceState | None, now: PlaceState) -> bool:
    if before is None or (before.state, before.level) != (now.state, now.level):
        return True
    same = (before.value, before.vi, before.en) == (now.value, now.vi, now.en)
    return not same and now.at - before.at >= NEWS_EVERY


def _row(place_state: PlaceState) -> tuple[object, ...]:
    return (
        place_state.kind.value, place_state.place, place_state.at, place_state.state.value, place_state.level, place_state.since, place_state.datum_at, place_state.parameter, place_state.value,
        place_state.unit, place_state.vi, place_state.en,
    )  # fmt: skip


def _before(connection: psycopg.Connection, states: list[PlaceState], t: datetime) -> list[PlaceState]:
    rows = connection.execute(
        _BEFORE, [[state.kind for state in states], [state.place for state in states], t]
    ).fetchall()
    names = [name.strip() for name in _COLUMNS.split(",")]
    return [msgspec.convert(dict(zip(names, row, strict=True)), PlaceState) for row in rows]
