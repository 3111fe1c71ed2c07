"""What a play has told, in a form in which two plays of the same day can be held beside each other.

    python -m infra.rehearsal.demo.outcome A/outcome.json B/outcome.json

says "same" or names what differs (exit 1). Nothing in it depends on the wall clock: values, levels, alerts with their
numbers, messages with their receivers and words. Of cameras, and of the places whose witnesses they are, only the levels count, and their last one may be
missing: which frames of a film a camera gave, and so the minute of a crowd or a flood, is chance.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, LiteralString

import msgspec

from infra.rehearsal.demo.database import Connection

MOST_NAMED = 10


class PlayResult(msgspec.Struct, frozen=True):
    """Each entry is one sentence of words; a table is a sorted list of them."""

    observations: list[str]
    """Station, parameter, time, value, flag."""
    derived: list[str]
    """Station, parameter, time, value, flag, readings: hour means, VN_AQI, sums."""
    alerts: list[str]
    """Alert, seq, change, level, previous level, time, value."""
    messages: list[str]
    """Contact, channel, state, alert, seq, words."""
    cameras: list[str]
    """Rule and its levels in order."""
    ledger: list[str]


def collect(db: Connection, seen: Sequence[str] = ()) -> PlayResult:
    """Ask the database of a play; `seen`: places that a camera witnesses."""
    away = {"seen": list(seen)}
    return PlayResult(
        _rows(db, "SELECT station, parameter, at, round(value::numeric, 9), flag FROM observation"
                  " WHERE station NOT IN (SELECT id FROM camera)"),
        _rows(db, "SELECT station, parameter, at, round(value::numeric, 9), flag, count FROM derived"
                  " WHERE station NOT IN (SELECT id FROM camera)"),
        _rows(db, "SELECT c.alert, c.seq, c.change, c.level, c.previous, c.at, round(c.value::numeric, 6)"
                  " FROM alert_change c JOIN alert a USING (alert)"
                  " WHERE a.station NOT IN (SELECT id FROM camera) AND a.station <> ALL(%(seen)s)", away),
        _rows(db, "SELECT n.contact, coalesce(n.channel, n.channels[1]), n.state, n.alert, n.seq, n.sms_text"
                  " FROM notification n JOIN alert a USING (alert)"
                  " WHERE n.step IS NULL AND a.station NOT IN (SELECT id FROM camera) AND a.station <> ALL(%(seen)s)", away),
        _rows(db, "SELECT a.rule, string_agg(c.level::text, ' ' ORDER BY c.at, c.seq)"
                  " FROM alert_change c JOIN alert a USING (alert) "
                  " WHERE a.station IN (SELECT id FROM camera) OR a.station = ANY(%(seen)s) GROUP BY a.rule, a.station", away),
        _rows(db, "SELECT merchant, sum(net_vnd), count(*) FROM ledger GROUP BY 1"),
    )  # fmt: skip


def _rows(db: Connection, query: LiteralString, values: Mapping[str, Any] | None = None) -> list[str]:
    found = db.execute(query, values).fetchall()
    return sorted(" | ".join(str(one) for one in row.values()) for row in found)


def differences(outcome: PlayResult, other: PlayResult) -> list[str]:
    """What stands in only one of two, table by table; empty: they are the same."""
    found: list[str] = []
    for name in PlayResult.__struct_fields__:
        ours, theirs = set(getattr(outcome, name)), set(getattr(other, name))
        if name == "cameras":
            ours, theirs = _without_ends(ours, theirs), _without_ends(theirs, ours)
        found += _named(name, "only in the first", sorted(ours - theirs))
        found += _named(name, "only in the second", sorted(theirs - ours))
    return found


def _without_ends(ours: set[str], theirs: set[str]) -> set[str]:
    """`ours`, without the last level of a rule where `theirs` says the same up to it.

    A day that is cut off ends while the water still rises: whether a camera's next level fell before that hangs on its frames.
    """
    return {cut if (cut := levels.rpartition(" ")[0]) in theirs else levels for levels in ours}


def _named(table: str, where: str, rows: list[str]) -> Iterable[str]:
    yield from (f"{table}, {where}: {row}" for row in rows[:MOST_NAMED])
    if len(rows) > MOST_NAMED:
        yield f"{table}, {where}: {len(rows) - MOST_NAMED} more"


def load(path: Path) -> PlayResult:
    """Read what a play has left."""
    return msgspec.json.decode(path.read_bytes(), type=PlayResult)


def main(first: Path, second: Path) -> int:
    """Say what differs; the exit code."""
    one, other = load(first), load(second)
    found = differences(one, other)
    for line in found:
        print(line)
    counts = ", ".join(f"{name} {len(getattr(one, name))}" for name in PlayResult.__struct_fields__)
    print(f"{'khác nhau (different)' if found else 'giống hệt (same)'}: {counts}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
