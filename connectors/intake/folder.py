"""The drop folder of official stations (Circular 10/2021): a file is read when it has stood still, and moved when Kafka has it.

    in/ ── stands still ── read ── put ──┬── something was read ──> done/2026-11-24/
                                         └── nothing was ─────────> refused/2026-11-24/
Delivery: at least once. A crash between `put` and the move reads the file again; the telemetry flow knows a duplicate.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from stat import S_ISREG
from typing import TYPE_CHECKING

import structlog

from connectors.kafka.sink import DeliveryError
from models.stationfile.read import MAX_BYTES, read, rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from connectors.clock import Now
    from models.rejected import Rejected
    from models.stationfile.station import Stations
    from models.telemetry.reading import Reading

log = structlog.get_logger(__name__)

UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".swp")
"""Endings under which FTP servers keep what is still coming."""
SETTLED_LOOKS = 2
"""Looks at which a file must have had the same size and time: FTP writes in pieces and may pause."""


@dataclass(slots=True)
class Folder:
    """`incoming` may have folders of any depth; whose a file is, its name says, never its folder."""

    incoming: Path
    done: Path
    refused: Path
    stations: Stations
    put: Callable[[Sequence[Reading], Sequence[Rejected], int], None]
    now: Now
    _seen: dict[Path, tuple[int, int, int]] = field(default_factory=dict)
    """Path -> (size, mtime in ns, looks at which it was so)."""
    _told: set[Path] = field(default_factory=set)

    def look(self) -> int:
        """Read what has stood still since the last looks, oldest name first; the number of files moved."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        found = sorted(self._files(), key=lambda path: path.name)
        here = set(found)
        self._seen = {path: state for path, state in self._seen.items() if path in here}
        self._told &= here
        moved = 0
        for path in found:
            try:
                moved += self._settled(path) and self._take(path)
            except DeliveryError as error:
                log.warning("file_not_taken", file=path.name, reason=str(error))
                return moved  # Kafka is away: the next look tries again, in order
            except OSError as error:
                if path not in self._told:
                    log.warning("file_unreadable", file=path.name, reason=error.strerror)
                    self._told.add(path)
        return moved

    def _files(self) -> list[Path]:
        found = []
        # A link could lead anywhere: not followed, neither to folders nor to files.
        for place, _, names in os.walk(self.incoming, followlinks=False):
            found += [
                self.incoming / place / name
                for name in names
                if not name.startswith(".") and not name.lower().endswith(UNFINISHED)
            ]
        return found

    def _settled(self, path: Path) -> bool:
        state = path.lstat()
        if not S_ISREG(state.st_mode):
            return False
        size, changed_ns, looks = self._seen.get(path, (-1, -1, 0))
        same = (size, changed_ns) == (state.st_size, state.st_mtime_ns)
        looks = looks + 1 if same else 0
        self._seen[path] = (state.st_size, state.st_mtime_ns, looks)
        return looks >= SETTLED_LOOKS

    def _take(self, path: Path) -> bool:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        arrived = self.now()
        # A name is bytes: one that is no UTF-8 would fit into no record.
        name = os.fsencode(path.name).decode(errors="backslashreplace")
        found = read(name, data, self.stations)
        lines = rejected(name, data, found, arrived)
        self.put(found.readings, lines, round(arrived.timestamp() * 1000))
        log.info(
            "file_read",
            file=name,
            station=found.station,
            readings=len(found.readings),
            refused=len(lines),
        )
        self._move(path, (self.done if found.readings else self.refused) / f"{arrived:%Y-%m-%d}")
        return True

    def _move(self, path: Path, where: Path) -> None:
        where.mkdir(parents=True, exist_ok=True)
        target, again = where / path.name, 0
        while target.exists():
            again += 1
            target = where / f"{path.name}.{again}"
        path.replace(target)
        self._seen.pop(path, None)
