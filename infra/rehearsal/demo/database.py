"""What the database says after (and during) a play; only questions, nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg.rows import class_row, dict_row

from infra.rehearsal.demo.accounting import ChangeRow
from infra.rehearsal.demo.shot import Shot

Connection = psycopg.Connection[dict[str, Any]]


class Progress(msgspec.Struct, frozen=True):
    """A look at the pipeline while it runs."""

    read: int = 0
    stored: int = 0
    rejected: int = 0
    duplicates: int = 0
    open_alerts: int = 0
    messages: int = 0
    waiting: int = 0
    """Messages that no gateway has answered for yet."""
    value: float | None = None
    """Newest value of the watched sensor."""
    beats: int = 0
    """Records by which bridge and intake say that they live; no readings."""


class MessageRow(msgspec.Struct, frozen=True):
    """A notification: what somebody was told, and how it went."""

    id: str
    alert: str
    seq: int
    at: datetime
    station: str
    contact: str
    kind: str
    level: int
    channel: str
    state: str
    text: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    price_vnd: int | None
    reason: str | None
    step: str | None = None
    """What it is of the ladder or to an answer; None: news of a change."""


class DerivedRow(msgspec.Struct, frozen=True):
    """A computed value; `at` is the end of its period."""

    at: datetime
    station: str
    parameter: str
    value: float


def connect(dsn: str) -> Connection:
    """A reading connection; every question sees the newest state."""
    return psycopg.connect(dsn, autocommit=True, row_factory=dict_row, options="-c search_path=phusa,public")


def progress(db: Connection, watched: tuple[str, str] | None) -> Progress:
    """Counts by now, and the newest value of the watched (station, parameter)."""
    counts = _one(db, _COUNTS)
    value = None
    if watched is not None:
        found = db.execute(
            "SELECT value FROM observation WHERE station = %s AND parameter = %s AND flag IN (1, 3) ORDER BY at DESC LIMIT 1",
            watched,
        ).fetchone()
        value = None if found is None else found["value"]
    return msgspec.convert({**counts, "value": value}, Progress)


_COUNTS = """
    SELECT coalesce(sum(next_offset - read), 0)::bigint AS beats, coalesce(sum(read), 0)::bigint AS read, coalesce(sum(stored), 0)::bigint AS stored,
           coalesce(sum(rejected), 0)::bigint AS rejected, coalesce(sum(duplicates), 0)::bigint AS duplicates,
           (SELECT count(*) FROM alert WHERE cleared_at IS NULL) AS open_alerts,
           (SELECT count(*) FROM notification WHERE state IN ('sent', 'delivered')) AS messages,
           (SELECT count(*) FROM notification WHERE state IN ('pending', 'sending', 'sent')) AS waiting
      FROM source_offset WHERE flow = 'telemetry' AND topic = 'readings'
"""


def read(db: Connection, flow: str, topic: str) -> int:
    """Records of a topic that a flow has finished with."""
    found = _one(
        db,
        "SELECT coalesce(sum(read), 0)::bigint AS n FROM source_offset WHERE flow = %s AND topic = %s",
        (flow, topic),
    )
    return int(found["n"])


def waiting(db: Connection) -> int:
    """Messages that still have a way to go: not yet sent, or without receipt."""
    return progress(db, None).waiting


def rejected(db: Connection) -> list[tuple[str, str, int]]:
    """(station of the topic, reason, count) of everything refused on `readings`."""
    rows = db.execute(
        "SELECT encode(coalesce(key, ''), 'escape') AS station, reason, count(*) AS n"
        " FROM rejected WHERE topic = 'readings' GROUP BY 1, 2"
    )
    return [(row["station"], row["reason"], row["n"]) for row in rows]


def stored(db: Connection) -> dict[str, int]:
    """Rows of `observation` by station (cameras apart): counted, not taken from the flow's own counters."""
    rows = db.execute(
        "SELECT station, count(*) AS n FROM observation WHERE station NOT IN (SELECT id FROM camera) GROUP BY station"
    )
    return {row["station"]: row["n"] for row in rows}


def flagged(db: Connection) -> dict[str, int]:
    """Stored values that a test of quality found suspect or failed, by station."""
    rows = db.execute(
        "SELECT station, count(DISTINCT (parameter, at)) AS n FROM quality WHERE flag > 1 GROUP BY station"
    )
    return {row["station"]: row["n"] for row in rows}


def changes(db: Connection) -> list[ChangeRow]:
    """All changes of all alerts, in the order of event time."""
    with db.cursor(row_factory=class_row(ChangeRow)) as cursor:
        return cursor.execute(
            'SELECT c.alert, c.seq, c.at, c.change, c.level, c.previous, c.value, c."limit", a.rule, a.kind,'
            " a.station, a.parameter, a.unit, c.recorded_at"
            " FROM alert_change c JOIN alert a USING (alert) ORDER BY c.at, c.alert, c.seq"
        ).fetchall()


