"""The ledger and the month in the real store: prices of every attempt, receipts that know only the gateway's id, told once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from connectors.clock import VIETNAM, system
from connectors.timescale import outbox, reference, spending
from connectors.timescale.receipts import apply_receipt
from flows.spending import Spending
from models.alerting.delivery import Step
from models.alerting.receipt import Outcome, Receipt
from models.alerting.sending import Answer, Sent
from models.catalogue.channels import Channel
from models.commune.configuration import Commune
from models.commune.routing import Budget, Routing
from tests.messages import contact, place
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

PLACE = place(
    [
        contact("an", channels=[Channel.SMS, Channel.ZALO]),
        contact("room", role="trực ban", channels=[Channel.SMS, Channel.MAIL]),
    ]
)
BUDGET = Budget(1000, 0.8, {Channel.ZALO: 300}, ["trực ban"])
COMMUNE: Commune = msgspec.structs.replace(PLACE, routing=Routing(budget=BUDGET))
Db = psycopg.AsyncConnection[Any]
NOON, NIGHT = (datetime(2025, 11, 1, hour, tzinfo=VIETNAM) for hour in (12, 2))


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The writer's DSN on a store that knows the commune."""
    with empty_store(server_dsn, secrets, "test_spending") as admin:
        reference.load(admin, COMMUNE)
        yield as_role(admin, secrets, "writer")


