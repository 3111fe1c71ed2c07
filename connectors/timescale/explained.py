"""What the store keeps of one alert, for `phusa alerts explain`."""

from __future__ import annotations

import psycopg
from psycopg.rows import class_row

from connectors.timescale.notifications import changes_of
from models.alerting.alert import AlertChange
from models.alerting.explanation import Kept

MOST = 20
"""Alerts that are offered where the name fits several."""

_KEPT = """
select n.contact, n.alert, n.seq, n.level, n.channel, n.state, n.stage, n.reason, n.created_at, n.next_at, n.code, n.step
from notification n where n.alert = %(alert)s or %(alert)s = any(n.shown) order by n.contact, n.created_at, n.seq
"""


def named(dsn: str, text: str) -> list[str]:
    """The alert of this name; else those whose name holds the text, the newest first, at most MOST."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("select from alert where alert = %s", [text]).fetchone() is not None:
            return [text]
        rows = connection.execute(
            "select alert from alert where strpos(alert, %s) > 0 order by raised_at desc limit %s",
            [text, MOST],
        ).fetchall()
    return [str(row[0]) for row in rows]


def kept(dsn: str, alert: str) -> tuple[list[AlertChange], list[Kept]]:
    """The changes of the alert, the first first, and the notifications that it made or that tell of it."""
    with psycopg.connect(dsn) as connection:
        changes = changes_of(connection, [alert]).get(alert, {})
        with connection.cursor(row_factory=class_row(Kept)) as cursor:
            rows = cursor.execute(_KEPT, {"alert": alert}).fetchall()
    return [changes[seq] for seq in sorted(changes)], rows
