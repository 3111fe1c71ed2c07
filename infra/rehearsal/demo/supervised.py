"""Does the stack of a play stand?

A process of ours that has ended is begun anew by its supervisor and goes on where it was: that is said, and no end of the day. A server that
has ended is one: what leads the play has lost its own connections too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.run.processes import PROCESSES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from infra.run.stack.supervisor import Supervisor

GIVEN_UP = ("FATAL", "STOPPED", "UNKNOWN")
"""Of the supervisor's states those from which nothing begins anew by itself."""
MOST_ENDS = 5
"""A process that ended so often within one step of the day fails of itself, whatever the machine does."""


class Supervised:
    """The programs `names` of a play's stack."""

    def __init__(
        self, supervisor: Supervisor, names: Collection[str], say: Callable[[str, str], None]
    ) -> None:
        """`say` is told of each that was begun anew, in Vietnamese and English."""
        self._supervisor, self._names, self._say = supervisor, list(names), say
        self._pids: dict[str, int] = {}
        self._ends: dict[str, int] = {}

    def step(self) -> None:
        """A step of the day is complete: all went on."""
        self._ends.clear()

    def check(self) -> None:
        """Raise StackError that names the first that will not come back, with the end of its log."""
        found = {one.program: one for one in self._supervisor.state()}
        for name in self._names:
            one = found.get(name)
            if one is None or one.state in GIVEN_UP:
                raise self._supervisor.failed(name)
            if one.pid and self._pids.setdefault(name, one.pid) != one.pid:
                self._pids[name] = one.pid
                self._ended(name)

    def _ended(self, name: str) -> None:
        times = self._ends[name] = self._ends.get(name, 0) + 1
        if times >= MOST_ENDS or name not in PROCESSES:
            raise self._supervisor.failed(name)
        self._say(
            f"Tiến trình {name} đã dừng và được khởi động lại, chạy tiếp từ chỗ cũ; nhật ký:\n{self._supervisor.tail(name)}",
            f"Process {name} has ended and was begun anew, it goes on where it was; the end of its log is above",
        )

    def worked_s(self) -> float:
        """CPU seconds that the stack has taken by now."""
        return self._supervisor.worked_s()