def do(dsn: str, work: Callable[[Db], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            return await work(db)

    return asyncio.run(inside())


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


def message(dsn: str, name: str, contact_id: str = "an", level: int = 2, **changed: Any) -> None:
    values: dict[str, Any] = {"channels": ["sms", "zalo"], "text": "CANH BAO"} | changed
    with psycopg.connect(dsn) as connection:
        connection.execute(
            """insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data)
               values (%s, %s, 1, %s, 'river', %s, %s, %s, %s, 'river_rise', '{}')""",
            [name, f"alert-{name}", contact_id, level, values["channels"], values["channels"][0], values["text"]],
        )  # fmt: skip


def sent(dsn: str, sent_as: Sent, channel: str = "sms") -> None:
    """The first that is due goes by its channel, and this is the answer."""

    async def story(db: Db) -> None:
        for one in await outbox.claim(db, 1, channel):
            await outbox.begin_attempts(db, [one])
            await outbox.finish(db, [outbox.Answered(one, sent_as, Step("sent", one.channel, system(), ""))])

    do(dsn, story)


def test_a_price_in_the_answer_and_one_in_the_receipt_are_that_of_the_attempt(dsn: str) -> None:
    message(dsn, "a")
    sent(dsn, Sent(Answer.SENT, "100", "", "id-1", 250))
    message(dsn, "b")
    sent(dsn, Sent(Answer.SENT, "100", "", "id-2"))
    told = Receipt(1, "sms", 0, system(), "b", "id-2", Outcome.DELIVERED, 500, "")
    do(dsn, lambda db: apply_receipt(db, told))

    assert rows(dsn, "select notification, price_vnd from attempt order by 1") == [("a", 250), ("b", 500)]


def test_a_message_that_went_by_two_ways_costs_both_and_what_nobody_told_is_reckoned(dsn: str) -> None:
    message(dsn, "a", channels=["zalo", "sms"])
    sent(dsn, Sent(Answer.SENT, "0", "", "z-1"), "zalo")

    async def falls_back(db: Db) -> None:
        await db.execute("update notification set state = 'pending', channel = 'sms', next_at = now()")

    do(dsn, falls_back)
    sent(dsn, Sent(Answer.SENT, "100", "", "id-1", 500))

    assert rows(dsn, "select channel, price_vnd, reckoned from message_ledger") == [("sms", 800, True)]
    assert rows(dsn, "select spent_vnd from message_month") == [(800,)]


@pytest.mark.parametrize("answer", [Answer.RETRY, Answer.REFUSED])
def test_what_was_not_taken_costs_nothing(dsn: str, answer: Answer) -> None:
    message(dsn, "a", channels=["zalo"])
    sent(dsn, Sent(answer, "1", "no"), "zalo")

    assert rows(dsn, "select spent_vnd from message_month") == [(0,)]


def test_what_the_month_before_cost_does_not_count(dsn: str) -> None:
    message(dsn, "a")
    sent(dsn, Sent(Answer.SENT, "100", "", "id-1", 700))
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "update attempt set started_at = date_trunc('month', now() at time zone 'Asia/Ho_Chi_Minh') at time zone 'Asia/Ho_Chi_Minh'"
            " - interval '1 second'"
        )

    assert rows(dsn, "select spent_vnd from message_month") == [(0,)]


def test_a_receipt_that_knows_only_the_gateways_id_finds_its_message(dsn: str) -> None:
    message(dsn, "a", channels=["speedsms"])
    sent(dsn, Sent(Answer.SENT, "00", "", "7"), "speedsms")
    known = Receipt(1, "speedsms", 0, system(), "", "7", Outcome.DELIVERED, None, "")
    others = [("speedsms", "8"), ("sms", "7")]

    assert do(dsn, lambda db: apply_receipt(db, known))
    for source, name in others:
        stranger = msgspec.structs.replace(known, source=source, message=name)
        assert not do(dsn, lambda db, one=stranger: apply_receipt(db, one))
    assert rows(dsn, "select state from notification") == [("delivered",)]


def test_the_ledger_holds_no_link_because_it_is_a_persons_own(dsn: str, secrets: dict[str, str]) -> None:
    message(dsn, "a", text="CANH BAO. Xem https://phusa.example/e/abc123 Tra loi 12 1")
    reader = dsn.replace("phusa_writer", "phusa_reader").replace(secrets["writer"], secrets["reader"])

    assert rows(reader, "select text from phusa.message_ledger") == [("CANH BAO. Xem … Tra loi 12 1",)]


def test_messages_are_chosen_by_contact_time_and_number(dsn: str) -> None:
    message(dsn, "a")
    message(dsn, "b", "room")
    message(dsn, "c")
    with psycopg.connect(dsn) as connection:
        # What is no message of its own is no line of the ledger's list.
        connection.execute(
            "update notification set state = 'muted', stage = 'easing', reason = '' where id = 'c'"
        )
        later = system() + timedelta(hours=1)
        chosen = [
            spending.ledger(connection, None, None, None, 50),
            spending.ledger(connection, None, None, "room", 50),
            spending.ledger(connection, None, later, None, 50),
            spending.ledger(connection, 1, None, None, 50),
            spending.ledger(connection, None, None, None, 1),
        ]

    assert [len(found) for found in chosen] == [2, 1, 0, 0, 1]


def look(dsn: str, now: datetime) -> None:
    async def inside() -> None:
        async with AsyncConnectionPool(dsn, min_size=1, open=False, kwargs={"autocommit": True}) as pool:
            own = Spending(COMMUNE, pool, lambda: now)
            await own.look()
            async with pool.connection() as db:
                await own.save(db, "sms")

    asyncio.run(inside())


def test_the_duty_room_is_told_once_when_it_warns_and_once_when_it_is_spent(dsn: str) -> None:
    story = []
    for price in (700, 100, 100, 100):
        message(dsn, f"m{price}-{len(story)}")
        sent(dsn, Sent(Answer.SENT, "100", "", None, price))
        look(dsn, NOON)
        story.append(rows(dsn, "select count(*) from notification where alert like 'budget:%'")[0][0])

    assert story == [0, 1, 1, 2]
    # The cheapest way of the contact: mail costs nothing.
    told = "select distinct contact, channel from notification where alert like 'budget:%'"
    assert rows(dsn, told) == [("room", "mail")]
    assert rows(dsn, "select what from audit order by id") == [("budget_warned",), ("budget_spent",)]


SPENT = {
    "a light message by day": (2, NOON, ["zalo", "sms"]),
    "its end": (0, NOON, ["zalo", "sms"]),
    "a message of level 3": (3, NOON, ["sms", "zalo"]),
    "above it": (4, NOON, ["sms", "zalo"]),
    "a light message at night": (2, NIGHT, ["sms", "zalo"]),
}


@pytest.mark.parametrize(("level", "now", "channels"), SPENT.values(), ids=SPENT.keys())
def test_when_all_is_spent_light_news_goes_the_cheap_way_first_by_day(
    dsn: str, level: int, now: datetime, channels: list[str]
) -> None:
    message(dsn, "dear")
    sent(dsn, Sent(Answer.SENT, "100", "", None, 1000))
    message(dsn, "next", level=level)
    look(dsn, now.astimezone(UTC))

    assert rows(dsn, "select channels, channel from notification where id = 'next'") == [
        (channels, channels[0])
    ]


def test_what_a_gateway_was_asked_for_keeps_its_order(dsn: str) -> None:
    message(dsn, "dear")
    sent(dsn, Sent(Answer.SENT, "100", "", None, 1000))
    message(dsn, "next")
    with psycopg.connect(dsn) as connection:
        connection.execute("update notification set attempts = 1 where id = 'next'")
    look(dsn, NOON)

    assert rows(dsn, "select channel from notification where id = 'next'") == [("sms",)]
