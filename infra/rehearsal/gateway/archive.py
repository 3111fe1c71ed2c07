"""What the gateway took, on the disk before it answers: a killed gateway has forgotten nothing."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class Taken(msgspec.Struct, frozen=True):
    """A message that reached a phone's queue. `calls`: how often its key was asked for."""

    id: int
    channel: str
    key: str
    phone: str
    text: str
    received_at: float
    calls: int
    callback: str
    fields: dict[str, str]
    delivered_at: float | None


SCHEMA = """
create table if not exists message (
  id integer primary key autoincrement, channel text not null, key text not null, phone text not null,
  text text not null, received_at real not null, calls integer not null default 1, callback text not null,
  fields text not null, receipt_due real, receipt_tries integer not null default 0, delivered_at real);
create index if not exists message_key on message (channel, key);
create index if not exists receipt_due on message (receipt_due) where receipt_due is not null;
"""
COLUMNS = "id, channel, key, phone, text, received_at, calls, callback, fields, delivered_at"


class Archive:
    """One file; used from one thread."""

    def __init__(self, path: Path) -> None:
        # Phone numbers lie here.
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # WAL without a sync each: safe against kill -9, not against a power cut, and this is no real gateway.
        self._db.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + SCHEMA)

    def known(self, channel: str, key: str) -> int | None:
        """The id of a message with this key, whose call is counted; None for a new key."""
        row = self._db.execute(
            "update message set calls = calls + 1 where channel = ? and key = ? returning id", [channel, key]
        ).fetchone()
        return None if row is None else int(row[0])

    def take(self, taken: Taken, receipt_due: float | None) -> int:
        """Keep a message and when its receipt is due (None: there will be none); returns its id."""
        cursor = self._db.execute(
            "insert into message (channel, key, phone, text, received_at, callback, fields, receipt_due)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                taken.channel,
                taken.key,
                taken.phone,
                taken.text,
                taken.received_at,
                taken.callback,
                json.dumps(taken.fields),
                receipt_due,
            ],
        )
        return int(cursor.lastrowid or 0)

    def all(self) -> list[Taken]:
        """Everything taken, oldest first."""
        return self._read(f"select {COLUMNS} from message order by id", [])

    def due(self) -> list[tuple[Taken, int]]:
        """Messages whose receipt is due now, with the tries made."""
        now = time.time()
        found = self._read(
            f"select {COLUMNS} from message where receipt_due <= ? order by receipt_due limit 100", [now]
        )
        return [(one, self._tries(one.id)) for one in found]

    def next_due(self) -> float | None:
        """When the next receipt is due, Unix seconds."""
        row = self._db.execute(
            "select min(receipt_due) from message where receipt_due is not null"
        ).fetchone()
        return None if row is None or row[0] is None else float(row[0])

    def receipt_told(self, message: int) -> None:
        """The receipt was taken."""
        values = [time.time(), message]
        self._db.execute("update message set receipt_due = null, delivered_at = ? where id = ?", values)

    def receipt_again(self, message: int, at: float | None) -> None:
        """Nobody took the receipt: again at `at`, or never."""
        self._db.execute(
            "update message set receipt_due = ?, receipt_tries = receipt_tries + 1 where id = ?",
            [at, message],
        )

    def forget(self) -> None:
        """Empty the archive."""
        self._db.execute("delete from message")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _tries(self, message: int) -> int:
        row = self._db.execute("select receipt_tries from message where id = ?", [message]).fetchone()
        return int(row[0])

    def _read(self, query: str, values: list[float]) -> list[Taken]:
        rows = self._db.execute(query, values).fetchall()
        return [_taken(*row) for row in rows]


def _taken(
    number: int, channel: str, key: str, phone: str, text: str, received_at: float, calls: int, callback: str,
    fields: str, delivered_at: float | None,
) -> Taken:  # fmt: skip
    return Taken(
        number, channel, key, phone, text, received_at, calls, callback, json.loads(fields), delivered_at
    )
