"""The ladder on the real store: each step once, whoever looks, and nothing half written."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from connectors.clock import Played
from connectors.commune import load
from connectors.settings import Settings
from connectors.timescale import ladders, outbox
from flows.attending import Attending
from flows.attending import attending as made_of
from flows.delivery import deliver
from infra.rehearsal.demo.database import connect
from infra.rehearsal.demo.followers import Ladder as LadderFollower
from models.alerting.alert import Change
from models.alerting.delivery import Step
from models.alerting.sending import Answer, Sent
from models.commune.routing import Ladder, Rung
from tests.attending import EVENT, World, attending, commune, look, minute, rises, with_ladder
from tests.gateways import beside, eventually
from tests.ladders import ROLES
from tests.messages import AT, change
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
OVER = change(seq=2, change=Change.CLEAR, level=0, previous=3, value=1.0, limit=1.5)


@pytest.fixture
def admin(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "test_attending") as made:
        yield made


@pytest.fixture
def world(admin: str, secrets: dict[str, str]) -> World:
    return World(as_role(admin, secrets, "writer"))


def test_nobody_answers_and_the_rungs_are_called_one_after_the_other(world: World) -> None:
    world.changes(rises())
    due = look(world, 0, 4.9, 5, 10, 15, 60)

    assert world.steps() == [
        ("called", "deputy"), ("repeated", "head"), ("called", "chair"), ("repeated", "deputy"), ("nobody", ""), ("repeated", "chair"),
    ]  # fmt: skip
    assert world.messages() == [
        ("call", "deputy"), ("repeat", "head"), ("call", "chair"), ("repeat", "deputy"), ("repeat", "chair"),
    ]  # fmt: skip
    assert due == [minute(5), minute(5), minute(10), minute(15), None, None]


def test_a_called_person_is_told_the_news_why_and_how_to_answer(world: World) -> None:
    world.changes(rises())
    look(world, 5)
    ((text, code, level, channels, event),) = world.run(
        "select sms_text, code, level, channels, event from notification where step = 'call'"
    )

    assert text.startswith("CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,80 m")
    assert text.endswith(" Tra loi 10 1")
    assert (code, level, channels, event) == (10, 3, ["zalo", "sms"], EVENT)
    assert world.run("select contact, code from event_code order by contact") == [
        ("deputy", 10),
        ("head", 10),
    ]


def test_the_ledger_tells_a_call_at_its_own_time_and_the_news_at_the_changes(world: World) -> None:
    """A reminder stood at the minute of the change that it tells again: as if it had rung twice at once."""
    world.changes(rises())
    look(world, 5, 10)

    told = world.run(
        "select step, at from message_ledger where contact in ('deputy', 'head') order by at, contact"
    )
    assert told == [(None, minute(0)), ("call", minute(5)), ("repeat", minute(5)), ("repeat", minute(10))]


def test_two_ladders_at_once_write_each_step_and_its_message_once(world: World) -> None:
    world.changes(rises())

    async def both() -> None:
        async with attending(world) as first, attending(world) as second:
            for number in (0.0, 5, 10, 15):
                now = minute(number)
                await asyncio.gather(first.look(now), second.look(now), first.look(now), second.look(now))

    asyncio.run(both())

    assert sorted(world.messages()) == [
        ("call", "chair"), ("call", "deputy"), ("repeat", "chair"), ("repeat", "deputy"), ("repeat", "head"),
    ]  # fmt: skip
    assert len(world.run("select 1 from event_step where step in ('called', 'repeated')")) == 5


def test_killed_between_step_and_message_nothing_is_left_half_and_the_next_one_does_both(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.changes(rises())

    async def dies(*_: Any) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(ladders, "tell", dies)
        with pytest.raises(ConnectionAbortedError):
            look(world, 5)

    assert (world.steps(), world.messages()) == ([], [])
    assert world.run("select contact from event_code") == [("head",)], "who had the news"
    look(world, 5)
    assert sorted(world.messages()) == [("call", "deputy"), ("repeat", "head")]


def test_the_server_ends_the_connection_in_the_middle_and_nothing_is_left_half(
    world: World, admin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As kill -9: the transaction is open, the step is written, and the backend is gone."""
    world.changes(rises())
    original = ladders.code_of

    async def ended(db: ladders.Db, *rest: Any) -> int | None:
        with psycopg.connect(admin, autocommit=True) as root:
            root.execute("select pg_terminate_backend(%s)", [db.info.backend_pid])
        return await original(db, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(ladders, "code_of", ended)
        with pytest.raises(psycopg.OperationalError):
            look(world, 5)

    assert world.run("select 1 from event_step") == []
    look(world, 5)
    assert sorted(world.messages()) == [("call", "deputy"), ("repeat", "head")]


def test_somebody_takes_it_and_nobody_else_is_called(world: World) -> None:
    world.changes(rises())
    world.answers(7, "deputy", "taken")
    look(world, 5, 10, 60)

    assert world.steps() == [("called", "deputy"), ("repeated", "head"), ("taken", "")]


def test_an_answer_of_the_rise_before_does_not_count(world: World) -> None:
    world.changes(rises(2))
    world.answers(1, "head", "taken")
    look(world, 5)
    world.changes(rises(3, seq=2, previous=2), at=20)
    look(world, 20, 25)

    assert world.steps() == [("taken", ""), ("called", "deputy"), ("repeated", "head")]


def test_the_next_rise_takes_only_its_own_news_for_told(world: World) -> None:
    """The head has news of the first rise; that of the second is silenced: at level 3 the ladder calls all the same."""
    world.changes(rises(2))
    world.changes(rises(3, seq=2, previous=2), at=20)
    world.run("update notification set state = 'muted', stage = 'silenced' where seq = 2")
    look(world, 25)

    assert world.steps() == [("called", "deputy")]


def test_who_was_called_is_told_that_it_is_over_and_who_had_the_news_is_not(world: World) -> None:
    world.changes(rises())
    look(world, 5)
    world.sends()
    world.changes(OVER, at=8)
    look(world, 8, 9, 60)

    assert world.messages()[2:] == [("ended", "deputy")]
    assert world.steps()[-2:] == [("over", ""), ("over", "deputy")]
    assert world.run("select sms_text like 'HET CANH BAO%%', code from notification where step = 'ended'") == [(True, None)]  # fmt: skip


def test_a_call_that_no_gateway_took_by_the_end_is_not_made_and_its_end_is_not_told(world: World) -> None:
    world.changes(rises())
    look(world, 5)
    world.changes(OVER, at=8)
    look(world, 8)

    assert world.run("select distinct state from notification where step in ('call', 'repeat')") == [("expired",)]  # fmt: skip
    assert world.run("select 1 from notification where step = 'ended'") == []
    assert world.steps()[-1] == ("over", "")


def test_an_event_whose_level_has_no_ladder_is_left_alone(world: World) -> None:
    world.changes(rises(1))

    assert look(world, 0, 60, 600) == [None, None, None]
    assert world.run("select 1 from event_step") == []


def test_a_call_is_no_news_and_merges_no_news_away(world: World) -> None:
    """The deputy's call waits for a sender when the river falls: the head's news is told as if nobody had been called."""
    world.changes(rises())
    world.sends("sent")
    look(world, 5)
    world.changes(change(seq=2, change=Change.WORSE, level=4, previous=3, value=6.0, limit=4.5), at=6)

    assert world.run("select contact, state from notification where step is null and seq = 2") == [("head", "pending")]  # fmt: skip
    assert world.run("select distinct state from notification where step is not null") == [("pending",)]


def test_a_call_is_sent_in_a_hurry_also_when_the_newest_change_is_better(world: World) -> None:
    world.changes(rises(), change(seq=2, change=Change.BETTER, level=2, previous=3, value=4.0, limit=4.5))
    look(world, 5)

    async def claims() -> dict[str, bool]:
        async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as db:
            return {one.contact: one.rises for one in await outbox.claim(db, 10) if one.contact != "head"}

    assert asyncio.run(claims()) == {"deputy": True}


def test_a_call_that_is_not_out_yet_is_not_repeated(world: World) -> None:
    world.changes(rises())
    look(world, 5)

    async def fails() -> None:
        async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as db:
            for one in await outbox.claim(db, 10):
                await outbox.begin_attempts(db, [one])
                busy = Sent(Answer.RETRY, "503", "busy")
                await outbox.finish(db, [outbox.Answered(one, busy, Step("pending", "zalo", minute(0), ""))])

    asyncio.run(fails())
    look(world, 10)

    async def claims() -> list[str]:
        async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as db:
            return [one.sms_text[:10] for one in await outbox.claim(db, 10) if one.contact == "deputy"]

    assert asyncio.run(claims()) == ["CHUA AI NH"]


def test_a_contacts_code_is_not_that_of_another_event_until_a_day_after_its_end(world: World) -> None:
    world.changes(rises())
    for number, closed in enumerate((None, minute(-60), minute(-25 * 60)), 10):
        world.run(
            "insert into event (id, place, opened_at, risen_at, level, peak_level, closed_at) values (%s, %s, %s, %s, 2, 2, %s)",
            f"e{number}", f"p{number}", minute(-3000), minute(-3000), closed,
        )  # fmt: skip
        world.run("insert into event_code values ('deputy', %s, %s, %s)", f"e{number}", number, AT)
    look(world, 5)

    assert world.run("select code from notification where step = 'call'") == [(12,)]


def test_whose_codes_are_all_given_is_called_without_one(world: World) -> None:
    world.changes(rises())
    for number in range(10, 100):
        world.run(
            "insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, %s, %s, %s, 1, 1)",
            f"e{number}", f"p{number}", AT, AT,
        )  # fmt: skip
        world.run("insert into event_code values ('deputy', %s, %s, %s)", f"e{number}", number, AT)
    look(world, 5)

    ((code, text),) = world.run("select code, sms_text from notification where step = 'call'")
    assert code is None
    assert "Tra loi" not in text


def test_a_contact_that_the_configuration_has_forgotten_stops_nobody_else(world: World) -> None:
    world.changes(rises())
    look(world, 5)
    world.sends()
    people = [one for one in world.commune.contacts if one.id != "deputy"]
    world.commune = msgspec.structs.replace(world.commune, contacts=people)
    look(world, 10)
    world.changes(OVER, at=12)
    look(world, 12)

    assert ("call", "chair") in world.messages()
    assert ("over", "deputy") in world.steps()


# --- the loop ---------------------------------------------------------------------------------------------------------


async def runs(ladder: Attending, until: Any) -> None:
    """Let it run until `until` holds, then stop it."""
    stopping = asyncio.Event()
    running = asyncio.create_task(ladder.run(stopping))
    try:
        await asyncio.to_thread(eventually, until, alive=lambda: not running.done())
    finally:
        stopping.set()
        await running


def test_on_the_wall_clock_it_looks_by_itself(world: World) -> None:
    world.commune = commune(Ladder([3], [Rung(0, [ROLES["deputy"]])]))
    world.changes(rises())

    async def story() -> None:
        async with attending(world, lambda: minute(0)) as ladder:
            await runs(ladder, lambda: world.messages() == [("call", "deputy")])

    asyncio.run(story())


def test_a_play_is_looked_at_when_it_asks_and_up_to_where_it_asks(
    world: World, admin: str, tmp_path: Path
) -> None:
    """The clock of the play is far ahead: nobody is called before the play says that all up to a moment has come through."""
    world.changes(rises())
    clock = Played(tmp_path / "clock")
    clock.move(AT, minute(600), minute(600), 1.0)
    db = connect(psycopg.conninfo.make_conninfo(admin))
    follower = LadderFollower(db)
    seen: list[list[tuple[Any, ...]]] = []

    def step(at: datetime, alive: Callable[[], bool]) -> None:
        eventually(lambda: follower.behind(at) is None, alive=alive)
        seen.append(world.messages())

    async def story() -> None:
        async with attending(world, clock) as ladder:
            stopping = asyncio.Event()
            running = asyncio.create_task(ladder.run(stopping))
            for number in (4, 5, 10):
                await asyncio.to_thread(step, minute(number), lambda: not running.done())
            stopping.set()
            await running

    asyncio.run(story())
    db.close()

    assert [len(messages) for messages in seen] == [0, 2, 4]
    assert world.run("select at from attended") == [(minute(10),)]


def test_the_process_delivery_attends_to_what_is_open(stack: Settings, tmp_path: Path, admin: str) -> None:
    """With the example commune: a level 3 at Phú Ốc since six minutes, and nobody has answered."""
    own = beside(stack, tmp_path, admin)
    world = World(own.dsn("writer"), load(own.commune))
    world.changes(rises())
    world.run(
        "update event set risen_at = now() - interval '6 minutes', opened_at = now() - interval '6 minutes'"
    )
    called = "select 1 from event_step where step = 'called' and contact = 'deputy-la-van-ha'"

    async def story() -> None:
        process = asyncio.create_task(deliver(own))
        await asyncio.to_thread(eventually, lambda: world.run(called), alive=lambda: not process.done())
        signal.raise_signal(signal.SIGTERM)
        await process

    asyncio.run(story())


def test_where_history_is_replayed_nobody_is_called(world: World) -> None:
    async def story(ladder: Attending) -> None:
        await ladder.run(asyncio.Event())  # not stopped: it returns by itself

    with_ladder(world, story)


def test_a_configuration_that_cannot_be_read_stops_no_message(
    world: World, tmp_path: Path, stack: Settings
) -> None:
    (tmp_path / "routing.yaml").write_text("routing: {ladders: 7}\n", encoding="utf-8")

    async def story() -> Attending | None:
        async with attending(world) as ladder:
            return made_of(stack.model_copy(update={"commune": tmp_path}), ladder._pool)

    assert asyncio.run(story()) is None
