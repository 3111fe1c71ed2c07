"""The outbox in the real store: order, one sender, receipts before and after the answer."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from connectors.clock import system
from connectors.timescale import outbox
from connectors.timescale.alerts import AlertWriter
from connectors.timescale.receipts import apply_receipt
from flows.alerts import Notifying
from models.alerting.alert import AlertChange, Change
from models.alerting.delivery import Step
from models.alerting.intake import Intake
from models.alerting.receipt import Outcome, Receipt
from models.alerting.sending import Answer, Sent
from tests.gateways import eventually
from tests.messages import change, contact, place
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

COMMUNE = place([contact("an"), contact("binh")])
Db = psycopg.AsyncConnection[Any]


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The writer's DSN on an empty store."""
    with empty_store(server_dsn, secrets, "test_outbox") as admin:
        yield as_role(admin, secrets, "writer")


def tell(dsn: str, *changes: AlertChange) -> None:
    start = AlertWriter(dsn, Notifying(COMMUNE, 0.0), f"test-{changes[0].seq}")
    start.write(
        [Intake("alerts", 0, len(changes), len(changes), list(changes), list(range(len(changes))), [])]
    )
    start.close()


def do(dsn: str, work: Callable[[Db], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            return await work(db)

    return asyncio.run(inside())


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


async def answered(db: Db, claimed: outbox.Claimed, sent: Sent, state: str, channel: str = "zalo") -> None:
    await outbox.begin_attempts(db, [claimed])
    await outbox.finish(db, [outbox.Answered(claimed, sent, Step(state, channel, system(), ""))])


SENT = Sent(Answer.SENT, "0", "", "id-1")


def receipt(claimed: outbox.Claimed, outcome: Outcome, source: str = "zalo") -> Receipt:
    return Receipt(1, source, 0, system(), claimed.notification, "id-1", outcome, 300, "blocked")


def test_two_claims_never_get_the_same_notification(dsn: str) -> None:
    tell(dsn, change())
    first = do(dsn, lambda db: outbox.claim(db, 1))
    second = do(dsn, lambda db: outbox.claim(db, 10))

    assert {one.contact for one in first} | {one.contact for one in second} == {"an", "binh"}
    assert len(first) + len(second) == 2


def test_news_of_an_alert_waits_for_the_news_before_it(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> list[list[int]]:
        first = await outbox.claim(db, 10)
        await asyncio.to_thread(tell, dsn, change(seq=2, change=Change.CLEAR, level=0, previous=2))
        blocked = await outbox.claim(db, 10)
        for one in first:
            await answered(db, one, SENT, "sent")
        after = await outbox.claim(db, 10)
        return [[one.level for one in found] for found in (first, blocked, after)]

    assert do(dsn, story) == [[2, 2], [], [0, 0]]


def test_what_failed_and_was_overtaken_is_given_up_by_name(dsn: str) -> None:
    tell(dsn, change())

    async def fails(db: Db) -> None:
        for one in await outbox.claim(db, 10):
            await answered(db, one, Sent(Answer.RETRY, "503", "busy"), "pending")

    do(dsn, fails)
    tell(dsn, change(seq=2, change=Change.CLEAR, level=0, previous=2))
    claimed = do(dsn, lambda db: outbox.claim(db, 10))

    assert [one.level for one in claimed] == [0, 0]
    assert set(rows(dsn, "select state, reason from notification where seq = 1")) == {
        ("expired", outbox.OVERTAKEN)
    }


def test_a_warning_of_yesterday_is_not_sent_any_more(dsn: str) -> None:
    tell(dsn, change())
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "update notification set created_at = now() - interval '7 hours' where contact = 'an'"
        )

    assert [one.contact for one in do(dsn, lambda db: outbox.claim(db, 10))] == ["binh"]
    assert rows(dsn, "select state from notification where contact = 'an'") == [("expired",)]


def test_a_receipt_that_overtakes_the_answer_wins(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> None:
        one = (await outbox.claim(db, 1))[0]
        await outbox.begin_attempts(db, [one])
        assert await apply_receipt(db, receipt(one, Outcome.DELIVERED))
        await outbox.finish(db, [outbox.Answered(one, SENT, Step("sent", "zalo", system(), ""))])

    do(dsn, story)
    assert ("delivered", 300) in rows(dsn, "select state, price_vnd from notification")


def test_a_receipt_that_comes_twice_changes_nothing(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> list[Any]:
        one = (await outbox.claim(db, 1))[0]
        await answered(db, one, SENT, "sent")
        found = []
        for late in (0, 60):
            told = msgspec.structs.replace(
                receipt(one, Outcome.DELIVERED), at=system() + timedelta(seconds=late)
            )
            await apply_receipt(db, told)
            found.append(
                await (await db.execute("select delivered_at from notification order by id")).fetchall()
            )
        return found

    first, again = do(dsn, story)
    assert first == again


def test_a_receipt_that_says_failed_is_due_at_once_with_its_reason(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> list[outbox.Claimed]:
        one = (await outbox.claim(db, 1))[0]
        await answered(db, one, SENT, "sent")
        assert await outbox.overdue(db, 60) == []
        await apply_receipt(db, receipt(one, Outcome.FAILED))
        return await outbox.overdue(db, 60)

    (found,) = do(dsn, story)
    assert (found.state, found.failed) == ("sent", "blocked")


def test_a_late_word_of_the_channel_before_does_not_touch_the_one_now(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> list[outbox.Claimed]:
        one = (await outbox.claim(db, 1))[0]
        await answered(db, one, SENT, "sent", channel="sms")
        await apply_receipt(db, receipt(one, Outcome.FAILED, source="zalo"))
        return await outbox.overdue(db, 60)

    assert do(dsn, story) == []


def test_a_dead_senders_hands_are_known(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> list[tuple[bool, str | None]]:
        asked, held = await outbox.claim(db, 2)
        await outbox.begin_attempts(db, [asked])
        assert held.tries == 0
        return sorted((one.asked, one.last) for one in await outbox.orphans(db))

    assert do(dsn, story) == [(False, None), (True, None)]


def test_a_receipt_for_nobody_is_told_so(dsn: str) -> None:
    tell(dsn, change())
    ghost = Receipt(1, "zalo", 0, system(), "ghost", "", Outcome.DELIVERED, None, "")

    assert do(dsn, lambda db: apply_receipt(db, ghost)) is False


def test_only_one_sender_at_a_time(dsn: str) -> None:
    async def story() -> bool:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as first:
            await outbox.be_the_only_sender(first)
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as second:
                waiting = asyncio.create_task(outbox.be_the_only_sender(second))
                await asyncio.sleep(0.3)
                blocked = not waiting.done()
                await first.close()
                await asyncio.wait_for(waiting, 5)
                return blocked

    assert asyncio.run(story())


def test_what_waits_is_merged_by_name_and_what_a_sender_holds_is_not(dsn: str) -> None:
    tell(dsn, change())
    first = do(dsn, lambda db: outbox.claim(db, 1))
    tell(dsn, change(seq=2, change=Change.WORSE, level=3, previous=2, value=4.8, limit=4.5))
    waiting = do(dsn, lambda db: outbox.claim(db, 10))

    assert len(first) == 1
    # Who holds the first message gets the second after it; the other gets one message with the newest state.
    assert [(one.contact, one.level) for one in waiting] == [
        (one, 3) for one in ("an", "binh") if one != first[0].contact
    ]
    merged = "select contact, stage, merged_into is not null from notification where state = 'merged'"
    assert rows(dsn, merged) == [(waiting[0].contact, "merged", True)]


def test_a_writer_waits_for_a_sender_that_claims_and_then_tells_anew(dsn: str) -> None:
    """Both at once: what the sender has taken is sent, and the newer news is a message of its own."""
    tell(dsn, change())
    waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%attempts = 0%for update%'"
    with psycopg.connect(dsn) as sender, concurrent.futures.ThreadPoolExecutor() as pool:
        sender.execute("update notification set state = 'sending', claimed_at = now()")
        writing = pool.submit(tell, dsn, change(seq=2, change=Change.WORSE, level=3, previous=2))
        eventually(lambda: rows(dsn, waits))
        sender.commit()
        writing.result(30)

    assert sorted(rows(dsn, "select seq, state from notification")) == [
        (1, "sending"), (1, "sending"), (2, "pending"), (2, "pending"),
    ]  # fmt: skip


def sent(dsn: str) -> list[int]:
    """All that is due goes out; the levels."""

    async def story(db: Db) -> list[int]:
        claimed = await outbox.claim(db, 10)
        for one in claimed:
            await answered(db, one, SENT, "sent")
        return [one.level for one in claimed]

    found: list[int] = do(dsn, story)
    return found


def test_a_message_of_the_release_before_is_known(dsn: str) -> None:
    """Rows that stood before the migration have no place; their alert is enough to tell its end."""
    tell(dsn, change())
    assert sent(dsn) == [2, 2]
    with psycopg.connect(dsn) as connection:
        connection.execute("update notification set place = null")
    tell(dsn, change(seq=2, change=Change.CLEAR, level=0, previous=2))

    assert sent(dsn) == [0, 0]


def test_what_is_told_and_over_is_looked_at_no_more(dsn: str) -> None:
    for i in range(3):
        for seq, (level, previous) in enumerate([(2, 0), (0, 2)], 1 + 2 * i):
            verb = Change.RAISE if level else Change.CLEAR
            tell(dsn, change(alert=f"river:{i}", seq=seq, change=verb, level=level, previous=previous))
            assert sent(dsn) == [level, level]

    assert rows(dsn, "select distinct alert from notification where not done") == [("river:2",)]


def test_a_claim_takes_the_worst_level_first(dsn: str) -> None:
    tell(dsn, change())
    with psycopg.connect(dsn) as connection:
        connection.execute("update notification set level = 3 where contact = 'binh'")

    async def story(db: Db) -> list[str]:
        return [one.contact for _ in range(2) for one in await outbox.claim(db, 1, "zalo")]

    assert do(dsn, story) == ["binh", "an"]


def test_of_what_one_claim_takes_the_worst_level_stands_first(dsn: str) -> None:
    tell(dsn, change())
    with psycopg.connect(dsn) as connection:
        connection.execute("update notification set level = 3 where contact = 'binh'")

    assert [one.contact for one in do(dsn, lambda db: outbox.claim(db, 10))] == ["binh", "an"]


def test_only_channels_with_something_due_are_named(dsn: str) -> None:
    tell(dsn, change())

    async def story(db: Db) -> list[list[str]]:
        before = await outbox.due(db, ["sms", "zalo", "none"])
        await outbox.claim(db, 10)
        return [before, await outbox.due(db, ["sms", "zalo", "none"])]

    assert do(dsn, story) == [["zalo"], []]
