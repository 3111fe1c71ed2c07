"""Packages of the machine: installed when root on a Debian-like system, else the command is named."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.stack.place import cache
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

SBIN = "/usr/sbin:/sbin"
"""Debian keeps mosquitto and debootstrap here, outside the path of a user who is not root."""


def program(name: str) -> str | None:
    """Full path of a program, or None."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{SBIN}")


def release() -> dict[str, str]:
    """/etc/os-release, e.g. ID=debian VERSION_ID=12."""
    path = Path("/etc/os-release")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}


def is_root() -> bool:
    """Whether packages may be installed and Postgres may change its user."""
    return os.geteuid() == 0


def require(needed: dict[str, str]) -> None:
    """Make programs available: {program: package}. One call of apt-get for all that lack."""
    if not _lacking(needed):
        return
    if not is_root() or program("apt-get") is None:
        command = f"sudo apt-get install -y {' '.join(_lacking(needed))}"
        raise StackError(f"Thiếu gói phần mềm. Hãy chạy: {command}", f"Packages are missing. Run: {command}")
    with _alone():
        # Another copy may have installed them while this one waited.
        lacking = _lacking(needed)
        if lacking:
            _install(lacking)


def install(packages: list[str]) -> None:
    """apt-get install; raises StackError with its last lines."""
    with _alone():
        _install(packages)


def _lacking(needed: dict[str, str]) -> list[str]:
    return sorted({package for name, package in needed.items() if program(name) is None})


@contextmanager
def _alone() -> Iterator[None]:
    """One copy installs at a time: the two processes of `make test` begin together, and apt-get does not wait for its lists."""
    with (cache() / "packages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(packages: list[str]) -> None:
    names = " ".join(packages)
    tell(f"Cài gói của hệ điều hành: {names}", f"Installing packages of the system: {names}")
    # RUNLEVEL=1 keeps Debian from starting the packaged services: ours are supervised by us.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    quiet(["apt-get", "update", "-q"], environment)
    # The machine's own upgrades may be under way.
    waits = ["-o", "DPkg::Lock::Timeout=-1"]
    quiet(["apt-get", *waits, "install", "-y", "-q", "--no-install-recommends", *packages], environment)


def quiet(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Run a command, keep its output, raise StackError with the last lines when it fails."""
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        words = " ".join(command)
        raise StackError(
            f"Lệnh thất bại ({done.returncode}): {words}\n{tail}", f"The command failed: {words}"
        )
    return done.stdout
