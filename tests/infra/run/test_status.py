"""`phusa status`: names and not codes, at 80 columns, first what is wrong; the platform and the commune are two sentences."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from connectors.settings import Settings, settings
from connectors.timescale.situation import AlertSeen, PlaceSeen, Situation
from infra.phusa import app
from infra.run.processes import PROCESSES
from infra.run.status import draw, gather, words
from infra.run.status.clock import platform_now
from infra.run.status.draw import render
from models.alerting.alert import Kind
from models.envelope.rejected import Reason
from tests.interrupts import ANSWERS_CTRL_C

AT = datetime(2026, 11, 25, 6, 50, tzinfo=UTC)
NAMES = {
    "phu-oc": "sông Bồ tại Phú Ốc",
    "cho-quang-tho": "Camera chợ Quảng Thọ",
    "payment:cho-quang-tho": "Chợ Quảng Thọ",
    "cho-quang-tho people/san-cho": "Sân chợ",
}
RIVER = {
    "kind": "river", "station": "phu-oc", "parameter": "river_level", "level": 3, "value": 4.87, "unit": "m",
    "raised": "25/11 09:35",
}  # fmt: skip
PAYMENT = {
    "kind": "payment", "station": "cho-quang-tho", "parameter": "payment", "level": 1, "value": 60_410_000.0,
    "unit": "VND", "raised": "25/11 10:00",
}  # fmt: skip
SILENT = RIVER | {"kind": "silent", "parameter": "station", "level": 1, "value": 7_200.0, "unit": "s"}
CROWD = RIVER | {
    "kind": "crowd", "station": "cho-quang-tho", "parameter": "people/san-cho", "level": 2, "value": 31.0, "unit": "people",
}  # fmt: skip
LOST = RIVER | {"station": "cu"}


def found(**changed: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "programs": [{"program": name, "state": "RUNNING", "pid": 7} for name in ("kafka", *PROCESSES, "grafana")],
        "troubles": [],
        "waits": [],
        "positions": [
            {"flow": "telemetry", "topic": "readings", "read": 1_234_567, "stored": 1_234_000, "rejected": 500,
             "duplicates": 60, "still": 4, "dropped": 3, "lag": 172_800},
        ],
        "cameras": {"cho-quang-tho": dict.fromkeys(("taken", "sent", "dropped", "connects", "failures"), 86_400)},
        "refused": [{"topic": "readings", "reason": "unknown_station", "count": 1_200}],
        "alerts": [],
        "messages": {"delivered": 31, "doubt": 1, "inhibited": 4},
    }  # fmt: skip
    return whole | changed


def drawn(what: dict[str, Any], seen: Situation | None = None, columns: int = 80) -> str:
    console = Console(width=columns, highlight=False, record=True, file=io.StringIO())
    console.print(render(what, NAMES, seen, AT))
    return console.export_text()


def flat(text: str) -> str:
    return " ".join(text.split())


ALERTS = {
    "a river by its name and with its unit": (
        RIVER,
        "Sông Bồ tại Phú Ốc: mực nước, mức 3, 4,87 m, mở từ 25/11 09:35",
    ),
    "money as it is written": (PAYMENT, "Chợ Quảng Thọ: khoản tiền, mức 1, 60.410.000 đ, mở từ 25/11 10:00"),
    "people by their zone": (
        CROWD,
        "Camera chợ Quảng Thọ: đông người, Sân chợ, mức 2, 31 người, mở từ 25/11 09:35",
    ),
    "a silence has no value": (SILENT, "Sông Bồ tại Phú Ốc: mất tín hiệu, cả trạm, mức 1, mở từ 25/11 09:35"),
    "a station that was removed": (
        LOST,
        "Cu (không còn trong cấu hình): mực nước, mức 3, 4,87 m, mở từ 25/11 09:35",
    ),
}


@pytest.mark.parametrize(("alert", "told"), ALERTS.values(), ids=ALERTS.keys())
def test_an_open_alert_is_told_by_names(alert: dict[str, Any], told: str) -> None:
    assert words.alert(alert, NAMES) == told


def test_the_platform_and_the_commune_are_two_sentences() -> None:
    text = flat(drawn(found(alerts=[RIVER, SILENT])))

    assert "Hệ thống không có gì hỏng (nothing is wrong with the platform)" in text
    assert "Trong xã: 1 cảnh báo và 1 nơi đo không tin được hoặc mất đang mở" in text
    assert "60.410.000 đ" in flat(drawn(found(alerts=[PAYMENT])))


def test_quiet_is_said_only_where_it_is_known() -> None:
    known, away = found(), found(troubles=["Cơ sở dữ liệu không trả lời → phusa doctor"])
    del away["alerts"]

    assert "không có cảnh báo nào đang mở" in flat(drawn(known))
    assert "KHÔNG BIẾT" in flat(drawn(away))
    assert "không có cảnh báo" not in flat(drawn(away))


def test_what_is_wrong_comes_first_with_what_to_do() -> None:
    lines = drawn(
        found(troubles=["telemetry: không chạy được → phusa logs telemetry"], alerts=[RIVER])
    ).splitlines()

    assert lines[1].strip() == "KHÔNG ỔN: telemetry: không chạy được"
    assert lines[2].strip() == "→ phusa logs telemetry"


LONG = "Trạm quan trắc nước tự động liên tục số 17 tại cầu ngói Thanh Toàn, thôn Thanh Thủy Chánh"
SEEN = Situation(
    [
        AlertSeen("river", "mực nước", "phu-oc", "sông Bồ tại Phú Ốc", "river_level", "mực nước", 3, "BĐ III", "danger", "◆", AT, 4.87, "m", 6, 5, "Chủ tịch xã và 5 người", "1 người đã trả lời"),
        AlertSeen("silent", "mất tín hiệu", "x", LONG, "station", "station", 1, "mất tín hiệu", "silent", "✕", AT, 7200.0, "s", 0, 0, None, None),
        AlertSeen("crowd", "đông người", "cho-quang-tho/san-cho", "Chợ", "people/san-cho", "people/san-cho", 2, "quá đông", "warning", "▲", AT, 31.0, "people", 0, 0, None, None),
        AlertSeen("payment", "khoản tiền", "x", "Chợ", "payment", "khoản tiền", 1, "mức 1", "watch", "●", AT, 60_410_000.0, "VND", 0, 0, None, None),
    ],
    [PlaceSeen("Sông Bồ", "danger", "NGUY HIỂM", "◆", f"{LONG} 4,87 m, trên BĐ III 0,37 m, đo 13:45, 5 phút trước")],
)  # fmt: skip
WIDE = {
    "all that there is": (found(alerts=[RIVER, PAYMENT, SILENT, LOST]), None),
    "with the words of the store": (found(alerts=[RIVER] * 30), SEEN),
    "counts of a year": (
        found(
            positions=[
                found()["positions"][0] | dict.fromkeys(("read", "stored", "rejected", "lag"), 9_876_543_210)
            ]
        ),
        None,
    ),
    "a long trouble": (found(troubles=[f"{'x' * 200}: {LONG} → {LONG}"], waits=[LONG + LONG]), None),
    "programs of which none runs": (
        found(
            programs=[
                {"program": name, "state": state, "pid": 0}
                for name in ("telemetry",)
                for state in words.STATES
            ]
        ),
        None,
    ),
}


@pytest.mark.parametrize(("what", "seen"), WIDE.values(), ids=WIDE.keys())
def test_nothing_is_wider_than_80_columns(what: dict[str, Any], seen: Situation | None) -> None:
    text = drawn(what, seen)

    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert "…" not in text.replace("  … và", "")


def test_no_number_is_broken_at_80_columns() -> None:
    assert "1.234.567" in drawn(found())
    assert "172.800" in drawn(found())


def test_ten_thousand_alerts_are_counted_and_a_dozen_told() -> None:
    text = drawn(found(alerts=[RIVER] * 10_000))

    assert "và 9.988 cảnh báo nữa" in flat(text)
    assert len(text.splitlines()) < 90


def test_the_present_level_has_its_own_beginning_and_who_was_told() -> None:
    text = flat(drawn(found(alerts=[RIVER] * 2), SEEN))

    assert "Trong xã: 3 cảnh báo và 1 nơi đo không tin được hoặc mất đang mở" in text
    assert (
        "Sông Bồ tại Phú Ốc: mực nước, BĐ III từ 06:50 25/11, nay 4,87 m; đã báo Chủ tịch xã và 5 người (6 tin, 5 tới); 1 người đã trả lời"
        in text
    )
    assert "cả trạm, từ 06:50 25/11; chưa báo ai" in text
    assert "đông người, Sân chợ, quá đông từ 06:50 25/11, nay 31 người" in text
    assert "nay 60.410.000 đ" in text
    assert "trên BĐ III 0,37 m, đo 13:45, 5 phút trước" in text


def test_every_process_state_and_reason_has_its_words() -> None:
    assert set(PROCESSES) <= set(words.PROGRAMS)
    assert all(words.reason(one) != one for one in Reason)
    assert {str(one) for one in Kind} >= words.OF_INSTRUMENTS


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy that was never started."""
    monkeypatch.setenv("PHUSA_VAR", str(tmp_path))
    monkeypatch.setenv("PHUSA_WATCH_S", "0.05")
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("copy")
def test_where_nothing_runs_it_says_so_and_ends_with_1() -> None:
    told = CliRunner().invoke(app, ["status"])
    machine = CliRunner().invoke(app, ["status", "--json"])

    assert (told.exit_code, machine.exit_code) == (1, 1)
    assert "Không có gì đang chạy" in told.output
    assert json.loads(machine.output) == {
        "programs": [], "troubles": ["Không có gì đang chạy (nothing runs) → phusa up"], "positions": [], "waits": [],
    }  # fmt: skip


