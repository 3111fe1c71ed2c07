"""Packages of the machine: installed when root on a Debian-like system, else the command is named."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from infra.run.stack.voice import StackError, tell

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
    lacking = sorted({package for name, package in needed.items() if program(name) is None})
    if not lacking:
        return
    if not is_root() or program("apt-get") is None:
        command = f"sudo apt-get install -y {' '.join(lacking)}"
        raise StackError(f"Thiếu gói phần mềm. Hãy chạy: {command}", f"Packages are missing. Run: {command}")
    install(lacking)


def install(packages: list[str]) -> None:
    """apt-get install; raises StackError with its last lines."""
    names = " ".join(packages)
    tell(f"Cài gói của hệ điều hành: {names}", f"Installing packages of the system: {names}")
    # RUNLEVEL=1 keeps Debian from starting the packaged services: ours are supervised by us.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    quiet(["apt-get", "update", "-q"], environment)
    quiet(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], environment)


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