def messages(db: Connection) -> list[MessageRow]:
    """All messages, in the order of event time (of a call or reminder its own); what was merged into one of them or muted by name is none."""
    with db.cursor(row_factory=class_row(MessageRow)) as cursor:
        return cursor.execute(
            "SELECT n.id, n.alert, n.seq, coalesce(t.at, c.at) AS at, a.station, n.contact, n.kind, n.level,"
            " coalesce(n.channel, n.channels[1]) AS channel, n.state, n.sms_text AS text, n.attempts, n.created_at,"
            " n.sent_at, n.delivered_at, n.price_vnd, n.reason, n.step"
            " FROM notification n JOIN alert_change c USING (alert, seq) JOIN alert a USING (alert)"
            # A call or a reminder is of its own time, not of the change that it tells again.
            " LEFT JOIN LATERAL (SELECT min(s.at) AS at FROM event_step s"
            "   WHERE n.step IS NOT NULL AND s.event = n.event AND s.notification = n.id) t ON true"
            " WHERE n.state NOT IN ('merged', 'muted') AND n.step IS DISTINCT FROM 'reply' ORDER BY 4, n.contact"
        ).fetchall()


def series(
    db: Connection, station: str, parameter: str, buckets: int = 1500
) -> list[tuple[datetime, float, int]]:
    """(time, value, flag) of a sensor; long series are thinned to the highest and lowest of each bucket."""
    rows = db.execute(_SERIES, {"station": station, "parameter": parameter, "buckets": buckets})
    return [(row["at"], row["value"], row["flag"]) for row in rows]


_SERIES = """
    WITH numbered AS (
        SELECT at, value, flag, ntile(%(buckets)s) OVER (ORDER BY at) AS bucket
          FROM observation WHERE station = %(station)s AND parameter = %(parameter)s
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY bucket, flag = 1 ORDER BY value) AS low,
               row_number() OVER (PARTITION BY bucket, flag = 1 ORDER BY value DESC) AS high
          FROM numbered
    )
    SELECT at, value, flag FROM ranked WHERE low = 1 OR high = 1 ORDER BY at
"""


def derived(db: Connection, parameter: str) -> list[DerivedRow]:
    """Computed values of a parameter, such as `pm25_1h`."""
    with db.cursor(row_factory=class_row(DerivedRow)) as cursor:
        return cursor.execute(
            "SELECT at, station, parameter, value FROM derived WHERE parameter = %s ORDER BY at", (parameter,)
        ).fetchall()


def sums(
    db: Connection, station: str, parameter: str, *, by_day: bool
) -> list[tuple[datetime, datetime, float]]:
    """(begin, end, sum) of what fell in each hour or each day of Vietnam; values that failed a test are left out."""
    unit = "day" if by_day else "hour"
    rows = db.execute(
        "SELECT date_trunc(%s, at, 'Asia/Ho_Chi_Minh') AS since, sum(value) AS total FROM observation"
        " WHERE station = %s AND parameter = %s AND flag IN (1, 3) GROUP BY 1 ORDER BY 1",
        (unit, station, parameter),
    ).fetchall()
    long = timedelta(days=1) if by_day else timedelta(hours=1)
    return [(row["since"], row["since"] + long, row["total"]) for row in rows]


def snapshots(db: Connection) -> list[Shot]:
    """The kept pictures of alarms, in the order of event time."""
    rows = db.execute(
        "SELECT s.at, c.name, s.people, a.kind, v.value, a.unit, replace(encode(s.jpeg, 'base64'), E'\\n', '') AS jpeg"
        " FROM snapshot s JOIN camera c ON c.id = s.camera JOIN alert a USING (alert)"
        " JOIN alert_change v USING (alert, seq) ORDER BY s.at LIMIT 12"
    )
    return [
        Shot(
            row["at"],
            row["name"],
            row["people"],
            f"data:image/jpeg;base64,{row['jpeg']}",
            row["kind"],
            row["value"],
            row["unit"],
        )
        for row in rows
    ]


def evidences(db: Connection, kinds: Sequence[str]) -> dict[tuple[str, int], list[tuple[str, str]]]:
    """What the alerts of these kinds said beside their values, by (alert, seq)."""
    rows = db.execute(
        "SELECT c.alert, c.seq, c.evidence FROM alert_change c JOIN alert a USING (alert)"
        " WHERE a.kind = ANY(%s) AND c.evidence IS NOT NULL",
        (list(kinds),),
    )
    return {
        (row["alert"], row["seq"]): [(line["vi"], line["en"]) for line in row["evidence"]] for row in rows
    }


def _one(db: Connection, sql: str, values: Sequence[object] = ()) -> dict[str, Any]:
    row = db.execute(sql, values).fetchone()
    if row is None:
        msg = "a count without a row"
        raise LookupError(msg)
    return dict(row)
