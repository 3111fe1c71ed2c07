"""The sender over the real outbox: a channel that hangs, or is down, holds nobody but its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.settings import Settings
from connectors.timescale.alerts import AlertWriter
from connectors.zalo import client as zalo
from flows.alerts import Notifying
from flows.delivery import Delivery
from flows.sending import AT_ONCE, FOR_DANGER
from models.alerting.alert import AlertChange, Change
from models.alerting.intake import Intake
from models.alerting.sending import Answer, Order, Sent
from models.commune.configuration import Channel, Contact
from tests.gateways import eventually, own_settings, serving
from tests.messages import change, contact, place
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

SENT, AWAY = Sent(Answer.SENT, "0", "", "id"), Sent(Answer.AWAY, "no-token", "down")


class Line:
    """A channel whose messages wait until the test lets them go."""

    idempotent = False

    def __init__(self, answer: Sent = SENT, *, held: bool = False) -> None:
        self.answer, self.asked, self.under_way, self.most = answer, [], 0, 0
        self.let_go = asyncio.Event()
        if not held:
            self.let_go.set()
        self.asked: list[str]

    async def send(self, order: Order) -> Sent:
        self.asked.append(order.key)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.let_go.wait()
        self.under_way -= 1
        return self.answer

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The writer's DSN on an empty store."""
    with empty_store(server_dsn, secrets, "test_channels") as admin:
        yield as_role(admin, secrets, "writer")


def tell(dsn: str, contacts: list[Contact], *changes: AlertChange) -> None:
    start = AlertWriter(dsn, Notifying(place(contacts), 0.0), f"test-{changes[0].alert}-{changes[0].seq}")
    start.write(
        [Intake("alerts", 0, len(changes), len(changes), list(changes), list(range(len(changes))), [])]
    )
    start.close()


def run(dsn: str, stack: Settings, lines: dict[str, Any], story: Callable[[Delivery], Awaitable[Any]]) -> Any:
    """The story beside a running sender."""

    async def inside() -> Any:
        async with AsyncConnectionPool(
            dsn, min_size=2, max_size=8, open=False, kwargs={"autocommit": True}
        ) as pool:
            own = Delivery(stack, lines, pool)
            sending = asyncio.create_task(own.send())
            try:
                return await story(own)
            finally:
                own.stopping.set()
                for line in lines.values():
                    line.let_go.set()
                await sending

    return asyncio.run(inside())


async def until(dsn: str, question: str, wanted: list[tuple[Any, ...]]) -> None:
    """Wait for the store to say so; the limit only ends what never comes."""

    def says() -> bool:
        with psycopg.connect(dsn, autocommit=True) as db:
            return db.execute(question).fetchall() == wanted  # type: ignore[arg-type]  # our own words

    await asyncio.to_thread(eventually, says, 90.0)


BY_LEVEL = "select level, state, count(*)::int from notification group by 1, 2 order by 1, 2"
BY_STATE = "select channel, state, count(*)::int from notification group by 1, 2 order by 1, 2"


def test_a_channel_that_does_not_answer_holds_no_message_of_another(dsn: str, stack: Settings) -> None:
    """Forty messages hang at Zalo; the ten that go by SMS are through before a single one of them."""
    by_zalo = [contact(f"z{i:02d}", channels=[Channel.ZALO]) for i in range(40)]
    by_sms = [contact(f"s{i:02d}", channels=[Channel.SMS]) for i in range(10)]
    tell(dsn, [*by_zalo, *by_sms], change())

    async def story(_own: Delivery) -> tuple[int, int]:
        await until(dsn, "select count(*)::int from notification where state = 'sent'", [(10,)])
        return len(lines["zalo"].asked), zalo.under_way

    zalo = Line(held=True)
    lines = {"zalo": zalo, "sms": Line()}
    asked, under_way = run(dsn, stack, lines, story)

    assert (asked, under_way, zalo.most) == (AT_ONCE, AT_ONCE, AT_ONCE)
    assert len(lines["sms"].asked) == 10


