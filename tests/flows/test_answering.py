"""The whole way of an answer: a phone, the service's call, Kafka, the store; and what is left of it when the sender is killed on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest
from confluent_kafka import Message
from psycopg_pool import AsyncConnectionPool

from connectors.kafka import receipts
from connectors.settings import Settings
from connectors.ways import open_receipts, open_replies
from connectors.webhook.server import Refusal, application
from flows.hearing import Hearing
from models.alerting.incoming import incoming
from models.envelope.rejected import Reason
from tests import answering
from tests.answering import event, rows
from tests.gateways import eventually, gateway, own_settings, serving
from tests.messages import AT
from tests.resting import resting
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

WHO = "head-la-van-ha"


@pytest.fixture(scope="module", autouse=True)
def alone(stack: Settings) -> Iterator[None]:
    """What comes back on Kafka is read here, not by a delivery that runs."""
    with resting(stack, "delivery"):
        yield


@pytest.fixture(scope="module")
def store(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """A store for all of this module's tests; the DSN of its administrator."""
    with empty_store(server_dsn, secrets, "test_answering") as admin:
        yield admin


@pytest.fixture
def dsn(store: str, secrets: dict[str, str]) -> str:
    """The writer's DSN on the store emptied, which knows one contact."""
    with psycopg.connect(store) as db:
        db.execute("truncate event, alert, alert_change, notification, answer, audit, contact cascade")
    own = as_role(store, secrets, "writer")
    answering.contact(own, WHO)
    return own


class Record:
    """A message of the topic as much as it is read, at an offset of its own."""

    def __init__(self, value: bytes, offset: int = 0) -> None:
        self._value, self._offset = value, 10**12 + offset

    def topic(self) -> str:
        return receipts.REPLIES

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self._offset

    def key(self) -> None:
        return None

    def value(self) -> bytes:
        return self._value


def records(*values: bytes) -> list[Any]:
    return [Record(value, offset) for offset, value in enumerate(values)]


class Heard(Hearing):
    """What a delivery hears, until it is stopped."""

    def __init__(self, stack: Settings, pool: AsyncConnectionPool) -> None:
        super().__init__(stack, pool)
        self.stopping = asyncio.Event()


async def beside(dsn: str, stack: Settings, work: Callable[[Heard], Awaitable[None]]) -> None:
    """Hear on the store."""
    async with AsyncConnectionPool(
        dsn, min_size=1, max_size=4, open=False, kwargs={"autocommit": True}
    ) as pool:
        await work(Heard(stack, pool))


async def until(question: Callable[[], object], following: asyncio.Task[None]) -> None:
    """Wait for the answer that is true, as long as the topics are followed."""
    await asyncio.to_thread(eventually, question, alive=lambda: not following.done())


def answered(dsn: str, *keys: str) -> list[tuple[Any, ...]]:
    """The answers of these keys: contact, way, kind; for each, in their order."""
    with psycopg.connect(dsn) as db:
        return db.execute(
            "select contact, way, kind from answer where key = any(%s) order by array_position(%s, key)",
            [list(keys), list(keys)],
        ).fetchall()


def test_what_people_write_on_their_phones_reaches_the_store(
    dsn: str, stack: Settings, tmp_path: Path
) -> None:
    """By SMS, by Zalo, and of a stranger; the second call of a service that was not sure changes nothing."""
    event(dsn, {WHO: 12})
    settings = own_settings(tmp_path)
    log = receipts.ReceiptLog(stack.bootstrap)
    said = [
        {"contact": WHO, "channel": "sms", "text": "12 1", "id": "w1"},
        {"contact": WHO, "channel": "zalo", "text": "Cần giúp!", "id": "w2"},
        {"contact": "", "channel": "sms", "text": "12 1", "id": "w3"},
        {"contact": WHO, "channel": "sms", "text": "12 1", "id": "w1"},
    ]

    async def story(own: Heard) -> None:
        routes = [*open_receipts(settings), *open_replies(settings)]
        with (
            serving(application(routes, log.put, own.refuse), settings.receipts_port),
            gateway(settings) as phones,
        ):
            for one in said:
                told = await asyncio.to_thread(httpx.post, f"{phones}/_answer", json=one, timeout=60)
                assert told.status_code == 200
        following = asyncio.create_task(receipts.follow(stack.bootstrap, own.apply, own.stopping))
        await until(lambda: len(answered(dsn, "sms:w1", "zalo:w2", "sms:w3")) == 3, following)
        own.stopping.set()
        await following

    asyncio.run(beside(dsn, stack, story))

    assert answered(dsn, "sms:w1", "zalo:w2", "sms:w3") == [
        (WHO, "sms", "taken"),
        (WHO, "zalo", "help"),
        (None, "sms", "stranger"),
    ]
    assert sorted(rows(dsn, "select step from event_step")) == [("help",), ("taken",)]
    assert sorted(rows(dsn, "select channel, state from notification where step = 'reply'")) == [
        ("sms", "pending"),
        ("zalo", "pending"),
    ]


