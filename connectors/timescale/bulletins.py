"""The alerts that everybody is told of, with all their changes, as the reader may see them; only questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

import msgspec
import psycopg
from psycopg.rows import dict_row

from models.alerting.alert import AlertChange
from models.alerting.closing import CLOSED
from models.alerting.wording import CLOSED_BY
from models.cap.chain import Chain
from models.cap.message import Status
from models.catalogue.public import PUBLIC
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from datetime import datetime

CONNECT_S, STATEMENT_MS = 3, 5_000
# What is closed by name says so in its evidence, as the alerts flow reads it (connectors/timescale/notifications.py).
CHANGES: LiteralString = """
select %(version)s::int as v, case when c.evidence -> 0 ->> 'vi' like %(closed)s then %(closed_by)s else 'store' end
  as source, c.alert, c.seq, c.at, a.rule, a.kind, a.station, a.parameter, c.change, c.level, c.previous, c.value,
  c."limit", a.unit, coalesce(c.evidence, '[]') as evidence, coalesce(c.parameters, '{}') as parameters, c.late_s,
  c.over, coalesce(e.id, '') as event, coalesce(e.exercise, false) as exercise
from alert_change c join alert a using (alert) left join event e on e.id = a.event
where a.kind = any(%(kinds)s) and c.at <= %(until)s
  and (%(alert)s::text is null or a.alert = %(alert)s)
  and (%(alert)s::text is not null or a.cleared_at is null or a.changed_at > %(from)s)
order by a.raised_at, c.alert, c.seq
"""
NEWEST: LiteralString = "select max(at) from alert_change"


def chains(dsn: str, since: datetime, until: datetime, alert: str | None = None) -> list[Chain]:
    """Of one alert, or of all that are open or changed after `since`, up to `until` of the platform's clock.

    Raises psycopg.Error when the database is away.
    """
    values = {
        "version": SCHEMA_VERSION,
        "closed": f"{CLOSED}%",
        "closed_by": CLOSED_BY,
        "kinds": [kind.value for kind in PUBLIC],
        "from": since,
        "until": until,
        "alert": alert,
    }
    with _open(dsn) as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(CHANGES, values).fetchall()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["alert"], []).append(row)
    return [_chain(of_one) for of_one in found.values()]


def newest(dsn: str) -> datetime | None:
    """The time of the newest change: now, where history is replayed. Raises psycopg.Error when the database is away."""
    with _open(dsn) as connection:
        row: tuple[datetime | None] | None = connection.execute(NEWEST).fetchone()
    return None if row is None else row[0]


def _open(dsn: str) -> psycopg.Connection[Any]:
    options = (
        f"-c search_path=phusa,public -c statement_timeout={STATEMENT_MS} -c default_transaction_read_only=on"
    )
    return psycopg.connect(dsn, autocommit=True, connect_timeout=CONNECT_S, options=options)


def _chain(rows: list[dict[str, Any]]) -> Chain:
    event, exercise = rows[0]["event"], rows[0]["exercise"]
    changes = [
        msgspec.convert(
            {name: value for name, value in row.items() if name not in {"event", "exercise"}}, AlertChange
        )
        for row in rows
    ]
    return Chain(changes, event, Status.EXERCISE if exercise else Status.ACTUAL)
