from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from connectors import clock
from connectors import commune as folder
from connectors.settings import ROOT
from connectors.timescale import reference
from connectors.timescale.connection import StoreError
from connectors.timescale.places import Places
from connectors.timescale.saying import LONGEST, Saying, times
from tests.store import as_role, empty_store

EXAMPLE = folder.load(ROOT / "infra" / "commune")
START = datetime.fromisoformat("2025-10-15T00:00:00+07:00")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


TIMES = [
    ("never said: now alone", None, 12, True, [12]),
    ("a minute later", 12, 13, True, [13]),
    ("said already", 12, 12, True, []),
    ("marks that were missed, then now", 12, 23, True, [15, 20, 23]),
    ("now is a mark itself", 12, 20, True, [15, 20]),
    ("history has no marks of its own", 12, 600, False, [600]),
    ("a clock that was put back", 30, 12, True, [12]),
]


@pytest.mark.parametrize(
    ("said", "now", "catch_up", "wanted"), [row[1:] for row in TIMES], ids=[row[0] for row in TIMES]
)
def test_what_is_due_is_said_in_order(
    said: float | None, now: float, catch_up: bool, wanted: list[float]
) -> None:
    found = list(times(None if said is None else at(said), at(now), catch_up=catch_up))
    assert found == [at(one) for one in wanted]


def test_what_was_missed_for_longer_than_a_day_is_left_out() -> None:
    found = list(times(at(0), at(3 * 24 * 60)))
    assert found[0] > at(2 * 24 * 60)
    assert found[-1] == at(3 * 24 * 60)
    assert len(found) == LONGEST / timedelta(minutes=5)


@pytest.fixture
def store(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "places_flow") as admin:
        reference.load(admin, EXAMPLE)
        yield as_role(admin, secrets, "writer")


def history(dsn: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as db:
        return db.execute("select place, at, state, vi from place_history order by 1, 2").fetchall()


def heard(dsn: str, minutes: float, value: float) -> None:
    with psycopg.connect(dsn) as db:
        db.execute(
            "insert into observation values (%s, 'phu-oc', 'river_level', %s, 'm', 1, 0, %s)",
            [at(minutes), value, at(minutes)],
        )


@pytest.mark.integration
def test_a_played_day_is_said_only_as_far_as_the_platform_has_caught_up(store: str, tmp_path: Path) -> None:
    played = clock.Played(tmp_path / "clock")
    heard(store, 9, 1.0)
    played.move(START, at(40), at(10), 700)
    saying = Saying(store, Places(EXAMPLE), played)
    assert saying.look() == 1
    assert max(one[1] for one in history(store)) == at(10)
    assert saying.look() == 0
    heard(store, 14, 2.0)
    played.move(START, at(40), at(21), 700)
    assert saying.look() == 3
    river = [(one[1], one[2]) for one in history(store) if one[0] == "phu-oc"]
    assert river == [(at(10), "normal"), (at(15), "watch")]
    saying.close()


@pytest.mark.integration
def test_killed_and_begun_again_it_leaves_no_hole_and_nothing_twice(store: str, tmp_path: Path) -> None:
    played = clock.Played(tmp_path / "clock")
    for k in range(12):
        heard(store, 5 * k, 1.0 + k / 10)
    played.move(START, at(60), at(30), 700)
    Saying(store, Places(EXAMPLE), played).look()
    played.move(START, at(60), at(55), 700)
    Saying(store, Places(EXAMPLE), played).look()
    first = history(store)
    with psycopg.connect(store) as db:
        db.execute("update place_state set at = %s", [at(30)])
    Saying(store, Places(EXAMPLE), played).look()
    assert history(store) == first
    assert [one[1] for one in first if one[0] == "phu-oc"] == [at(30 + 5 * k) for k in range(6)]


@pytest.mark.integration
def test_in_a_replay_of_history_the_newest_reading_is_now(store: str) -> None:
    saying = Saying(store, Places(EXAMPLE), None)
    assert saying.look() == 0
    heard(store, 9, 1.0)
    assert saying.look() == 1
    heard(store, 5000, 2.0)
    assert saying.look() == 1
    assert {one[1] for one in history(store) if one[0] == "phu-oc"} == {at(9), at(5000)}
    saying.close()


@pytest.mark.integration
def test_a_database_that_is_away_is_told_and_what_was_missed_is_said_afterwards(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.timescale import connection

    monkeypatch.setattr(connection, "PATIENCE_S", 0.2)
    played = clock.Played(tmp_path / "clock")
    heard(store, 1, 1.0)
    played.move(START, at(60), at(2), 700)
    saying = Saying(store, Places(EXAMPLE), played)
    assert saying.look() == 1
    whole = saying._store._dsn
    saying._store.close()
    saying._store._dsn = "host=127.0.0.1 port=1 connect_timeout=1"
    played.move(START, at(60), at(17), 700)
    with pytest.raises(StoreError):
        saying.look()
    saying._store._dsn = whole
    assert saying.look() == 4
    saying.close()


@pytest.mark.integration
def test_what_is_told_to_stop_stops_between_two_times(store: str, tmp_path: Path) -> None:
    played = clock.Played(tmp_path / "clock")
    heard(store, 1, 1.0)
    played.move(START, at(2000), at(2), 700)
    saying = Saying(store, Places(EXAMPLE), played)
    saying.look()
    played.move(START, at(2000), at(1400), 700)
    saying.stop = threading.Event()
    saying.stop.set()
    assert saying.look() == 0
    saying.close()
