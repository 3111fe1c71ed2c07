"""Wait as long as a process is alive, and say what for: slow is not dead.

Alive(supervisor, names).check()      raises StackError with the last lines of the one that died
until(done, alive, waits_for)         returns when `done`; says every few seconds what it waits for
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from connectors import readiness
from infra.run.stack import ports
from infra.run.stack.voice import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from infra.run.stack.program import Program
    from infra.run.stack.supervisor import Supervisor

SAY_S = 5.0
LOOK_S, ALIVE_S = 0.1, 0.5
ENDED, GIVEN_UP = ("EXITED", "BACKOFF"), ("FATAL", "STOPPED", "UNKNOWN")
"""States of a supervised program that has ended: it is begun anew, or not."""
MORE_STARTS = 2
"""Of our processes while the stack comes up: what ended one may pass (a server that has just come back), what ends it three times does not."""
STARTING, BEGINNING = "", ("khởi động xong", "it has started")


class Alive:
    """Programs that run, each with the number it has now: who has another number later has ended meanwhile."""

    def __init__(self, supervisor: Supervisor, names: Collection[str], more_starts: int = 0) -> None:
        """`more_starts`: how often each may be begun anew; of a server never, that does not bring back what it was doing."""
        self._supervisor, self._names, self._more_starts = supervisor, set(names), more_starts
        self._pids: dict[str, int] = {}
        self._ends: dict[str, int] = {}

    def check(self) -> None:
        """Raise StackError that names the first that has died, with the end of its log."""
        found = {one.program: one for one in self._supervisor.state()}
        for name in self._names:
            one = found.get(name)
            if one is None or one.state in GIVEN_UP or (one.state in ENDED and not self._more_starts):
                raise self._supervisor.failed(name)
            if one.pid and self._pids.setdefault(name, one.pid) != one.pid:
                self._pids[name] = one.pid
                self._ended(name)

    def _ended(self, name: str) -> None:
        times = self._ends[name] = self._ends.get(name, 0) + 1
        if times > self._more_starts:
            raise self._supervisor.failed(name)
        tell(
            f"{name} dừng khi khởi động, chạy lại; nhật ký:\n{self._supervisor.tail(name)}",
            f"{name} ended while it came up and was begun anew; the end of its log is above",
        )


def until(
    done: Callable[[], bool], alive: Callable[[], None], waits_for: Callable[[], tuple[str, str]]
) -> None:
    """Return when `done`. `alive` raises when that can no longer be; `waits_for` says it in both languages."""
    began = said = looked = time.monotonic()
    while not done():
        now = time.monotonic()
        if now - looked >= ALIVE_S:
            looked = now
            alive()
        if now - said >= SAY_S:
            said = now
            vi, en = waits_for()
            tell(
                f"Vẫn chờ sau {now - began:.0f} giây: {vi}", f"Still waiting after {now - began:.0f} s: {en}"
            )
        time.sleep(LOOK_S)


def stand(supervisor: Supervisor, programs: list[Program]) -> None:
    """Until each of our processes says that it is ready. Raises StackError when one cannot."""
    alive = Alive(supervisor, [program.name for program in programs], MORE_STARTS)
    needs: dict[str, list[str] | None] = {}

    def done() -> bool:
        # All at each look: one that was ready may have ended, and its next start is not ready yet.
        pids = {one.program: one.pid for one in supervisor.state()}
        needs.update({one.name: waiting(one, pids.get(one.name, 0)) for one in programs})
        return not late()

    def late() -> dict[str, list[str] | None]:
        return {name: wanted for name, wanted in needs.items() if wanted != []}

    until(done, alive.check, lambda: sentence(late()))


def waiting(program: Program, pid: int) -> list[str] | None:
    """What a process still waits for; empty: it is ready; None: it still starts."""
    if program.ready is None:
        return [] if all(ports.answers("127.0.0.1", port) for port in program.ports.values()) else None
    return readiness.read(program.ready, pid) if pid else None


def sentence(needs: Mapping[str, Sequence[str] | None]) -> tuple[str, str]:
    """Each need with the processes that wait for it, in both languages; None: they still start."""
    by_need: dict[str, list[str]] = {}
    for name, wanted in needs.items():
        for one in [STARTING] if wanted is None else wanted:
            by_need.setdefault(one, []).append(name)
    words = [(readiness.WORDS.get(one, BEGINNING), ", ".join(names)) for one, names in by_need.items()]
    return "; ".join(f"{vi} ({who})" for (vi, _), who in words), "; ".join(
        f"{en} ({who})" for (_, en), who in words
    )