def test_while_all_places_hang_an_alarm_of_level_3_is_asked_for_all_the_same(
    dsn: str, stack: Settings
) -> None:
    """More of level 2 hang at the gateway than have a place; then the alarm comes, and four of the others go no further."""
    tell(
        dsn, [contact(f"s{i:02d}", channels=[Channel.SMS]) for i in range(AT_ONCE + 4)], change(alert="slow")
    )
    alarmed = [contact(f"x{i:02d}", channels=[Channel.SMS]) for i in range(FOR_DANGER)]
    sms = Line(held=True)

    async def story(_own: Delivery) -> int:
        await until(dsn, BY_LEVEL, [(2, "pending", 4), (2, "sending", AT_ONCE)])
        await asyncio.to_thread(tell, dsn, alarmed, change(level=3, value=4.8, limit=4.5))
        await until(dsn, BY_LEVEL, [(2, "pending", 4), (2, "sending", AT_ONCE), (3, "sending", FOR_DANGER)])
        return sms.under_way

    assert run(dsn, stack, {"zalo": Line(), "sms": sms}, story) == AT_ONCE + FOR_DANGER


def test_a_message_that_hangs_leaves_the_other_places_of_its_own_channel_free(
    dsn: str, stack: Settings
) -> None:
    """One of its places hangs; the fifty behind it go."""

    class OneHangs(Line):
        async def send(self, order: Order) -> Sent:
            self.asked.append(order.key)
            if len(self.asked) == 1:
                await self.let_go.wait()
            return self.answer

    tell(dsn, [contact(f"z{i:02d}", channels=[Channel.ZALO]) for i in range(51)], change())
    lines = {"zalo": OneHangs(held=True), "sms": Line()}

    async def story(_own: Delivery) -> None:
        await until(dsn, BY_STATE, [("zalo", "sending", 1), ("zalo", "sent", 50)])

    run(dsn, stack, lines, story)


def test_what_rises_takes_the_next_channel_at_once_when_its_channel_is_down(
    dsn: str, stack: Settings
) -> None:
    """One try at Zalo, one SMS; nothing waits in between (the old way took five tries, or 753 s)."""
    tell(dsn, [contact(f"c{i}") for i in range(9)], change(level=3, value=4.8, limit=4.5))
    lines = {"zalo": Line(AWAY), "sms": Line()}

    async def story(_own: Delivery) -> None:
        await until(dsn, BY_STATE, [("sms", "sent", 9)])
        tries = "select channel, answer, count(*)::int from attempt group by 1, 2 order by 1, 2"
        await until(dsn, tries, [("sms", "sent", 9), ("zalo", "away", 9)])

    run(dsn, stack, lines, story)
    assert (len(lines["zalo"].asked), len(lines["sms"].asked)) == (9, 9)


def test_a_flood_warning_is_sent_by_sms_while_zalos_token_endpoint_still_does_not_answer(
    dsn: str, stack: Settings, tmp_path: Path
) -> None:
    """The real client of Zalo: level 3 for nine heads, one question for a token, nine SMS before its answer."""
    own = own_settings(tmp_path).model_copy(update={"token_wait_s": 0.05})
    heads = [contact(name) for name in json.loads((own.secrets_dir / "contacts.json").read_text())][:9]
    token_file = own.secrets_dir / "zalo_token.json"
    old = json.loads(token_file.read_text()) | {"expires_at": "2020-01-01T00:00:00+00:00"}
    token_file.write_text(json.dumps(old))
    tell(dsn, heads, change(level=3, value=4.8, limit=4.5))
    let_go, asked = threading.Event(), []

    async def token(request: Request) -> Response:
        asked.append((await request.body()).decode())
        await asyncio.to_thread(let_go.wait)
        return JSONResponse({"access_token": "a", "refresh_token": "r", "expires_in": "90000"})

    async def story(_own: Delivery) -> str:
        try:
            await until(dsn, BY_STATE, [("sms", "sent", len(heads))])
            return token_file.read_text()
        finally:
            let_go.set()

    class Zalo(Line):
        """Opened where the loop is."""

        async def send(self, order: Order) -> Sent:
            self.real = getattr(self, "real", None) or zalo.open_sender(own)
            return await self.real.send(order)

        async def close(self) -> None:
            await self.real.close()

    app = Starlette(routes=[Route("/{rest:path}", token, methods=["POST"])])
    with serving(app, own.gateway_port):
        lines = {"zalo": Zalo(), "sms": Line()}

        async def and_close(delivery: Delivery) -> str:
            found = await story(delivery)
            await lines["zalo"].close()
            return found

        held = run(dsn, stack, lines, and_close)

    assert json.loads(held) == old
    assert len(asked) == 1
    assert len(lines["sms"].asked) == len(heads)
    assert json.loads(token_file.read_text())["refresh_token"] == "r"


