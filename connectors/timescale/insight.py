"""What the store knows of the flows' work, for `phusa status`; only questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg.rows import class_row

from connectors.timescale.spending import Month, month
from models.commune.canary import CANARY


class Position(msgspec.Struct, frozen=True):
    """One flow's work on one topic; `next_offsets` by partition, counts in records."""

    flow: str
    topic: str
    next_offsets: dict[str, int]
    read: int
    stored: int
    rejected: int
    duplicates: int
    still: int
    dropped: int
    age_s: float
    """Seconds since the flow last stored something."""


class Refused(msgspec.Struct, frozen=True):
    """Rejected messages of one reason that were not sent again."""

    topic: str
    reason: str
    count: int


class OpenAlert(msgspec.Struct, frozen=True):
    """An alert that stands; `raised` is local time in words."""

    kind: str
    station: str
    parameter: str
    level: int
    value: float
    unit: str
    raised: str


class CameraPace(msgspec.Struct, frozen=True):
    """How often a camera is looked at (models/cameras/pace.py); `age_s`: seconds since that was told."""

    camera: str
    every_s: float
    wanted_s: float
    share: float
    held: float | None
    wished: float | None
    rising: bool
    age_s: float


class Insight(msgspec.Struct, frozen=True):
    """All of it at one moment."""

    level: str
    positions: list[Position]
    refused: list[Refused]
    alerts: list[OpenAlert]
    messages: dict[str, int]
    """Notifications by state; of those muted, by what muted them."""
    paces: list[CameraPace] = []
    month: Month | None = None
    """Of the messages' budget; None without one."""


_POSITIONS = """
select flow, topic, jsonb_object_agg(partition::text, next_offset) as next_offsets,
  sum(read)::bigint as read, sum(stored)::bigint as stored, sum(rejected)::bigint as rejected,
  sum(duplicates)::bigint as duplicates,
  sum(still)::bigint as still, sum(dropped)::bigint as dropped, extract(epoch from now() - max(updated_at))::float8 as age_s
from source_offset group by flow, topic order by flow, topic
"""
_REFUSED = """
select topic, reason, count(*) as count from rejected where replayed_at is null
group by topic, reason order by count desc, reason
"""
_ALERTS = """
select kind, station, parameter, level, value, unit,
  to_char(raised_at at time zone 'Asia/Ho_Chi_Minh', 'DD/MM HH24:MI') as raised
from real_alert where cleared_at is null order by level desc, raised_at
"""
_PACES = """
select camera, every_s, wanted_s, share, held, wished, rising, extract(epoch from now() - told_at)::float8 as age_s
from camera_pace order by share, camera
"""
_SENSORS = """
select s.station_name || ', ' || coalesce(w.vi, s.parameter), s.at, s.silent_after_s
from sensor_state s left join word w on w.kind = 'parameter' and w.code = s.parameter
order by 1
"""


def look(dsn: str) -> Insight:
    """Ask everything; raises psycopg.OperationalError when the server is away."""
    with psycopg.connect(dsn, connect_timeout=5) as connection:
        row = connection.execute("select level from capability").fetchone()
        with connection.cursor(row_factory=class_row(Position)) as cursor:
            positions = cursor.execute(_POSITIONS).fetchall()
        with connection.cursor(row_factory=class_row(Refused)) as cursor:
            refused = cursor.execute(_REFUSED).fetchall()
        with connection.cursor(row_factory=class_row(OpenAlert)) as cursor:
            alerts = cursor.execute(_ALERTS).fetchall()
        with connection.cursor(row_factory=class_row(CameraPace)) as cursor:
            paces = cursor.execute(_PACES).fetchall()
        states = connection.execute(
            "select case when state = 'muted' then coalesce(stage, state) else state end, count(*) from notification "
            "where contact <> %s and not exercise group by 1",
            [CANARY],
        ).fetchall()
        spent = month(connection)
    return Insight(
        row[0] if row else "",
        positions,
        refused,
        alerts,
        {str(name): int(n) for name, n in states},
        paces,
        spent,
    )


def sensors(connection: psycopg.Connection[Any]) -> list[tuple[str, datetime | None, int]]:
    """Each sensor of the configuration by its names, the time of its newest reading, and its patience in seconds."""
    return connection.execute(_SENSORS).fetchall()