@pytest.mark.usefixtures("copy")
def test_it_looks_again_until_ctrl_c_and_ends_without_a_traceback() -> None:
    command = [*ANSWERS_CTRL_C, "status", "--watch"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        looks = 0
        while looks < 3:
            looks += "KHÔNG ỔN" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(60) == 1
        assert process.stderr.read() == ""


CLOCKS = {
    "that which the processes were given": (
        f'environment=PHUSA_CLOCK="scaled:{AT.isoformat()},{{real}},1"',
        AT,
    ),
    "of a play whose file is gone, the machine's": ('environment=PHUSA_CLOCK="played:/none/clock"', None),
    "without a time of its own, the machine's": ('environment=PHUSA_CLOCK="stream"', None),
}


@pytest.mark.parametrize(("line", "wanted"), CLOCKS.values(), ids=CLOCKS.keys())
def test_the_time_is_that_of_the_platform(line: str, wanted: datetime | None, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    now = datetime.now(UTC)
    (tmp_path / "run" / "supervisord.conf").write_text(line.format(real=now.isoformat()))

    assert timedelta() <= platform_now(Settings(var=tmp_path)) - (wanted or now) < timedelta(minutes=10)


STILL = {
    "just said": (AT - timedelta(minutes=2), []),
    "ten minutes": (AT - timedelta(minutes=10), []),
    "never yet": (None, []),
    "stands still": (
        AT - timedelta(minutes=25),
        ["places đứng yên từ 13:25 (stands still since then) → phusa logs places"],
    ),
}


@pytest.mark.parametrize(("said", "told"), STILL.values(), ids=STILL.keys())
def test_places_that_stand_still_are_a_trouble(said: datetime | None, told: list[str]) -> None:
    assert gather.standing_still(said, AT) == told


STATES_OF_PLACES: dict[str, tuple[Situation | None, str, str]] = {
    "all are normal": (
        Situation([], [PlaceSeen("a", "normal", "", "", "a"), PlaceSeen("b", "normal", "", "", "b")]),
        "bold green",
        "đang mở (the",
    ),
    "one is silent": (
        Situation([], [PlaceSeen("a", "normal", "", "", "a"), PlaceSeen("b", "silent", "", "", "b")]),
        "bold",
        "đang mở, 1 nơi không rõ",
    ),
    "one is on watch": (Situation([], [PlaceSeen("a", "watch", "", "", "a")]), "bold", "đang mở (the"),
    "no place is known of": (Situation([], []), "bold", "đang mở (the"),
    "the store does not tell": (None, "bold", "đang mở (the"),
}


@pytest.mark.parametrize(("seen", "style", "said"), STATES_OF_PLACES.values(), ids=STATES_OF_PLACES.keys())
def test_the_commune_is_green_only_where_every_place_is_normal(
    seen: Situation | None, style: str, said: str
) -> None:
    text = draw._open([], None if seen is None else seen.places)

    assert str(text.style) == style
    assert said in text.plain
