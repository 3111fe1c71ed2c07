"""Photographs of the day: each of its own moment, taken once, and none stops the day."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from infra.rehearsal.demo import photographs
from infra.rehearsal.demo.photographs import Photograph, Photographer
from infra.rehearsal.demo.steps import STEP
from infra.rehearsal.simulator.truth import Curve, Truth

T0 = datetime(2026, 10, 13, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


def truth(*heights: float) -> Truth:
    curves = [Curve("phu-oc", "river_level", "m", 3600, list(heights))] if heights else []
    return Truth(T0, 0, 0, 0, {}, {}, [], [], curves)


class Store:
    """Answers up to when the places' sentences have come."""

    def __init__(self, at: datetime | None) -> None:
        self.at = at

    def execute(self, _query: str) -> Store:
        return self

    def fetchone(self) -> dict[str, Any]:
        return {"at": self.at}


def photographer(store: Store, *left: Photograph) -> tuple[Photographer, io.StringIO]:
    out = io.StringIO()
    return Photographer(Console(file=out, width=200), cast("Any", store), list(left)), out


def test_a_long_step_is_waited_for_no_longer_than_its_sentences_come(tmp_path: Path) -> None:
    one = Photograph(T0, "http://x/wall", tmp_path / "wall.png", 10, 10)
    step = timedelta(minutes=15)
    found, _ = photographer(Store(T0 - step), one)
    assert found.behind(T0) is not None

    found.step = step

    assert found.behind(T0) is None


@pytest.mark.parametrize(
    ("heights", "hours"),
    [
        pytest.param((1.0, 3.0, 5.1, 2.0), 2, id="the highest"),
        pytest.param((1.0, 5.1, 5.1, 2.0), 1, id="of two equal ones the first"),
        pytest.param((), 12, id="no river"),
    ],
)
def test_the_worst_moment_is_when_the_river_stands_highest(heights: tuple[float, ...], hours: int) -> None:
    assert photographs.worst(truth(*heights)) == T0 + hours * HOUR


def test_the_wall_is_always_photographed_and_the_pages_of_the_readme_when_asked(tmp_path: Path) -> None:
    day = truth(*[1.0] * 15, 5.0)

    assert [one.path.name for one in photographs.wanted(day, "http://x", tmp_path, None)] == ["wall.png"]
    both = photographs.wanted(day, "http://x", tmp_path, tmp_path / "screens")
    assert sorted(str(one.path.relative_to(tmp_path)) for one in both) == [
        "screens/citizens.png", "screens/wall.png", "wall.png",
    ]  # fmt: skip
    assert [one.at for one in both] == sorted(one.at for one in both)


def test_it_waits_for_the_sentences_and_takes_each_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken: list[Photograph] = []
    monkeypatch.setattr(photographs, "browser", lambda: "browser")
    monkeypatch.setattr(photographs, "take", lambda _program, one: taken.append(one))
    store, one = Store(T0), Photograph(T0 + HOUR, "http://x/wall", tmp_path / "wall.png", 10, 10)
    takes, _ = photographer(store, one)

    assert takes.behind(T0) is None
    assert taken == []
    assert takes.behind(T0 + HOUR) is not None
    store.at = T0 + HOUR - STEP
    assert takes.behind(T0 + HOUR) is None
    assert takes.behind(T0 + 2 * HOUR) is None
    assert taken == [one]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        pytest.param(None, "no Chromium", id="no browser"),
        pytest.param("/nowhere/browser", "FileNotFoundError", id="a browser that does not start"),
        pytest.param("/bin/false", "exit 1", id="a browser that makes nothing"),
    ],
)
def test_what_cannot_be_photographed_is_said_and_the_day_goes_on(
    program: str | None, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(photographs, "browser", lambda: program)
    takes, out = photographer(Store(T0), Photograph(T0, "http://x/wall", tmp_path / "wall.png", 10, 10))

    assert takes.behind(T0) is None
    assert words in out.getvalue()
    assert takes.left == []


def test_a_photograph_has_its_size(tmp_path: Path) -> None:
    program = photographs.browser()
    if program is None:
        pytest.skip("no Chromium on this machine")
    page = tmp_path / "page.html"
    page.write_text("<body style='margin:0;background:#123456'>", encoding="utf-8")
    path = tmp_path / "out" / "page.png"

    assert photographs.take(program, Photograph(T0, page.as_uri(), path, 640, 480)) is None

    head = path.read_bytes()[:24]
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (640, 480)
