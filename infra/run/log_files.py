"""The log files of a copy: VAR/logs/NAME.log, the supervisor's rotated ones beside it (NAME.log.1 is newer than .2).

names(folder)            whose logs are there
last(folder, name, 50)   the newest lines over all its files, oldest first
Follower(path).more()    what was written since, also beyond a rotation
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from infra.run.processes import PROCESSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES = (".log", ".jsonl")
SERVERS = ("kafka", "timescaledb", "mosquitto", "grafana", "supervisord")


def names(folder: Path) -> list[str]:
    """Our processes and servers, and whatever else has a log there, each once."""
    there = (
        sorted(path.stem for path in folder.glob("*") if path.suffix in SUFFIXES) if folder.is_dir() else []
    )
    return list(dict.fromkeys([*PROCESSES, *SERVERS, *there]))


def path_of(folder: Path, name: str) -> Path:
    """The file that is written now."""
    found = [folder / f"{name}{suffix}" for suffix in SUFFIXES]
    return next((path for path in found if path.exists()), found[0])


def files(folder: Path, name: str) -> list[Path]:
    """All files of a log, the oldest first; empty when it was never written."""
    now = path_of(folder, name)
    older = [path for path in folder.glob(f"{now.name}.*") if path.suffix[1:].isdigit()]
    return [*sorted(older, key=lambda path: -int(path.suffix[1:])), *([now] if now.exists() else [])]


def last(folder: Path, name: str, count: int) -> tuple[list[str], Follower]:
    """The newest `count` lines without their ends, oldest first, and who reads on from there."""
    follower = Follower(path_of(folder, name))
    kept: deque[str] = deque(maxlen=count)
    for path in files(folder, name):
        if path == follower.path:
            kept.extend(follower.more(whole=True))
        else:
            kept.extend(path.read_text(encoding="utf-8", errors="replace").splitlines())
    return list(kept), follower


class Follower:
    """Reads a file on, and begins its successor when it was rotated."""

    def __init__(self, path: Path) -> None:
        self.path, self._at, self._inode, self._part = path, 0, 0, b""

    def more(self, *, whole: bool = False) -> Iterator[str]:
        """Lines that were ended since the last call; `whole`: also a last one that has no end yet."""
        try:
            seen = self.path.stat()
        except FileNotFoundError:  # between two names, while it is rotated
            return
        if self._inode and (seen.st_ino != self._inode or seen.st_size < self._at):
            yield from self._rest_of_the_old(seen.st_ino)
            self._at = 0
        self._inode = seen.st_ino
        with self.path.open("rb") as file:
            file.seek(self._at)
            found = file.read()
        self._at += len(found)
        yield from self._lines(found)
        if whole and self._part:
            yield self._end()

    def _rest_of_the_old(self, new: int) -> Iterator[str]:
        """What was written to the rotated file after we had read it."""
        old = self.path.with_name(f"{self.path.name}.1")
        if new != self._inode and old.exists() and old.stat().st_ino == self._inode:
            with old.open("rb") as file:
                file.seek(self._at)
                yield from self._lines(file.read())
        if self._part:
            yield self._end()

    def _lines(self, found: bytes) -> Iterator[str]:
        *lines, self._part = (self._part + found).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", errors="replace").rstrip("\r")

    def _end(self) -> str:
        part, self._part = self._part, b""
        return part.decode("utf-8", errors="replace")
