"""The drop folder of official stations (Circular 10/2021): read when a file has stood still, moved when it has stood still for long.

    in/ ── 4 s ── read ── put ── 60 s ──┬── something was read ──> done/2026-11-24/    ┐ a day long: what grows
                                        └── nothing was ─────────> refused/2026-11-24/ ┘ there is read too
An FTP server writes in pieces and may pause for as long as it likes, and one that holds the file open goes on writing after the
move. So a file is read early, and read on from the line where it stood whenever it has grown; half a line waits for its rest.
Delivery: at least once. A crash between `put` and the move reads the file again; the telemetry flow knows a duplicate.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

import structlog

from connectors.kafka.sink import DeliveryError
from models.stationfile.read import MAX_BYTES, read, rejected, so_far

if TYPE_CHECKING:
    from connectors.clock import Now
    from models.envelope.reading import Reading
    from models.envelope.rejected import Rejected
    from models.stationfile.station import Stations

log = structlog.get_logger(__name__)

UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".swp")
"""Endings under which FTP servers keep what is still coming."""
SETTLED_S = 4.0
"""How long size and time of a file must have been the same before it is read."""
STAY_S = 60.0
"""How long before it is moved: a server that opens it anew to append must find it."""
WATCH_S = 24 * 3600.0
"""How long a moved file is looked at: one that is still being written grows where it is."""
SELDOM_S = 60.0
"""How often at least: a day of 40 stations is 11,500 files, too many for every look at a network folder."""
DAYS = 2
"""Folders of `done` and `refused` that are searched at the start for what was written while we were away."""


@dataclass(slots=True)
class File:
    """What is known of a file: its state and since when (`ticks`), and what was read of it."""

    size: int = -1
    changed_ns: int = -1
    since: float = 0.0
    read: tuple[int, int] | None = None
    """Size and time with which it was read last."""
    begins: bytes = b""
    """SHA-256 of what was read."""
    length: int = 0
    upto: int = 0
    """The last line that is settled."""
    good: bool = False
    """Some line of it was a reading."""
    whole: bool = False
    """Read to its end, its last half line too."""
    due: float = 0.0
    """When it is worth a look again (`ticks`), once it was moved."""

    @property
    def state(self) -> tuple[int, int]:
        """Size and time of the last change."""
        return self.size, self.changed_ns


@dataclass(slots=True)
class Folder:
    """`incoming` may have folders of any depth; whose a file is, its name says, never its folder.

    `now` is the time of arrival; `ticks` are seconds of any clock that runs as the files are written.
    """

    incoming: Path
    done: Path
    refused: Path
    stations: Stations
    put: Callable[[Sequence[Reading], Sequence[Rejected], int], None]
    now: Now
    ticks: Callable[[], float] = time.monotonic
    _files: dict[Path, File] = field(default_factory=dict)
    _moved: dict[Path, tuple[str, File]] = field(default_factory=dict)
    """Where it is now -> the name that it came with, and what is known of it."""
    _told: set[Path] = field(default_factory=set)
    _started: bool = False

    def look(self) -> int:
        """Read what stands still, oldest name first, and move what has stood still for long; the number of files moved."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        if not self._started:
            self._moved |= self._written_meanwhile()
            self._started = True
        found = sorted(self._incoming(), key=lambda path: path.name)
        here = set(found)
        self._files = {path: file for path, file in self._files.items() if path in here}
        self._told &= here | self._moved.keys()
        moved = 0
        try:
            for path in found:
                moved += self._each(path, self._arriving)
            for path in list(self._moved):
                self._each(path, self._grown)
        except DeliveryError as error:
            # Kafka is away: the next look tries again, in order.
            log.warning("files_not_taken", reason=str(error))
        return moved

    def _each(self, path: Path, what: Callable[[Path], bool]) -> bool:
        try:
            return what(path)
        except OSError as error:
            if path not in self._told:
                log.warning("file_unreadable", file=path.name, reason=error.strerror)
                self._told.add(path)
            return False

    def _incoming(self) -> list[Path]:
        found = []
        # A link could lead anywhere: not followed, neither to folders nor to files.
        for place, _, names in os.walk(self.incoming, followlinks=False):
            found += [
                self.incoming / place / name
                for name in names
                if not name.startswith(".") and not name.lower().endswith(UNFINISHED)
            ]
        return found

    def _arriving(self, path: Path) -> bool:
        """A file in `in`: True when it was moved."""
        one = self._files.setdefault(path, File())
        quiet_s = self._quiet_s(path, one)
        if quiet_s is None or quiet_s < SETTLED_S:
            return False
        last = quiet_s >= STAY_S
        if one.read != one.state or (last and not one.whole):
            self._read(path, path.name, one, last=last)
        if last:
            self._move(path, one)
        return last

    def _grown(self, path: Path) -> bool:
        """A file that was moved: read on from where it stood."""
        name, one = self._moved[path]
        if self.ticks() < one.due:
            return False
        try:
            quiet_s = self._quiet_s(path, one)
        except FileNotFoundError:
            quiet_s = None
        one.due = self.ticks() + min(SELDOM_S, (quiet_s or 0.0) / 10)
        if quiet_s is None or (quiet_s > WATCH_S and one.read == one.state):
            del self._moved[path]
        elif one.read != one.state and quiet_s >= SETTLED_S:
            log.info("file_grew", file=name, length=one.size, before=one.length)
            self._read(path, name, one, last=True)
            _stamp(path)
        return False

    def _quiet_s(self, path: Path, file: File) -> float | None:
        """How long size and time of the file have been the same; None for what is no file."""
        state = path.lstat()
        if not S_ISREG(state.st_mode):
            return None
        if (state.st_size, state.st_mtime_ns) != file.state:
            file.size, file.changed_ns, file.since = state.st_size, state.st_mtime_ns, self.ticks()
        return self.ticks() - file.since

    def _read(self, path: Path, came_as: str, one: File, *, last: bool) -> None:
        """Read what is new of the file; half a last line waits, unless it is the `last` time."""
        state = one.state
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        arrived = self.now()
        # A name is bytes: one that is no UTF-8 would fit into no record.
        name = os.fsencode(came_as).decode(errors="backslashreplace")
        # Written anew instead of on: all of it is new, and the flow knows what it has.
        same = hashlib.sha256(data[: one.length]).digest() == one.begins
        found = read(name, data, self.stations, one.upto if same else 0)
        sure = so_far(found, data)
        if not last:
            found = sure
        lines = rejected(name, data, found, arrived)
        if found.readings or lines:
            self.put(found.readings, lines, round(arrived.timestamp() * 1000))
            log.info(
                "file_read",
                file=name,
                station=found.station,
                readings=len(found.readings),
                refused=len(lines),
            )
        # Half a line is refused by name when nothing comes for long, and read should its rest come after all.
        one.read, one.upto, one.whole = state, sure.upto, last
        one.begins, one.length = hashlib.sha256(data).digest(), len(data)
        one.good = one.good or bool(found.readings)

    def _move(self, path: Path, file: File) -> None:
        where = (self.done if file.good else self.refused) / f"{self.now():%Y-%m-%d}"
        where.mkdir(parents=True, exist_ok=True)
        target, again = where / path.name, 0
        while target.exists():
            again += 1
            target = where / f"{path.name}.{again}"
        path.replace(target)
        self._files.pop(path, None)
        self._moved[target] = path.name, file

    def _written_meanwhile(self) -> dict[Path, tuple[str, File]]:
        """Files of the last days that were written after they had been moved: a move changes their ctime alone."""
        found = {}
        days = [f"{self.now() - timedelta(days=back):%Y-%m-%d}" for back in range(DAYS)]
        for folder in (place / day for place in (self.done, self.refused) for day in days):
            for path in folder.iterdir() if folder.is_dir() else ():
                try:
                    state = path.lstat()
                except OSError as error:
                    log.warning("file_unreadable", file=path.name, reason=error.strerror)
                    continue
                if S_ISREG(state.st_mode) and state.st_mtime_ns >= state.st_ctime_ns:
                    stem, dot, number = path.name.rpartition(".")
                    found[path] = (stem if dot and number.isdigit() else path.name), File()
        return found


def _stamp(path: Path) -> None:
    """Its ctime becomes later than its last change: what was written is read."""
    path.chmod(path.stat().st_mode & 0o7777)
