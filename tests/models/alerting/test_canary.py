"""The canary in the alerts flow, and when the administrator is told by another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.canary import (
    HOLD,
    LATE_S,
    PATIENCE,
    Tidings,
    Watch,
    apart,
    canary_rows,
    said,
    sent_at,
    tidings_text,
    watch,
)
from models.commune.canary import CANARY

NOON = datetime(2026, 10, 12, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def change(minute: int = 0, *, station: str = CANARY, rule: str = CANARY) -> AlertChange:
    at = NOON + minute * MINUTE
    return AlertChange(
        v=1, source="telemetry", seq=1, at=at, alert=f"{rule}:{station}:canary:{minute}", rule=rule, kind=Kind.OUTAGE,
        station=station, parameter="canary", change=Change.RAISE, level=1, previous=0, value=1.0, limit=0.75, unit="1",
    )  # fmt: skip


def test_what_is_of_the_canary_is_no_alert_whatever_its_rule() -> None:
    river, clock = change(station="phu-oc", rule="river"), change(rule="clock")
    found = apart([change(), river, clock])

    assert found.others == [river]
    assert found.canary == [change(), clock]


def test_of_a_batch_the_newest_is_one_message_to_nobody_and_due_at_once() -> None:
    (row,) = canary_rows([change(1), change(3), change(2)], NOON)

    assert (row.notification.contact, row.notification.channels) == (CANARY, [CANARY])
    assert (row.state, row.next_at, row.shown) == ("pending", NOON, [])
    assert sent_at(row.notification.template_data) == NOON + 3 * MINUTE


def test_the_same_change_has_the_same_key_after_a_replay() -> None:
    assert (
        canary_rows([change(1)], NOON)[0].notification.id
        == canary_rows([change(1)], NOON + MINUTE)[0].notification.id
    )


@pytest.mark.parametrize(
    "changes", [[], [change(rule="silent")], [change(rule="clock")]], ids=["none", "silence", "clock"]
)
def test_what_is_not_of_its_own_rule_is_no_message(changes: list[AlertChange]) -> None:
    assert canary_rows(changes, NOON) == []


def told(looks: list[tuple[int, int | None]], *, reached: bool = True) -> list[tuple[int, str]]:
    """What the administrator is told when the watcher looks at minutes (from NOON) and finds a canary of a minute (None: none known)."""
    own, found = Watch(NOON), []
    for minute, newest in looks:
        now = NOON + minute * MINUTE
        own, tidings = watch(own, None if newest is None else NOON + newest * MINUTE, now)
        if tidings is not None:
            found.append((minute, tidings.value))
            own = said(own, tidings) if reached else own
    return found


WELL = [(minute, minute) for minute in range(5)]
AWAY = [(minute, 4) for minute in range(5, 20)]
STORIES = [
    pytest.param(WELL, [], id="it comes each minute"),
    pytest.param([*WELL, (5, 4), (6, 4), (7, 7)], [], id="two are lost"),
    pytest.param([*WELL, (8, 4), (9, 9), (10, 10)], [], id="late for one look: a restart is no news"),
    pytest.param([*WELL, *AWAY], [(10, "late")], id="it stays away: told once"),
    pytest.param(
        [*WELL, *AWAY, (20, 20), (21, 21), (22, 22), (23, 23)],
        [(10, "late"), (22, "back")],
        id="and once when it is back",
    ),
    pytest.param(
        [*WELL, *AWAY, (20, 20), *((m, 20) for m in range(21, 40))],
        [(10, "late"), (22, "back"), (26, "late")],
        id="back for long enough to be believed, and away again",
    ),
    pytest.param(
        [*WELL, *AWAY, *((m, m if m % 5 else m - 4) for m in range(20, 21))],
        [(10, "late")],
        id="one swallow is no summer",
    ),
    pytest.param([(m, None) for m in range(11)], [], id="never seen: a platform that has just begun"),
    pytest.param([(m, None) for m in range(20)], [(13, "late")], id="never seen for long"),
    pytest.param(
        [*WELL, *((m, None) for m in range(5, 20))],
        [(10, "late")],
        id="a store that does not answer is late too",
    ),
    pytest.param([*WELL, (5, None), (6, 6)], [], id="a store that is away for a moment"),
    pytest.param([*WELL, (8, 2), (9, 2)], [], id="what is known does not become older"),
]


@pytest.mark.parametrize(("looks", "want"), STORIES)
def test_the_administrator_is_told_once_when_late_and_once_when_back(
    looks: list[tuple[int, int | None]], want: list[tuple[int, str]]
) -> None:
    assert told(looks) == want


def test_who_could_not_be_told_is_told_at_the_next_look() -> None:
    assert told([*WELL, *AWAY], reached=False) == [(minute, "late") for minute in range(10, 20)]


def test_who_was_told_before_a_restart_is_not_told_that_it_is_back_by_a_store_that_is_away() -> None:
    own = Watch(NOON, told=True)
    for minute in range(10):
        own, tidings = watch(own, None, NOON + minute * MINUTE)
        assert tidings is None


def test_it_waits_less_than_the_patience_and_never_longer_than_late_and_hold_together() -> None:
    assert timedelta(seconds=LATE_S) + HOLD < PATIENCE


@pytest.mark.parametrize("tidings", Tidings)
@pytest.mark.parametrize("newest", [None, NOON], ids=["never", "noon"])
def test_the_message_names_the_commune_and_is_said_in_both_languages(
    tidings: Tidings, newest: datetime | None
) -> None:
    subject, text = tidings_text(tidings, newest, NOON + 7 * MINUTE, "Quảng Điền")

    assert "Quảng Điền" in subject
    assert "\n" not in subject
    assert "Tin thử" in text
    assert "anary" in text


def test_the_message_says_since_when() -> None:
    _, text = tidings_text(Tidings.LATE, NOON, NOON + 7 * MINUTE, "X")

    assert "7 phút" in text
    assert "12:00" in text


def test_a_message_that_is_not_the_canarys_has_no_time() -> None:
    with pytest.raises(KeyError):
        sent_at({})


def test_a_watch_is_kept_as_it_is() -> None:
    own = Watch(NOON, NOON, told=True, turned_at=NOON)

    assert msgspec.json.decode(msgspec.json.encode(own), type=Watch) == own