def test_a_sender_killed_before_it_told_kafka_leaves_one_answer_and_one_reply(
    dsn: str, stack: Settings
) -> None:
    event(dsn, {WHO: 12})

    class KilledError(Exception):
        """The process is gone: its batch is stored, and Kafka was not told so."""

    async def story(own: Heard) -> None:
        await receipts.ReceiptLog(stack.bootstrap).put([incoming("sms", "k1", WHO, "12 1", AT)])
        applied = 0

        async def apply(messages: list[Message]) -> None:
            nonlocal applied
            await own.apply(messages)
            applied += sum(b'"sms:k1"' in (one.value() or b"") for one in messages)
            if applied == 1:
                raise KilledError

        with pytest.raises(KilledError):
            await receipts.follow(stack.bootstrap, apply, own.stopping)
        again = asyncio.create_task(receipts.follow(stack.bootstrap, apply, own.stopping))
        await until(lambda: applied == 2, again)
        own.stopping.set()
        await again

    asyncio.run(beside(dsn, stack, story))

    assert answered(dsn, "sms:k1") == [(WHO, "sms", "taken")]
    assert len(rows(dsn, "select from notification where step = 'reply'")) == 1
    assert len(rows(dsn, "select from event_step")) == 1


def test_a_sender_killed_within_the_store_leaves_nothing_half(dsn: str, store: str, stack: Settings) -> None:
    """The reply cannot be written, so that nothing is; when it can, all is."""
    event(dsn, {WHO: 12})
    found = records(msgspec.json.encode(incoming("sms", "h1", WHO, "12 1", AT)))

    async def story(own: Heard) -> None:
        with psycopg.connect(store) as db:
            db.execute("alter table notification add constraint broken check (step is distinct from 'reply')")
        with pytest.raises(psycopg.errors.CheckViolation):
            await own.apply(found)
        assert rows(dsn, "select key from answer union all select key from event_step") == []
        with psycopg.connect(store) as db:
            db.execute("alter table notification drop constraint broken")
        await own.apply(found)

    asyncio.run(beside(dsn, stack, story))

    assert answered(dsn, "sms:h1") == [(WHO, "sms", "taken")]
    assert len(rows(dsn, "select from notification where step = 'reply'")) == 1


def test_a_record_that_is_no_reply_is_kept_and_the_next_one_is_taken(dsn: str, stack: Settings) -> None:
    event(dsn, {WHO: 12})
    good = msgspec.json.encode(incoming("sms", "b1", WHO, "12 2", AT))
    wrong = [b"{", b'{"v":1}', b"\xff", good.replace(b"12 2", b"12\\u0000 2")]

    asyncio.run(beside(dsn, stack, lambda own: own.apply(records(*wrong, good))))

    assert answered(dsn, "sms:b1") == [(WHO, "sms", "false")]
    kept = rows(
        stack.dsn("writer"), "select payload from rejected where topic = 'replies' order by \"offset\""
    )
    assert [bytes(one) for (one,) in kept] == wrong


def test_a_refused_call_is_a_line_of_the_audit_log_without_a_number(dsn: str, stack: Settings) -> None:
    why = Refusal(
        Reason.WRONG_SIGNATURE, "sign: sai chữ ký của 0900000001", "sign: wrong signature of 0900000001"
    )

    asyncio.run(beside(dsn, stack, lambda own: own.refuse("esms-replies", b"content=12+1", why)))

    assert rows(dsn, "select source, what, contact, vi, en from audit") == [
        (
            "http:esms-replies",
            "wrong_signature",
            None,
            "Từ chối lời gọi: sign: sai chữ ký của •••",
            "A call refused: sign: wrong signature of •••",
        )
    ]
