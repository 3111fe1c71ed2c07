"""`phusa drill` as a command: what it refuses, and how its time line goes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from connectors import commune as files
from connectors import drills
from connectors.settings import ROOT
from infra.phusa import app
from infra.run.cli.drill import _told_all
from models.alerting.alert import AlertChange
from models.alerting.drill import REAL, changes_of

EXAMPLE = ROOT / "infra" / "commune"
NOON = datetime(2026, 10, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        pytest.param(["storm"], "", "flood", id="no such scenario: those that are"),
        pytest.param(["flood", "--to", "moon"], "", "simulated", id="no such way"),
        pytest.param(["flood", "--contacts", "head-la-van-ha,nobody"], "", "nobody", id="no such contact"),
        pytest.param(
            ["flood", "--contacts", ""], "", "không có ai", id="only these contacts, and none: not all"
        ),
        pytest.param(
            ["flood", "--contacts", " , ", "--to", "real"], "flood\n", "không có ai", id="a comma is nobody"
        ),
        pytest.param(["flood", "--to", "real"], "fish\n", "không gửi gì", id="another name typed"),
        pytest.param(["flood", "--to", "real"], "\n", "không gửi gì", id="nothing typed"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_sent(
    words: list[str], typed: str, told: str
) -> None:
    done = CliRunner().invoke(app, ["drill", *words], input=typed)

    assert done.exit_code == 1
    assert told in done.output


def turns() -> list[tuple[float, AlertChange]]:
    commune = files.load(EXAMPLE)
    return changes_of(drills.scenario(EXAMPLE, "fish", commune), 7, NOON, commune)


def test_all_is_played_in_order() -> None:
    put: list[AlertChange] = []

    assert _told_all(turns(), 0.0, 1e9, put.append, lambda: None, threading.Event())
    assert [(each.alert, each.seq) for each in put] == [(each.alert, each.seq) for _, each in turns()]
    assert all(each.exercise for each in put)


def test_a_drill_that_something_real_has_ended_plays_nothing_more() -> None:
    put: list[AlertChange] = []

    assert not _told_all(
        turns(), 0.0, 1e9, put.append, lambda: REAL if len(put) == 2 else None, threading.Event()
    )
    assert len(put) == 2


def test_a_drill_that_is_stopped_plays_nothing_more() -> None:
    put: list[AlertChange] = []
    stopping = threading.Event()
    stopping.set()

    assert not _told_all([(1.0, one) for _, one in turns()], 1.0, 1.0, put.append, lambda: None, stopping)
    assert put == []
