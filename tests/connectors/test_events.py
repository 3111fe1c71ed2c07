"""Events in the real store: once over repetitions, closed by name too, locked beside who answers; a message put off does not grow old."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg
import pytest

from connectors.timescale import outbox
from connectors.timescale.alerts import AlertWriter
from connectors.timescale.closing import Closer
from connectors.timescale.locks import CODES
from flows.alerts import Notifying
from models.alerting.alert import AlertChange
from models.alerting.intake import Intake
from models.commune.configuration import Commune
from tests.gateways import eventually
from tests.messages import AT
from tests.store import as_role, empty_store
from tests.stories.alerts import HEAD, ROOM, commune, fish, rain, river

pytestmark = pytest.mark.integration

PLACE = commune(HEAD, ROOM)
EVENTS = "select place, level, peak_level, closed_at is null from event order by number"
WAITS = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The writer's DSN on an empty store."""
    with empty_store(server_dsn, secrets, "test_events") as admin:
        yield as_role(admin, secrets, "writer")


def write(dsn: str, *changes: AlertChange, first: int = 0, own: Commune = PLACE) -> None:
    end = first + len(changes)
    writer = AlertWriter(dsn, Notifying(own))
    writer.write([Intake("alerts", 0, end, len(changes), list(changes), list(range(first, end)), [])])
    writer.close()


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


def test_a_batch_that_comes_twice_makes_one_event_and_one_code_a_contact(dsn: str) -> None:
    water, wet = river(), rain()
    batch = [water.goes(1, 0), wet.goes(2, 1)]
    for _ in range(2):
        write(dsn, *batch)

    assert rows(dsn, EVENTS) == [("water:ven-song", 2, 2, True)]
    assert rows(dsn, "select contact, code from event_code order by 1") == [("head", 10), ("room", 10)]
    assert rows(dsn, "select count(*)::int, count(distinct event)::int, count(code)::int from notification") == [(4, 1, 4)]  # fmt: skip
    assert rows(dsn, "select count(*)::int from alert where event is null") == [(0,)]


def test_alerts_that_are_closed_by_name_end_their_event(dsn: str) -> None:
    write(dsn, river().goes(2, 0))
    gone = msgspec.structs.replace(PLACE, rules=PLACE.rules[1:])
    closer = Closer(dsn, Notifying(gone), {0: 1}, lambda: AT)
    assert len(closer.look()) == 1
    closer.close()

    assert rows(dsn, EVENTS) == [("water:ven-song", 0, 2, False)]
    assert rows(dsn, "select count(*)::int from notification where template_id = 'closed' and event is null") == [(0,)]  # fmt: skip


def test_an_event_of_an_exercise_is_left_alone(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute(
            "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values ('x', 'water:ven-song', now(), now(), 2, 2, true)"
        )
    write(dsn, river().goes(1, 0))

    assert rows(dsn, "select level, exercise from event order by number") == [(2, True), (1, False)]


HELD = {
    "an event: an answer reads it": "select id from event for update",
    "the codes: the ladder gives one": f"select pg_advisory_xact_lock({CODES})",
}


@pytest.mark.parametrize("query", HELD.values(), ids=HELD.keys())
def test_the_flow_waits_for_who_holds(dsn: str, query: Any) -> None:
    water = river()
    write(dsn, water.goes(1, 0))
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(dsn) as holds,
        psycopg.connect(dsn, autocommit=True) as looks,
    ):
        holds.execute(query)
        written = pool.submit(write, dsn, water.goes(2, 10), first=1)
        eventually(lambda: looks.execute(WAITS).fetchone() == (1,))
        assert rows(dsn, EVENTS) == [("water:ven-song", 1, 1, True)]
        holds.commit()
        written.result()

    assert rows(dsn, EVENTS) == [("water:ven-song", 2, 2, True)]


def test_the_first_event_of_all_waits_for_who_gives_codes_too(dsn: str) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(dsn) as holds,
        psycopg.connect(dsn, autocommit=True) as looks,
    ):
        holds.execute("select pg_advisory_xact_lock(%s)", [CODES])
        written = pool.submit(write, dsn, river().goes(1, 0))
        eventually(lambda: looks.execute(WAITS).fetchone() == (1,))
        holds.commit()
        written.result()

    assert rows(dsn, EVENTS) == [("water:ven-song", 1, 1, True)]


def test_what_was_put_off_is_as_old_as_from_when_it_was_due(dsn: str) -> None:
    write(dsn, river().goes(1, 0), fish("nh3", "nh3").goes(1, 0))
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("update notification set created_at = now() - interval '9 hours', next_at = now()")
        db.execute("update notification set held_until = now() where alert = 'river:1'")

    async def taken() -> list[str]:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            return sorted(f"{one.alert} {one.contact}" for one in await outbox.claim(db, 100))

    assert asyncio.run(taken()) == ["river:1 head", "river:1 room"]
    assert rows(dsn, "select distinct state from notification where alert = 'nh3:1'") == [("expired",)]
