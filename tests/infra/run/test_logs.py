"""`phusa logs`: a person reads time, level, message, fields; nothing is lost at a rotation."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.settings import settings
from infra.phusa import app
from infra.run import log_files
from infra.run.log_lines import read
from infra.run.processes import PROCESSES
from tests.interrupts import ANSWERS_CTRL_C

LINES = {
    "ours, with fields": (
        '{"rows": 3, "who": "trạm một", "event": "stored", "level": "info", "timestamp": "2026-11-26T05:43:05.1Z"}',
        '26/11 12:43:05  tin  stored  rows=3 who="trạm một"',
    ),
    "a time without a zone is UTC": (
        '{"event": "a", "level": "warning", "timestamp": "2026-11-25T17:30:00"}',
        "26/11 00:30:00  CHÚ Ý  a",
    ),
    "a traceback stands below": (
        '{"event": "a", "level": "error", "exception": "Traceback\\n  File x"}',
        "LỖI  a\n    Traceback\n      File x",
    ),
    "Grafana's": (
        '{"level":"eror","logger":"plugin","msg":"no data","t":"2026-11-26T05:43:05Z"}',
        "26/11 12:43:05  LỖI  no data  logger=plugin",
    ),
    "a field of JSON": (
        '{"event": "a", "level": "info", "lag": {"0": 7}, "ok": true}',
        "tin  a  lag={0: 7} ok=true",
    ),
    "another's line stays as it is": (
        "2026-11-26 05:43:05.123 UTC [12] LOG:  ready",
        "2026-11-26 05:43:05.123 UTC [12] LOG:  ready",
    ),
    "JSON without a message": ('{"a": 1}', '{"a": 1}'),
    "a number": ("17", "17"),
    "half a line of JSON": ('{"event": "a', '{"event": "a'),
    "a time that is none": ('{"event": "a", "level": "info", "timestamp": "soon"}', "soon  tin  a"),
    "a level that nobody knows": ('{"event": "a", "level": "odd"}', "odd  a"),
    "nothing moves the reader's cursor": ('{"event": "a\\u001b[2J", "level": "info"}', "tin  a·[2J"),
}


@pytest.mark.parametrize(("line", "told"), LINES.values(), ids=LINES.keys())
def test_a_line_is_told_as_a_person_reads_it(line: str, told: str) -> None:
    assert read(line).text() == told


def test_the_last_lines_go_back_over_rotated_files(tmp_path: Path) -> None:
    (tmp_path / "a.log.2").write_text("1\n2\n")
    (tmp_path / "a.log.1").write_text("3\n")
    (tmp_path / "a.log").write_text("4\n5")
    (tmp_path / "ab.log").write_text("foreign\n")

    assert log_files.last(tmp_path, "a", 4)[0] == ["2", "3", "4", "5"]
    assert log_files.last(tmp_path, "a", 99)[0] == ["1", "2", "3", "4", "5"]


def test_who_follows_loses_nothing_at_a_rotation(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("1\n")
    found, follower = log_files.last(tmp_path, "a", 9)
    with log.open("a") as file:
        file.write("2\n3\n")
    log.rename(tmp_path / "a.log.1")

    assert list(follower.more()) == []
    log.write_text("4\nhal")
    assert (found, list(follower.more())) == (["1"], ["2", "3", "4"])
    with log.open("a") as file:
        file.write("f\n")
    assert list(follower.more()) == ["half"]
    log.write_text("5\n")
    assert list(follower.more()) == ["5"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path))
    settings.cache_clear()
    (tmp_path / "logs").mkdir()
    yield tmp_path / "logs"
    monkeypatch.undo()
    settings.cache_clear()


def test_an_unknown_name_lists_the_names(folder: Path) -> None:
    (folder / "audit.jsonl").write_text("{}\n")
    told = CliRunner().invoke(app, ["logs", "telemetri"])

    assert told.exit_code == 2
    assert all(name in told.output for name in (*PROCESSES, "kafka", "supervisord", "audit"))


@pytest.mark.usefixtures("folder")
def test_a_process_that_never_ran_has_no_log_and_says_so() -> None:
    told = CliRunner().invoke(app, ["logs", "telemetry"])

    assert told.exit_code == 1
    assert "chưa ghi gì" in told.output


def test_as_many_lines_as_were_asked_for(folder: Path) -> None:
    (folder / "telemetry.log").write_text("".join(f"{number}\n" for number in range(100)))

    assert CliRunner().invoke(app, ["logs", "telemetry", "--lines", "3"]).output.split() == ["97", "98", "99"]
    assert len(CliRunner().invoke(app, ["logs", "telemetry"]).output.split()) == 50


def test_it_follows_until_ctrl_c_and_ends_clean(folder: Path) -> None:
    log = folder / "telemetry.log"
    log.write_text("before\n")
    command = [*ANSWERS_CTRL_C, "logs", "telemetry", "-f"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "before\n"
        with log.open("a") as file:
            file.write('{"event": "after", "level": "info"}\n')
        assert process.stdout.readline() == "tin  after\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
