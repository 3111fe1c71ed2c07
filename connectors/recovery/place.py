"""Where a flow's recovery stores lie, and who may use them.

    VAR/state/FLOW/part-0.sqlite3            of one process
    VAR/state/FLOW/1-of-4/part-0.sqlite3     of the first of four
    VAR/state/FLOW/in-force                  for how many processes the state is; where it is missing and a store lies
                                             beside it (as before there were shards): for one
    VAR/state/FLOW/running.lock, .../own.lock

A process holds both locks while it lives (flock: the kernel lets go when it is killed): of the flow a shared one, of its own
store an exclusive one. So two processes never write one store, and nobody moves the stores of a flow that runs.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

from models.envelope.ownership import WHOLE, Ownership, everyone

if TYPE_CHECKING:
    from types import TracebackType

STORES = "part-*.sqlite3"
IN_FORCE, RUNNING, OWN = "in-force", "running.lock", "own.lock"


class StateError(RuntimeError):
    """The state cannot be used so; says what is wrong and what to do, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} ({en})")
        self.vi, self.en = vi, en


def folder(root: Path, owner: Ownership) -> Path:
    """Where the recovery store of one process lies; `root` is the flow's folder."""
    return root if owner == WHOLE else root / owner.name


def has_store(at: Path) -> bool:
    """Whether a recovery store lies in the folder."""
    return any(at.glob(STORES))


def in_force(root: Path) -> int | None:
    """For how many processes the flow's state is; None: it has none yet. Raises StateError where that cannot be read."""
    try:
        written = (root / IN_FORCE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return 1 if has_store(root) else None
    except (OSError, UnicodeError) as error:
        written = str(error)
    if not written.isdigit() or int(written) < 1:
        path = root / IN_FORCE
        raise StateError(f"{path}: cần một số, thấy {written!r}", f"expected a number, found {written!r}")
    return int(written)


def put_in_force(root: Path, number: int, made_in: Path | None = None) -> None:
    """From now on the state for `number` processes holds: one rename, which is there after a power cut or never was.

    `made_in`: a folder that only the caller writes to, where several may do so at once; None: `root`.
    """
    made = (made_in or root) / f"{IN_FORCE}.new"
    with made.open("w", encoding="ascii") as file:
        file.write(f"{number}\n")
        file.flush()
        os.fsync(file.fileno())
    made.replace(root / IN_FORCE)
    sync(root)


def sync(at: Path) -> None:
    """What was made, renamed or removed in a folder is on the disk."""
    number = os.open(at, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


class Held(StateError):
    """Another process has this store."""


class _Lock:
    """A lock of the kernel's on a file; `got` is False where another process holds it."""

    def __init__(self, path: Path, how: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, how | fcntl.LOCK_NB)
            self.got = True
        except BlockingIOError:
            self.got = False

    def release(self) -> None:
        os.close(self._file)


class Claim:
    """The store of one process of a flow, held until `release` or the end of the process."""

    def __init__(self, root: Path, owner: Ownership) -> None:
        """Raises StateError where another process has it, the flow's stores are being moved, or the state is for another number."""
        self.owner, self.folder = owner, folder(root, owner)
        self._locks = [_Lock(root / RUNNING, fcntl.LOCK_SH)]
        try:
            self._take(root, owner)
        except StateError:
            self.release()
            raise

    def _take(self, root: Path, owner: Ownership) -> None:
        if not self._locks[0].got:
            raise StateError(f"{root}: đang chuyển trạng thái", "its state is being moved: phusa reshard")
        self._locks.append(_Lock(self.folder / OWN, fcntl.LOCK_EX))
        if not self._locks[1].got:
            raise Held(f"{self.folder}: một tiến trình khác đang dùng", "another process uses this store")
        found = in_force(root)
        if found is None:
            # All who begin at once are told the same number by the settings, or one of them refuses below.
            put_in_force(root, owner.of, self.folder)
            found = in_force(root)
        if found != owner.of:
            raise mismatch(root.name, found or 0, owner.of)

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let go of both locks."""
        while self._locks:
            self._locks.pop().release()


def first_free(root: Path, number: int) -> Claim:
    """The first of `number` owners whose store nobody holds. Raises StateError where all are held, or as Claim does."""
    for owner in everyone(number):
        try:
            return Claim(root, owner)
        except Held as error:
            last = error
    raise last


def mismatch(flow: str, found: int, wanted: int) -> StateError:
    """The flow is to run with another number of processes than its state is for."""
    return StateError(
        f"trạng thái của {flow} là cho {found} tiến trình, nay cần {wanted}: chạy phusa down, rồi phusa reshard {flow} {wanted}",
        f"the state of {flow} is for {found} processes, now {wanted} are wanted: phusa down, then phusa reshard {flow} {wanted}",
    )


class Standstill:
    """Nobody runs the flow while this is held, and nobody begins."""

    def __init__(self, root: Path) -> None:
        """Raises StateError where a process of the flow runs."""
        self._lock = _Lock(root / RUNNING, fcntl.LOCK_EX)
        if not self._lock.got:
            self._lock.release()
            raise StateError(
                f"{root.name} đang chạy: phusa down trước", f"{root.name} runs: phusa down first"
            )

    def __enter__(self) -> Standstill:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
