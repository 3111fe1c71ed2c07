"""Is this process ready, and if not, what does it wait for? One small file a process: VAR/run/NAME.ready.

    begin(path, [MQTT, KAFKA])   at its start, with all that it needs
    tell(MQTT)                   where it is true, e.g. when the broker has acknowledged the subscription
    lack(MQTT)                   when it no longer is
    read(path, pid)              by others: what the process `pid` still waits for; None while it has not spoken

The file names the process by its number, so that what an earlier run left says nothing. Where nobody has called
`begin` (tests, tools) telling does nothing.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KAFKA, STORE, HTTP, MQTT, PARTITIONS = "kafka", "store", "http", "mqtt", "partitions"
WORDS = {
    KAFKA: ("Kafka nhận ghi", "Kafka takes records"),
    STORE: ("cơ sở dữ liệu trả lời", "the database answers"),
    HTTP: ("cổng HTTP trả lời", "its HTTP port answers"),
    MQTT: ("MQTT nhận đăng ký", "MQTT acknowledges the subscription"),
    PARTITIONS: ("được chia phần đọc", "its partitions are assigned"),
}
"""What each need is, in both languages."""


class State(msgspec.Struct, frozen=True):
    """The content of the file."""

    pid: int
    waits_for: list[str]


class _Readiness:
    def __init__(self, path: Path, needs: Iterable[str]) -> None:
        self._path, self._left = path, dict.fromkeys(needs)
        self._lock = threading.Lock()
        self._write()

    def change(self, need: str, *, there: bool) -> None:
        """From any thread."""
        with self._lock:
            if there == (need not in self._left):
                return
            if there:
                del self._left[need]
            else:
                self._left[need] = None
            self._write()

    def _write(self) -> None:
        made = self._path.with_suffix(".ready.new")
        made.write_bytes(msgspec.json.encode(State(os.getpid(), list(self._left))))
        made.replace(self._path)


_own: list[_Readiness] = []
"""Of this process: none or one."""


def begin(path: Path, needs: Iterable[str]) -> None:
    """From now on this process tells in the file `path` what of `needs` it still waits for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _own[:] = [_Readiness(path, needs)]


def tell(need: str) -> None:
    """It is there."""
    for one in _own:
        one.change(need, there=True)


def lack(need: str) -> None:
    """It is no longer there."""
    for one in _own:
        one.change(need, there=False)


def read(path: Path, pid: int) -> list[str] | None:
    """What the process `pid` waits for; empty: it is ready; None: it has not spoken yet."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError):
        return None
    return found.waits_for if found.pid == pid else None
