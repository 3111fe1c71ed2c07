"""Rows for the screens' tests, put straight into the store: what a flow would have written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import psycopg

from connectors import commune as folder
from connectors.settings import ROOT

EXAMPLE = folder.load(ROOT / "infra" / "commune")
CAGES = [cage.station for cage in EXAMPLE.cages]
ZONES = [(camera.id, zone.id) for camera in EXAMPLE.cameras for zone in camera.zones]
DAY = datetime.fromisoformat("2026-11-25T00:00:00+07:00")


def clock(text: str) -> datetime:
    """A time of that day in Vietnam."""
    hour, minute = map(int, text.split(":"))
    return DAY + timedelta(hours=hour, minutes=minute)


def observe(
    dsn: str, station: str, parameter: str, unit: str, values: Iterable[tuple[datetime, float, int]]
) -> None:
    """Readings (time, value, flag) that came when they were measured."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into observation (at, station, parameter, value, unit, flag, seq, received_at) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (at, station, parameter, value, unit, flag, turn, at)
                for turn, (at, value, flag) in enumerate(values)
            ],
        )


def derive(
    dsn: str, station: str, parameter: str, unit: str, values: Iterable[tuple[datetime, float]]
) -> None:
    """Reckoned values (time, value)."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into derived (at, station, parameter, value, unit, flag, count) values (%s, %s, %s, %s, %s, 1, 1)",
            [(at, station, parameter, value, unit) for at, value in values],
        )


def every(since: datetime, until: datetime, minutes: float) -> list[datetime]:
    """Times from `since` to `until`, both with."""
    step = timedelta(minutes=minutes)
    return [since + step * turn for turn in range(int((until - since) / step) + 1)]


def alarm(
    dsn: str,
    kind: str,
    rule: str,
    station: str,
    parameter: str,
    level: int,
    at: datetime,
    value: float,
    unit: str,
) -> None:
    """An alert that was raised at `at` and stands."""
    name = f"{rule}:{station}:{parameter}"
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "insert into alert values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, null)",
            [name, rule, kind, station, parameter, level, level, value, unit, at, at],
        )
        connection.execute(
            """insert into alert_change (alert, seq, at, change, level, previous, value, "limit") values (%s, 1, %s, 'raise', %s, 0, %s, 0)""",
            [name, at, level, value],
        )


def clear(dsn: str, at: datetime) -> None:
    """All alerts are over at `at`."""
    with psycopg.connect(dsn) as connection:
        connection.execute(
            """insert into alert_change (alert, seq, at, change, level, previous, value, "limit")
               select alert, 2, %s, 'clear', 0, level, value, 0 from alert""",
            [at],
        )
        connection.execute("update alert set level = 0, changed_at = %(at)s, cleared_at = %(at)s", {"at": at})
