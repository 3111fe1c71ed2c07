"""The supervisor (supervisord): start it, talk to it, end it with all its programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport  # type: ignore[import-untyped]  # ships no types

from infra.run.stack.program import configuration
from infra.run.stack.voice import StackError

if TYPE_CHECKING:
    from infra.run.stack.place import Place
    from infra.run.stack.program import Program

ANSWER_S = 15.0
END_S = 90.0
"""Longest sum of stop waits that `down` bears before it kills."""
TAIL_BYTES = 1500


@dataclass(frozen=True, slots=True)
class ProgramState:
    """One line of `phusa status`: pid is 0 where it does not run."""

    program: str
    state: str
    pid: int


class Supervisor:
    """The supervisor of one copy."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def alive(self) -> bool:
        """Whether it answers."""
        try:
            self._call("getState")
        except (OSError, xmlrpc.client.Error):
            return False
        return True

    def apply(self, programs: list[Program]) -> None:
        """Let exactly `programs` be known; those whose definition changed are stopped, the rest run on."""
        text = configuration(self._place, programs, root=os.geteuid() == 0)
        self._place.config.write_text(text, encoding="utf-8")
        self._place.config.chmod(0o600)
        if not self.alive():
            self.end_orphans()
            self._start()
            return
        added, changed, removed = self._call("reloadConfig")[0]
        for name in [*changed, *removed]:
            self._call("stopProcessGroup", name)
            self._call("removeProcessGroup", name)
        for name in [*changed, *added]:
            self._call("addProcessGroup", name)

    def _start(self) -> None:
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._place.config)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self._place.var)
        # It has gone into the background by now: as long as it lives it will answer.
        until = time.monotonic() + ANSWER_S
        while done.returncode == 0 and (time.monotonic() < until or Path(f"/proc/{self._pid()}").exists()):
            if self.alive():
                return
            time.sleep(0.05)
        raise StackError(
            f"Trình giám sát không khởi động được: {done.stderr.strip()}; xem {self._place.logs / 'supervisord.log'}",
            f"The supervisor does not start: {done.stderr.strip()}; see {self._place.logs / 'supervisord.log'}",
        )

    def state(self) -> list[ProgramState]:
        """All programs in the order of their priorities; empty when nothing runs."""
        try:
            found = self._call("getAllProcessInfo")
        except (OSError, xmlrpc.client.Error):
            return []
        return [ProgramState(one["name"], one["statename"], one["pid"]) for one in found]

    def lives(self) -> dict[str, tuple[bool, int]]:
        """Of each program: whether it runs, and when it last started (seconds since 1970, 0: never); empty when nothing runs."""
        try:
            found = self._call("getAllProcessInfo")
        except (OSError, xmlrpc.client.Error):
            return {}
        return {
            one["name"]: (one["statename"] in ("RUNNING", "STARTING"), int(one["start"])) for one in found
        }

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start a program; harmless when it runs. With `wait` it has lived one second."""
        try:
            self._call("startProcess", name, wait)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == Faults.ALREADY_STARTED:
                return
            raise self.failed(name) from fault

    def stop(self, name: str) -> None:
        """Stop a program and wait for its end; harmless when it does not run."""
        try:
            self._call("stopProcess", name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.NOT_RUNNING:
                raise

    def failed(self, name: str) -> StackError:
        """The error that shows the last lines of a program's log."""
        return StackError(
            f"Chương trình {name} không chạy được; nhật ký {self._log(name)}:\n{self.tail(name)}",
            f"Program {name} does not run; its log is above",
        )

    def tail(self, name: str) -> str:
        """The last lines of a program's log."""
        log = self._log(name)
        return log.read_bytes()[-TAIL_BYTES:].decode(errors="replace") if log.exists() else ""

    def _log(self, name: str) -> Path:
        return self._place.logs / f"{name}.log"

    def worked_s(self) -> float:
        """CPU seconds that the supervisor, its programs and all that they started have taken by now, those that have ended too."""
        try:
            own = psutil.Process(self._pid())
            return sum(map(_worked_s, [own, *own.children(recursive=True)]))
        except psutil.Error:  # it has gone, or this system shows nobody what others run
            return 0.0

    def end(self) -> None:
        """Stop all programs and the supervisor; returns when no process of this copy is left."""
        pid = self._pid()
        if self.alive():
            self._call("shutdown")
            until = time.monotonic() + END_S
            while pid and Path(f"/proc/{pid}").exists() and time.monotonic() < until:
                time.sleep(0.1)
        self.end_orphans()
        self._place.socket.unlink(missing_ok=True)

    def end_orphans(self) -> None:
        """End what a killed supervisor left behind: they carry its address in their environment."""
        for sent in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            left = self._orphans()
            for pid in left:
                _send(pid, sent)
            until = time.monotonic() + 10
            while left and time.monotonic() < until:
                left = [pid for pid in left if Path(f"/proc/{pid}").exists() and not _is_zombie(pid)]
                time.sleep(0.1)

    def _orphans(self) -> list[int]:
        mark = f"SUPERVISOR_SERVER_URL=unix://{self._place.socket}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    carries = mark in (entry / "environ").read_bytes().split(b"\0")
                except OSError:  # ended meanwhile, or another user's
                    continue
                if carries and not _is_zombie(int(entry.name)):
                    found.append(int(entry.name))
        return found

    def _pid(self) -> int:
        try:
            return int(self._place.pidfile.read_text())
        except (OSError, ValueError):
            return 0

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._place.socket}")
        # The host is not used: the transport connects to the socket.
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)


def _send(pid: int, sent: signal.Signals) -> None:
    try:
        os.kill(pid, sent)
    except ProcessLookupError:
        return


def _worked_s(process: psutil.Process) -> float:
    try:
        return sum(
            process.cpu_times()[:4]
        )  # of itself and of its children that have ended, by user and system
    except psutil.Error:
        return 0.0


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
