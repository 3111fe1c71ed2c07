"""Read a snapshot out of a Bytewax recovery store: what a step that has moved to another flow remembered."""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_RESUME = """
select coalesce(
  (select min(worker_frontier) from fronts where ex_num = (select max(ex_num) from exs)),
  (select resume_epoch from exs order by ex_num desc limit 1))
"""
_NEWEST = """
select ser_change from snaps where step_id = ? and state_key = ? and snap_epoch < ?
order by snap_epoch desc limit 1
"""


def snapshot(folder: Path, step: str, key: str) -> bytes | None:
    """The snapshot from which the step (`flow.step`) would resume; None if there is none. The step's snapshots must be bytes.

    Bytewax 0.21: tables exs, fronts and snaps of part-*.sqlite3; an epoch that was not finished does not count. Whoever writes the store may go on.
    """
    for path in sorted(folder.glob("part-*.sqlite3")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            (resume,) = db.execute(_RESUME).fetchone() or (None,)
            row = None if resume is None else db.execute(_NEWEST, (step, key, resume)).fetchone()
        if row is not None and row[0] is not None:
            found: bytes = pickle.loads(row[0])  # noqa: S301 (our own store)
            return found
    return None
