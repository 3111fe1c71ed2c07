"""A recovery store of Bytewax 0.21 as a file of snapshots: read what it would resume from, write what it resumes from.

    parts    one row: this is file 0 of 1
    exs      each run: its number, workers, the epoch from which it went on
    fronts   how far each run came: the epoch that is not yet complete
    commits  before which epoch superseded snapshots are gone
    snaps    (step, key, epoch) -> the pickled state; null: the state was discarded

Source: src/recovery.rs. A run resumes at the last run's front (where it has none: its resume epoch), from the newest snapshot of each
(step, key) before it. What is written here looks as after a first run that completed the first epoch.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from bytewax.recovery import init_db_dir

from connectors.recovery.place import STORES, StateError, sync

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TABLES = {
    "parts": ["created_at", "part_index", "part_count"],
    "exs": ["created_at", "ex_num", "worker_count", "resume_epoch"],
    "fronts": ["created_at", "ex_num", "worker_index", "worker_frontier"],
    "commits": ["created_at", "part_index", "commit_epoch"],
    "snaps": ["created_at", "step_id", "state_key", "snap_epoch", "ser_change"],
}
"""The tables that this module knows; a store of another shape is refused."""
NEW = "new"
"""The folder in which a store is made."""
FIRST = 1
"""The first epoch of a new store; 0 is the engine's own (resuming from it ends in `Routing map is empty`)."""


class Snapshot(NamedTuple):
    """The state of one key of one step, as Bytewax pickled it."""

    step: str
    key: str
    change: bytes


def make(at: Path) -> None:
    """Make an empty store in a folder that has none; it is there whole or not at all, whoever looks and wherever this is killed.

    The engine makes the file first and its tables after: who read it in between, or went on with it after a kill, found no store.
    """
    new = at / NEW
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    init_db_dir(new, 1)  # type: ignore[no-untyped-call]
    path = next(new.glob(STORES))
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(at / path.name)
    sync(at)
    shutil.rmtree(new)


def remembered(at: Path, step: str, key: str) -> bytes | None:
    """What one key of a step (`flow.step`) would resume from, where its snapshots are bytes; None if there is nothing. Raises StateError as `read`."""
    found = read(at, (step, key))
    return pickle.loads(found[0].change) if found else None  # noqa: S301 (our own store)


def read(at: Path, only: tuple[str, str] | None = None) -> list[Snapshot]:
    """What a run would resume from, by step and key; empty where the folder has no store. Raises StateError for a store of another shape.

    `only`: of this step and key alone; a store may hold hundreds of MiB. Whoever writes the store may go on.
    """
    files = sorted(at.glob(STORES))
    if not files:
        return []
    if len(files) > 1:
        raise StateError(f"{at}: cần một tệp, thấy {len(files)}", f"expected one file, found {len(files)}")
    step, key = only or (None, None)
    # Whoever reads without writing leaves the engine's -wal beside the file; before a move it must be gone.
    mode = "rw" if only is None else "ro"
    with closing(sqlite3.connect(f"file:{files[0]}?mode={mode}", uri=True)) as db:
        try:
            _require(db, files[0])
            return [
                Snapshot(*row)
                for row in db.execute(
                    """
                    select step_id, state_key, ser_change from snaps
                    join (
                      select step_id, state_key, max(snap_epoch) as snap_epoch from snaps where snap_epoch < ?
                      group by step_id, state_key
                    ) using (step_id, state_key, snap_epoch)
                    where ser_change is not null and (? is null or (step_id, state_key) = (?, ?)) order by step_id, state_key
                    """,
                    [_resume_epoch(db), step, step, key],
                )
            ]
        except sqlite3.DatabaseError as error:
            raise StateError(f"{files[0]}: không đọc được: {error}", f"cannot be read: {error}") from error


def _require(db: sqlite3.Connection, path: Path) -> None:
    for table, columns in TABLES.items():
        found = [str(row[1]) for row in db.execute(f"pragma table_info({table})")]
        if found != columns:
            raise StateError(
                f"{path}: không phải kho của Bytewax 0.21 (bảng {table})",
                f"no recovery store of Bytewax 0.21 (table {table}: {found})",
            )
    if db.execute("select part_count from parts").fetchall() != [(1,)]:
        raise StateError(f"{path}: kho có nhiều phần", "the store has several parts")


def _resume_epoch(db: sqlite3.Connection) -> int:
    run = db.execute(
        "select ex_num, worker_count, resume_epoch from exs order by ex_num desc limit 1"
    ).fetchone()
    if run is None:
        return FIRST
    number, workers, resumed = run
    if workers != 1:
        raise StateError(f"kho của {workers} worker", f"a store of {workers} workers, not of one")
    front = db.execute("select max(worker_frontier) from fronts where ex_num = ?", [number]).fetchone()[0]
    return int(resumed if front is None else max(front, resumed))


def write(at: Path, snapshots: Iterable[Snapshot]) -> None:
    """Make a store from which a run resumes with `snapshots`; it is on the disk when this returns. The folder is made, and must have no store."""
    make(at)
    path = next(at.glob(STORES))
    with closing(sqlite3.connect(path)) as db:
        with db:
            db.execute("insert into exs (ex_num, worker_count, resume_epoch) values (0, 1, ?)", [FIRST])
            db.execute(
                "insert into fronts (ex_num, worker_index, worker_frontier) values (0, 0, ?)", [FIRST + 1]
            )
            db.executemany(
                "insert into snaps (step_id, state_key, snap_epoch, ser_change) values (?, ?, ?, ?)",
                [(snapshot.step, snapshot.key, FIRST, snapshot.change) for snapshot in snapshots],
            )
        db.execute("pragma wal_checkpoint(truncate)")
    with path.open("rb") as file:
        os.fsync(file.fileno())
    sync(at)


def remove(at: Path) -> None:
    """Remove the store of a folder, and nothing else in it; harmless where there is none."""
    for path in at.glob(f"{STORES}*"):
        path.unlink()
