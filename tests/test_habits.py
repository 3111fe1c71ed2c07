"""What a change goes through before it is one: hooks, version, branches; each said once and held here."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from connectors.settings import ROOT
from tests.branches import Share, shares, told


def lint() -> list[str]:
    """The commands of `make lint`, without the one that makes .venv."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^lint:.*\n\t@(.+)$", makefile, re.MULTILINE)
    assert recipe is not None
    return [part.strip() for part in recipe[1].split("&&") if "bootstrap.sh" not in part]


def test_the_hooks_are_what_the_gate_runs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]

    assert [hook["entry"] for hook in hooks] == lint()
    assert all(hook["always_run"] and not hook["pass_filenames"] for hook in hooks), (
        "as the gate: the whole tree"
    )


def test_the_hooks_need_no_repository_of_others() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    assert [repository["repo"] for repository in config["repos"]] == ["local"]


def versions() -> list[str]:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## (\d+\.\d+\.\d+)\b", text, re.MULTILINE)


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_the_version_is_the_newest_of_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == versions()[0]


def test_the_changelog_has_each_version_once_the_newest_first() -> None:
    found = [number(version) for version in versions()]

    assert found == sorted(set(found), reverse=True)


def report(**files: tuple[int, int]) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    rows = {
        f"models/{name}": {"summary": {"covered_branches": taken, "num_branches": every}}
        for name, (taken, every) in files.items()
    }
    return {"files": rows}


ROOMS = [
    pytest.param({"air/a.py": (9, 10)}, True, [], id="just enough"),
    pytest.param({"air/a.py": (8, 10)}, False, ["models/air", "80.0"], id="too few"),
    pytest.param({"air/a.py": (8, 10), "air/b.py": (10, 10)}, True, [], id="a folder counts as one"),
    pytest.param(
        {"air/a.py": (8, 10), "fish/b.py": (90, 90)}, True, ["models/air"], id="a poor folder is marked"
    ),
    pytest.param({"air/a.py": (9, 10), "air/words.py": (0, 0)}, True, [], id="no branch, nothing to miss"),
    pytest.param({}, False, [], id="nothing was counted"),
]


@pytest.mark.parametrize(("files", "enough", "marked"), ROOMS)
def test_of_the_rules_nine_of_ten_branches_are_taken(
    files: dict[str, tuple[int, int]], enough: bool, marked: list[str]
) -> None:
    lines, found = told(shares(report(**files)))

    assert found == enough
    assert [line.split()[0] for line in lines if "<" in line] == marked


def test_the_whole_is_told_last() -> None:
    lines, _ = told({"models/air": Share(9, 10), "models/fish": Share(10, 10)})

    assert lines[-1].split() == ["95.0", "%", "(19", "of", "20)"]


def test_make_test_counts_the_branches_and_runs_every_test_but_the_play_on_a_slow_machine() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("test: lint\n")[2].partition("\n\n")[0]

    assert '--cov --cov-report= -m "not integration"\n' in recipe
    assert "-m tests.branches\n" in recipe
    assert recipe.endswith('-m pytest $(SHARED) -m "integration and not slow_machine"')
    (apart,) = [line for line in makefile.splitlines() if "-m slow_machine" in line]
    marked = {
        path
        for path in (ROOT / "tests").rglob("test_*.py")
        if "mark.slow_machine" in path.read_text(encoding="utf-8")
    }
    assert [str(path.relative_to(ROOT)) for path in marked - {Path(__file__)}] == [apart.split()[-1]]
