"""Where things lie: state of this copy under var/, downloads shared by all copies in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.settings import Settings

LONGEST_SOCKET = 100
"""Bytes. The kernel takes 107 for the path of a unix socket."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one copy, from its var folder."""

    var: Path

    @property
    def mark(self) -> str:
        """A short name of this copy, for what must lie outside var/."""
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:12]

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def config(self) -> Path:
        return self.run / "supervisord.conf"

    @property
    def pidfile(self) -> Path:
        return self.run / "supervisord.pid"

    @property
    def socket(self) -> Path:
        """The supervisor's socket; in the machine's folder of temporary files where var/ lies too deep."""
        path = self.run / "supervisor.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET:
            return path
        return Path(tempfile.gettempdir()) / f"phusa-{self.mark}.sock"

    @property
    def closed(self) -> bool:
        """Whether it stands and is another user's, whose run folder is closed to us."""
        try:
            return self.run.exists() and not os.access(self.run, os.R_OK | os.X_OK)
        except PermissionError:
            return True

    def stack(self, server: str) -> Path:
        """The folder of a server's data."""
        return self.var / "stack" / server

    def make(self, secrets: Path) -> None:
        """Make the folders; those with secrets and sockets are for the owner only."""
        for folder in (self.logs, self.var / "stack", self.var / "state"):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, secrets):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)


def place(settings: Settings) -> Place:
    """The folders of the copy that `settings` describe."""
    return Place(settings.var.resolve())


def cache() -> Path:
    """What all copies of one user share: Kafka's jars, the root of TimescaleDB."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "phusa"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def building(target: Path) -> Iterator[Path | None]:
    """Build the folder `target` once for all copies: yields a folder to fill, or None when it stands.

    It is filled beside and renamed at the end, so that an interrupted download never looks whole.
    """
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists():
            yield None
            return
        part = target.with_name(f"{target.name}.part")
        if part.exists():
            shutil.rmtree(part)
        yield part
        part.rename(target)
