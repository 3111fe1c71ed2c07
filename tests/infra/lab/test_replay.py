"""`phusa replay` on files: what it prints, what it draws, what it refuses by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.phusa import app

RUN = CliRunner()
HEAD = "station,at,value\n"


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """Two floods of an hour, the second above alarm level II."""
    levels = [1.0, 1.6, 1.7, 1.7, 1.0, 1.0, 1.0, 1.6, 3.2, 3.3, 3.2, 1.0, 1.0]
    rows = [f"phu-oc,2026-10-13T{i:02d}:00,{level}" for i, level in enumerate(levels)]
    path = tmp_path / "river.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_it_counts_alerts_per_limit_against_a_truth(river: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("station,start,end\nphu-oc,2026-10-13T08:00,2026-10-13T10:00\n", encoding="utf-8")

    done = RUN.invoke(
        app,
        [
            "replay",
            "river-phu-oc",
            "--file",
            str(river),
            "--truth",
            str(truth),
            "--limits",
            "1.5,3.5",
            "--early-h",
            "1",
            "--json",
        ],
    )

    found = json.loads(done.output)
    assert found["values"] == 13
    assert [
        (one["limit"], one["alerts"], one["hits"], one["missed"], one["false"]) for one in found["trials"]
    ] == [
        (1.5, 2, 1, 0, 1),
        (3.5, 0, 0, 1, 0),
    ]
    assert found["trials"][0]["by_peak"] == {"1": 1, "2": 1}


def test_it_draws_and_says_where(river: Path, tmp_path: Path) -> None:
    picture = tmp_path / "made" / "here.png"

    done = RUN.invoke(
        app, ["replay", "river-phu-oc", "--file", str(river), "--event", "3", "--picture", str(picture)]
    )

    assert done.exit_code == 0, done.output
    assert picture.read_bytes()[:4] == b"\x89PNG"


def test_a_range_is_in_vietnams_time(river: Path) -> None:
    done = RUN.invoke(
        app,
        [
            "replay",
            "river-phu-oc",
            "--file",
            str(river),
            "--from",
            "2026-10-13T05:00",
            "--to",
            "2026-10-13T09:00+07:00",
            "--json",
        ],
    )

    assert json.loads(done.output)["values"] == 4


@pytest.mark.parametrize(
    ("words", "content", "expected"),
    [
        pytest.param(["gone"], None, "river-phu-oc", id="no such rule: the others are named"),
        pytest.param(["river-phu-oc", "--level", "9"], None, "mức 9", id="no such level"),
        pytest.param(["river-phu-oc", "--from", "hôm qua"], None, "hôm qua", id="no date"),
        pytest.param(["river-phu-oc", "--limits", "a,b"], None, "a,b", id="no numbers"),
        pytest.param(["river-phu-oc"], "station,value\nx,1\n", "at", id="a column is missing"),
        pytest.param(
            ["river-phu-oc"], HEAD + "x,2026-10-13T05:00,1\nx,2026-10-13T06:00,one\n", ":3", id="the line"
        ),
        pytest.param(["river-phu-oc"], HEAD + "x,yesterday,1\n", ":2", id="a wrong time"),
        pytest.param(["river-phu-oc"], HEAD, "Không có số liệu", id="an empty file"),
    ],
)
def test_what_cannot_be_replayed_is_named(
    river: Path, tmp_path: Path, words: list[str], content: str | None, expected: str
) -> None:
    path = river
    if content is not None:
        path = tmp_path / "other.csv"
        path.write_text(content, encoding="utf-8")

    done = RUN.invoke(app, ["replay", *words, "--file", str(path)], env={"COLUMNS": "300"})

    assert done.exit_code != 0
    assert expected in done.output


def test_a_recording_without_the_parameter_is_refused(data: Path) -> None:
    done = RUN.invoke(
        app,
        ["replay", "oxygen-cages", "--file", str(data / "river" / "river_gauge_15min.csv")],
        env={"COLUMNS": "300"},
    )

    assert done.exit_code != 0
    assert "dissolved_oxygen" in done.output


def _five_minutes(path: Path, values: list[float], status: list[str]) -> Path:
    rows = [
        f"phu-oc,2026-10-13T{5 * i // 60:02d}:{5 * i % 60:02d},{value},{said}"
        for i, (value, said) in enumerate(zip(values, status, strict=True))
    ]
    path.write_text("station,at,value,status\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def _levels(path: Path, rule: str = "river-phu-oc") -> dict[str, int]:
    done = RUN.invoke(app, ["replay", rule, "--file", str(path), "--json"])
    assert done.exit_code == 0, done.output
    peaks: dict[str, int] = json.loads(done.output)["trials"][0]["by_peak"]
    return peaks


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param("0", {"2": 1}, id="it measures: level 2"),
        pytest.param("", {"2": 1}, id="nothing said: it measures"),
        pytest.param("1", {}, id="it is calibrated: nothing, as in the flow"),
        pytest.param("2", {}, id="it is broken"),
    ],
)
def test_a_recording_is_judged_with_what_the_instrument_was_doing(
    tmp_path: Path, status: str, expected: dict[str, int]
) -> None:
    values = [1.0] * 6 + [3.4] * 8 + [1.0] * 30
    said = ["0"] * 6 + [status] * 8 + ["0"] * 30

    assert _levels(_five_minutes(tmp_path / "river.csv", values, said)) == expected


def test_a_recording_of_the_sensors_own_pace_is_judged_with_its_tests_of_quality(tmp_path: Path) -> None:
    """What leaps by 1.4 mg/L in five minutes is suspect: it gives no all-clear, so the second fall is the same alert."""
    values = [6.0, 6.0, 6.0, *[2.5] * 4, *[3.6, 5.0] * 8, *[2.5] * 4]
    told = _levels(_five_minutes(tmp_path / "oxygen.csv", values, [""] * len(values)), "oxygen-cages")

    assert told == {"1": 1}


def test_a_status_that_is_none_is_refused_at_its_line(tmp_path: Path) -> None:
    path = _five_minutes(tmp_path / "river.csv", [1.0, 1.0], ["0", "hỏng"])

    done = RUN.invoke(app, ["replay", "river-phu-oc", "--file", str(path)], env={"COLUMNS": "300"})

    assert done.exit_code != 0
    assert ":3: status 'hỏng'" in done.output


def test_sums_that_somebody_reckoned_are_taken_as_they_are(tmp_path: Path) -> None:
    """Of a derived value there is nothing to test: no instrument measured it."""
    sums = [0.0, 60.0, 120.0, 210.0, 85.0, 85.0]

    assert _levels(_five_minutes(tmp_path / "rain.csv", sums, [""] * len(sums)), "rain-24h") == {"2": 1}
