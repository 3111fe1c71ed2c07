"""The files of drills: what cannot be played is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import commune as files
from connectors import drills
from connectors.settings import ROOT

COMMUNE = files.load(ROOT / "infra" / "commune")
GOOD = """\
name: Lũ
minutes: 10
changes:
  - {minute: 0, kind: river, station: phu-oc, level: 1, value: 1.6}
"""
FILES = [
    pytest.param(GOOD, [], id="good"),
    pytest.param(GOOD.replace("phu-oc", "phu"), [4], id="a station that is none"),
    pytest.param(
        GOOD + "  - {minute: 1, kind: river, station: phu-oc, level: 9}\n", [1], id="a level beyond all"
    ),
    pytest.param(
        GOOD + "  - {minute: 1, kind: river, station: phu-oc, level: 1}\n", [5], id="the second of two"
    ),
    pytest.param("name: Lũ\n", [1], id="no time line"),
    pytest.param(GOOD.replace("minutes: 10", "minutes: lâu"), [1], id="no number"),
    pytest.param("name: [Lũ\n", [2], id="no YAML"),
]


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "drills").mkdir()
    (tmp_path / "drills" / "flood.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("text", "lines"), FILES)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, text: str, lines: list[int]) -> None:
    found = drills.check(folder(tmp_path, text), COMMUNE)

    assert [finding.line for finding in found] == lines
    assert {finding.file for finding in found} <= {"drills/flood.yaml"}


def test_a_commune_without_drills_has_no_mistake_in_them(tmp_path: Path) -> None:
    assert drills.check(tmp_path, COMMUNE) == []


@pytest.mark.parametrize("name", ["storm", "../rules", ""])
def test_a_scenario_that_is_none_is_refused_with_those_that_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(files.ConfigurationError, match="flood"):
        drills.scenario(folder(tmp_path, GOOD), name, COMMUNE)


def test_a_scenario_with_a_mistake_is_not_played(tmp_path: Path) -> None:
    with pytest.raises(files.ConfigurationError, match=r"flood\.yaml:4"):
        drills.scenario(folder(tmp_path, GOOD.replace("phu-oc", "phu")), "flood", COMMUNE)
