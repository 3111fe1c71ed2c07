"""The words, names and accounting of a drill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors import commune as files
from connectors import drills
from connectors.settings import ROOT
from models.alerting.alert import AlertChange
from models.alerting.codes import room
from models.alerting.drill import (
    ENDED,
    HEAD,
    OVER,
    REAL,
    STOPPED,
    Drill,
    Told,
    Why,
    accounting,
    belonging,
    changes_of,
    drill_of,
    ending,
    headed,
    marked,
    unmarked,
)
from models.alerting.gsm7 import SINGLE, septets
from tests.messages import place
from tests.models.alerting.test_wording import CHANGES

NOON = datetime(2026, 10, 12, 5, tzinfo=UTC)
EXAMPLE = ROOT / "infra" / "commune"
COMMUNE = files.load(EXAMPLE)


@pytest.mark.parametrize("pattern", [None, "{}"], ids=["news", "with how to answer"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_message_has_drill_in_front_and_stays_one_segment(
    change: AlertChange, pattern: str | None
) -> None:
    text = headed([change], [], place(), room(pattern))

    assert text.sms.startswith("DIEN TAP: ")
    assert septets(text.sms) <= room(pattern) <= SINGLE
    assert text.fields["tram"].startswith(HEAD)
    assert text.fields["viec_can_lam"].startswith(HEAD)


def test_without_a_head_a_message_is_what_it_is() -> None:
    change = CHANGES["river, level 2"]

    assert not headed([change], [], place(), SINGLE, "").sms.startswith("DIEN TAP")


@pytest.mark.parametrize("why", [OVER, STOPPED, REAL])
def test_its_end_is_one_segment_and_says_that_nothing_is_to_be_done(why: Why) -> None:
    found = ending(Drill(7, "flood", "Lũ đêm " * 20), why, NOON)

    assert found.sms.startswith("DIEN TAP KET THUC")
    assert "khong phai lam gi" in found.sms
    assert septets(found.sms) <= SINGLE
    assert found.fields["tram"] == ENDED


@pytest.mark.parametrize("name", drills.scenarios(EXAMPLE))
def test_a_scenario_of_the_example_is_changes_that_a_flow_could_have_made(name: str) -> None:
    scenario = drills.scenario(EXAMPLE, name, COMMUNE)
    found = [change for _, change in changes_of(scenario, 7, NOON, COMMUNE)]
    last: dict[str, AlertChange] = {}
    for change in found:
        before = last.get(change.alert)
        assert (change.seq, change.previous) == ((1, 0) if before is None else (before.seq + 1, before.level))
        assert change.level != change.previous
        last[change.alert] = change

    assert belonging(found, Drill(7, name, name)) == found
    assert belonging(found, Drill(8, name, name)) == []


@pytest.mark.parametrize("name", ["water:ven-song", "health", "water:ven-song@1761955200000"])
def test_a_name_of_a_drill_is_the_real_one_behind_its_number(name: str) -> None:
    assert unmarked(marked(7, name)) == name
    assert unmarked(name) == name
    assert (drill_of(marked(7, name)), drill_of(name)) == (7, None)


def test_the_accounting_says_who_was_told_when_and_who_answered_after_how_many_minutes_who_did_not_first() -> (
    None
):
    told = [
        Told("a", 2, NOON, "sms", NOON + timedelta(minutes=4), "taken"),
        Told("b", 1, NOON, "zalo"),
        Told("c", 3),
    ]
    found = [vi for vi, _ in accounting(told, {"a": "An", "b": "Bình"})]

    assert found == [
        "c: 3 tin, KHÔNG tin nào tới",
        "Bình: 1 tin, tin đầu 12:00:00 (zalo), CHƯA TRẢ LỜI",
        "An: 2 tin, tin đầu 12:00:00 (sms), trả lời sau 4 phút (taken)",
    ]
