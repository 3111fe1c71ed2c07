"""Packages of the machine are installed by one copy at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.run.stack import packages
from infra.run.stack.voice import StackError

APT_GET = """#!/bin/sh
# As the real one: whoever comes while another is at work is turned away.
mkdir "{folder}/lists" || exit 100
echo "$@" >> "{folder}/calls"
sleep 0.2
case "$*" in *install*) for name in tool other; do touch "{folder}/bin/$name"; chmod +x "{folder}/bin/$name"; done ;; esac
rmdir "{folder}/lists"
"""


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A bare machine with an apt-get that two may not call at once."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "apt-get").write_text(APT_GET.format(folder=tmp_path), encoding="utf-8")
    (folder / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(packages, "SBIN", str(folder))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def calls(machine: Path) -> list[str]:
    """What apt-get was asked, by its verb."""
    lines = (machine / "calls").read_text(encoding="utf-8").splitlines()
    return ["install" if " install " in f" {line} " else line.split()[0] for line in lines]


def test_what_lacks_is_installed_once_by_two_copies_that_begin_together(machine: Path) -> None:
    with ThreadPoolExecutor(2) as copies:
        begun = [copies.submit(packages.require, {"tool": "a-tool"}) for _ in range(2)]
        for each in begun:
            each.result()

    assert calls(machine) == ["update", "install"]


def test_two_copies_that_install_wait_for_each_other(machine: Path) -> None:
    with ThreadPoolExecutor(2) as copies:
        begun = [copies.submit(packages.install, ["a-tool"]) for _ in range(2)]
        for each in begun:
            each.result()

    assert calls(machine) == ["update", "install"] * 2


def test_where_nothing_may_be_installed_the_command_is_named(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(StackError, match="sudo apt-get install -y a-tool other-tool"):
        packages.require({"tool": "a-tool", "other": "other-tool"})
    assert not (machine / "calls").exists()