def test_what_is_over_waits_for_its_channel(dsn: str, stack: Settings) -> None:
    raised = change()
    tell(dsn, [contact("an")], raised)
    lines = {"zalo": Line(), "sms": Line()}

    async def told(_own: Delivery) -> None:
        await until(dsn, BY_STATE, [("zalo", "sent", 1)])

    run(dsn, stack, lines, told)
    tell(dsn, [contact("an")], change(seq=2, change=Change.CLEAR, level=0, previous=2))
    lines = {"zalo": Line(AWAY), "sms": Line()}

    async def story(_own: Delivery) -> None:
        await until(dsn, "select count(*)::int from attempt where answer = 'away'", [(2,)])
        lines["zalo"].answer = SENT
        await until(dsn, BY_STATE, [("zalo", "sent", 2)])

    run(dsn, stack, lines, story)
    assert lines["sms"].asked == []


def test_stopping_waits_for_what_is_under_way(dsn: str, stack: Settings) -> None:
    tell(dsn, [contact("an", channels=[Channel.ZALO])], change())
    zalo = Line(held=True)

    async def story(own: Delivery) -> None:
        await until(dsn, "select count(*)::int from attempt", [(1,)])
        own.stopping.set()

    run(dsn, stack, {"zalo": zalo, "sms": Line()}, story)
    with psycopg.connect(dsn) as connection:
        assert connection.execute("select state from notification").fetchall() == [("sent",)]


def test_an_attempt_is_in_the_store_before_its_gateway_is_called(dsn: str, stack: Settings) -> None:
    class Looks(Line):
        async def send(self, order: Order) -> Sent:
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
                cursor = await db.execute(
                    "select answer from attempt where notification = %s and key = %s", [order.key, order.key]
                )
                noted.append(await cursor.fetchall())
            return await super().send(order)

    noted: list[list[tuple[Any, ...]]] = []
    tell(dsn, [contact(f"s{i:02d}", channels=[Channel.SMS]) for i in range(5)], change())
    lines = {"zalo": Line(), "sms": Looks()}

    async def story(_own: Delivery) -> None:
        await until(dsn, BY_STATE, [("sms", "sent", 5)])

    run(dsn, stack, lines, story)
    assert noted == [[(None,)]] * 5


def test_the_worst_level_goes_first_whatever_came_first(dsn: str, stack: Settings) -> None:
    tell(dsn, [contact(f"s{i:02d}", channels=[Channel.SMS]) for i in range(2 * AT_ONCE)], change(level=1))
    with psycopg.connect(dsn) as db:
        db.execute("update notification set level = 3, next_at = next_at + interval '1 microsecond' where contact >= %s", [f"s{AT_ONCE:02d}"])  # fmt: skip
    lines = {"zalo": Line(), "sms": Line()}

    async def story(_own: Delivery) -> None:
        await until(dsn, BY_STATE, [("sms", "sent", 2 * AT_ONCE)])

    run(dsn, stack, lines, story)
    with psycopg.connect(dsn) as db:
        level = dict(db.execute("select id, level from notification").fetchall())
    assert [level[key] for key in lines["sms"].asked] == [3] * AT_ONCE + [1] * AT_ONCE


def test_a_gateway_that_says_too_fast_is_asked_more_slowly_and_the_message_is_asked_again(
    dsn: str, stack: Settings
) -> None:
    class Limited(Line):
        async def send(self, order: Order) -> Sent:
            self.asked.append(order.key)
            return Sent(Answer.RETRY, "HTTP 429", "busy") if len(self.asked) == 1 else SENT

    tell(dsn, [contact("an", channels=[Channel.SMS])], change())
    lines = {"zalo": Line(), "sms": Limited()}

    async def story(own: Delivery) -> tuple[int, int]:
        await until(dsn, "select count(*)::int from attempt where answer = 'retry'", [(1,)])
        now_s = asyncio.get_running_loop().time()
        rooms = own._lines["zalo"]._pace.room(now_s), own._lines["sms"]._pace.room(now_s)
        await until(dsn, BY_STATE, [("sms", "sent", 1)])
        return rooms

    zalo, sms = run(dsn, stack, lines, story)
    assert sms < zalo
    assert len(lines["sms"].asked) == 2
