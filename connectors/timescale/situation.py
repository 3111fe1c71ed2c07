"""What the commune's places and open alerts are at a moment, in the words that every screen shows; only questions.

The words are made by the functions `places_at` and `open_alerts_at` of the database (migration 0010).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row


class AlertSeen(NamedTuple):
    """An open alert; `since` is that of its present level, `value` in `unit` the newest good one."""

    kind: str
    kind_vi: str
    place: str
    name: str
    parameter: str
    parameter_vi: str
    level: int
    level_vi: str
    state: str
    shape: str
    since: datetime
    value: float | None
    unit: str
    told: int
    arrived: int
    told_vi: str | None
    answered_vi: str | None


class PlaceSeen(NamedTuple):
    """A configured place and its sentence, with the age of what it tells."""

    name: str
    state: str
    state_vi: str
    shape: str
    vi: str


class Situation(NamedTuple):
    """All of it at one moment, the worst first."""

    alerts: list[AlertSeen]
    places: list[PlaceSeen]


_THERE = "select to_regproc('phusa.open_alerts_at') is not null and to_regproc('phusa.places_at') is not null"
_ALERTS = f"select {', '.join(AlertSeen._fields)} from phusa.open_alerts_at(%s)"
_PLACES = f"select {', '.join(PlaceSeen._fields)} from phusa.places_at(%s)"


def look(dsn: str, at: datetime) -> Situation | None:
    """At `at` of the platform's clock; None where the schema is older than these functions.

    Raises psycopg.Error when the database is away.
    """
    with psycopg.connect(dsn, connect_timeout=5) as connection:
        if not (connection.execute(_THERE).fetchone() or (False,))[0]:
            return None
        with connection.cursor(row_factory=class_row(AlertSeen)) as cursor:
            alerts = cursor.execute(_ALERTS, [at]).fetchall()
        with connection.cursor(row_factory=class_row(PlaceSeen)) as cursor:
            places = cursor.execute(_PLACES, [at]).fetchall()
    return Situation(alerts, places)


def said_at(dsn: str) -> datetime | None:
    """When the process `places` last said how the places are, in the platform's clock; None: never, or the schema is older.

    Raises psycopg.Error when the database is away.
    """
    with psycopg.connect(dsn, connect_timeout=5) as connection:
        if not (connection.execute(_THERE).fetchone() or (False,))[0]:
            return None
        row: tuple[datetime | None] | None = connection.execute(
            "select max(at) from phusa.place_state"
        ).fetchone()
    return None if row is None else row[0]
