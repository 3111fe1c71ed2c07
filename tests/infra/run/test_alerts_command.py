"""`phusa alerts` on the real store: why who was told, silences set, listed with what they hid, ended; clear errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from connectors.clock import system
from connectors.commune import load
from connectors.settings import ROOT, settings
from connectors.timescale.alerts import AlertWriter
from flows.alerts import Notifying
from infra.phusa import app as whole
from infra.run.cli.alerts import app
from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.intake import Intake
from tests.messages import change
from tests.store import as_role, empty_store

EXAMPLE = load(ROOT / "infra" / "commune")
ALERT = "river-phu-oc:phu-oc:river_level:20261012T070500.000Z"


def phusa(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


WRONG: dict[str, tuple[list[str], str]] = {
    "nothing is chosen": (["--until", "+2h"], "chọn --kind"),
    "a kind that is none": (["--until", "+2h", "--kind", "fire"], "--kind fire: cần một trong (expected one of): river"),
    "a station that is none": (["--until", "+2h", "--station", "x"], "--station x: cần một trong"),
    "a hamlet that is none": (["--until", "+2h", "--hamlet", "x"], "--hamlet x: cần một trong"),
    "a contact that is none": (["--until", "+2h", "--contact", "x"], "--contact x: cần một trong"),
    "an end that is none": (["--until", "mai", "--all"], "--until mai: cần 18:00, +2h, +3d"),
    "an end that is past": (["--until", "2020-01-01T00:00", "--all"], "cần sau bây giờ và trong 31 ngày"),
    "an end that is far": (["--until", "99d", "--all"], "cần sau bây giờ và trong 31 ngày"),
    "no reason": (["--until", "+2h", "--all", "--because", "  "], "--because: cần lý do"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_silence_that_cannot_be_set_is_refused_by_name(arguments: list[str], told: str) -> None:
    because = [] if "--because" in arguments else ["--because", "thử"]
    code, output = phusa("silence", *arguments, *because)

    assert code == 2
    assert told in output


@pytest.mark.parametrize(
    "words",
    [
        "alerts silences --days {}",
        "alerts unsilence {}",
        "messages --event {}",
        "messages --limit {}",
        "report event {}",
    ],
)
def test_a_number_that_no_store_can_be_asked_for_is_refused_by_name(words: str) -> None:
    done = CliRunner().invoke(whole, words.format("9" * 30).split())

    assert done.exit_code == 2
    assert "less than or equal to" in " ".join(done.output.replace("│", " ").split())


def test_all_that_is_wrong_is_told_at_once() -> None:
    code, output = phusa("silence", "--until", "+2h", "--because", "thử", "--kind", "fire", "--hamlet", "x")

    assert code == 2
    assert "--kind fire" in output
    assert "--hamlet x" in output


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The command line's store: an empty one."""
    with empty_store(server_dsn, secrets, "test_alerts_command") as admin:
        own = as_role(admin, secrets, "writer")
        monkeypatch.setattr("connectors.settings.Settings.dsn", lambda *_: own)
        settings.cache_clear()
        yield own
        settings.cache_clear()


def write(dsn: str, *changes: AlertChange, first: int = 0) -> None:
    end = first + len(changes)
    writer = AlertWriter(dsn, Notifying(EXAMPLE))
    writer.write([Intake("alerts", 0, end, len(changes), list(changes), list(range(first, end)), [])])
    writer.close()


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.integration
def test_a_silence_is_set_listed_with_what_it_hid_and_ended_once(dsn: str) -> None:
    code, output = phusa(
        "silence", "--station", "phu-oc", "--until", "+2h", "--because", "thay pin", "--by", "an", "--maintenance"
    )  # fmt: skip
    assert (code, "#1 đang tắt (in force), bảo trì (maintenance): trạm (stations) phu-oc" in output) == (
        0,
        True,
    )

    now = system()
    write(dsn, change(alert=ALERT, at=now))
    code, output = phusa("silences")
    assert code == 0
    assert f"đã giấu (hid) {ALERT}, mức 2, 1 lần (times), còn đang diễn ra (goes on)" in output
    assert rows(dsn, "select distinct state, stage, silence from notification") == [
        ("muted", "maintenance", 1)
    ]

    assert "đã hết (over)" in phusa("unsilence", "1", "--by", "binh")[1]
    assert phusa("unsilence", "1") == (2, "#1: đã hết rồi (it is over already)\n")
    assert phusa("unsilence", "2") == (2, "#2: không có (there is none)\n")
    worse = change(
        alert=ALERT, seq=2, at=now + timedelta(minutes=1), change=Change.WORSE, level=3, previous=2
    )
    write(dsn, worse, first=1)
    assert {row[0] for row in rows(dsn, "select state from notification where seq = 2")} == {"pending"}
    assert rows(dsn, "select source, what, en from audit order by id") == [
        ("cli", "silence", rows(dsn, "select en from audit order by id limit 1")[0][0]),
        ("cli", "unsilence", "binh ended silence #1"),
    ]


@pytest.mark.integration
def test_an_alert_is_explained_for_each_contact_by_a_part_of_its_name(dsn: str) -> None:
    write(dsn, change(alert=ALERT), change(alert="rain-24h:phu-oc:rain_24h:1", rule="rain-24h", parameter="rain_24h", kind=Kind.RAIN))  # fmt: skip

    code, output = phusa("explain", "river")
    lines = output.splitlines()
    assert code == 0
    assert lines[:2] == [ALERT, "mực nước (water), Phú Ốc, mức 2 (level 2)"]
    assert [line[0] for line in lines if line.startswith(("+", "-"))].count("+") >= 1
    assert "- chairman  Chủ tịch xã" in lines
    assert "    chỉ được gọi khi chưa ai trả lời (called only when nobody has answered)" in lines

    code, output = phusa("explain", "phu-oc")
    assert code == 2
    assert "nhiều cảnh báo, chọn một (several, choose one)" in output
    assert phusa("explain", "ghost") == (2, "ghost: không có cảnh báo nào (no alert)\n")
