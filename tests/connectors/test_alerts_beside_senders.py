"""The alerts flow's store beside senders that take messages at the same time: nothing is told twice, nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import psycopg
import pytest

from connectors.clock import system
from connectors.timescale import outbox
from connectors.timescale.alerts import AlertWriter
from flows.alerts import Notifying
from models.alerting.alert import AlertChange, Kind
from models.alerting.delivery import Step
from models.alerting.intake import Intake
from models.alerting.outbox import Arrived, Lookup, Outgoing, Stages
from models.alerting.sending import Answer, Sent
from tests.gateways import eventually
from tests.store import as_role, empty_store
from tests.stories.alerts import FARM, HEAD, commune, contact, fish, river

pytestmark = pytest.mark.integration

PLACE = commune(FARM)
CODES = ["dissolved_oxygen", "nh3", "ph", "water_temperature", "turbidity", "conductivity"]
SENT = Sent(Answer.SENT, "0", "", "id-1")


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The writer's DSN on an empty store."""
    with empty_store(server_dsn, secrets, "test_beside_senders") as admin:
        yield as_role(admin, secrets, "writer")


def write(dsn: str, stages: Stages, *changes: AlertChange, first: int = 0) -> None:
    """One batch of the flow, from offset `first`."""
    end = first + len(changes)
    writer = AlertWriter(dsn, stages)
    writer.write([Intake("alerts", 0, end, len(changes), list(changes), list(range(first, end)), [])])
    writer.close()


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


async def take(dsn: str) -> list[outbox.Claimed]:
    """What a sender takes that looks now."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
        return await outbox.claim(db, 100)


STATES = "select alert, state, shown from notification order by created_at, alert"
WAITS = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


def test_a_message_that_a_sender_is_taking_is_waited_for_and_not_merged(dsn: str) -> None:
    write(dsn, Notifying(PLACE), fish("nh3", "nh3").goes(1, 0))

    async def story() -> list[outbox.Claimed]:
        async with await psycopg.AsyncConnection.connect(dsn) as sender:
            taken = await outbox.claim(sender, 100)
            writing = asyncio.create_task(
                asyncio.to_thread(write, dsn, Notifying(PLACE), fish("ph", "ph").goes(1, 0), first=1)
            )
            # The claim is not committed: nobody knows yet whether the message was taken.
            await asyncio.to_thread(eventually, lambda: rows(dsn, WAITS) == [(1,)])
            await sender.commit()
            await writing
            return taken

    assert [message.alert for message in asyncio.run(story())] == ["nh3:1"]
    assert rows(dsn, STATES) == [("nh3:1", "sending", ["nh3:1"]), ("ph:1", "pending", ["ph:1"])]


class SenderBetween(Notifying):
    """A sender looks between the decision and the store."""

    def __init__(self, dsn: str) -> None:
        super().__init__(PLACE)
        self._dsn, self.taken = dsn, list[outbox.Claimed]()

    def notify(self, arrived: Sequence[Arrived], store: Lookup, now: datetime) -> Outgoing:
        outgoing = super().notify(arrived, store, now)
        with ThreadPoolExecutor(1) as pool:
            self.taken += pool.submit(lambda: asyncio.run(take(self._dsn))).result()
        return outgoing


def test_a_sender_that_looks_between_look_up_and_store_finds_nothing_to_take(dsn: str) -> None:
    """What may be merged away is locked: the sender passes it by, and finds the message that tells both."""
    write(dsn, Notifying(PLACE), fish("nh3", "nh3").goes(1, 0))
    between = SenderBetween(dsn)
    write(dsn, between, fish("ph", "ph").goes(1, 0), first=1)

    assert between.taken == []
    assert rows(dsn, STATES) == [
        ("nh3:1", "merged", ["nh3:1"]),
        ("ph:1", "pending", ["nh3:1", "ph:1"]),
    ]
    assert [message.alert for message in asyncio.run(take(dsn))] == ["ph:1"]


def test_senders_take_from_the_places_that_the_batch_does_not_touch(dsn: str) -> None:
    everybody = commune(FARM, HEAD)
    write(dsn, Notifying(everybody), fish("nh3", "nh3").goes(1, 0), river().goes(1, 0))
    between = SenderBetween(dsn)
    write(dsn, between, fish("ph", "ph").goes(1, 0), first=2)

    assert [(message.alert, message.contact) for message in between.taken] == [("river:1", "head")]


class Died(Exception):
    """Of the flow, in the middle of a batch."""


class Crashes(Notifying):
    """The flow dies after the look-up."""

    def notify(self, arrived: Sequence[Arrived], store: Lookup, now: datetime) -> Outgoing:
        super().notify(arrived, store, now)
        raise Died


def test_a_flow_that_dies_between_look_up_and_store_leaves_nothing_and_tells_it_once_afterwards(
    dsn: str,
) -> None:
    change = fish("nh3", "nh3").goes(1, 0)
    with pytest.raises(Died):
        write(dsn, Crashes(PLACE), change)
    stored = "select (select count(*) from alert_change), (select count(*) from source_offset)"
    assert rows(dsn, stored) == [(0, 0)]

    for _ in range(2):
        write(dsn, Notifying(PLACE), change)
    assert rows(dsn, STATES) == [("nh3:1", "pending", ["nh3:1"])]


def test_two_writers_of_one_batch_store_it_once(dsn: str) -> None:
    """An old process that is not dead yet, beside the new one."""
    write(dsn, Notifying(PLACE), fish("nh3", "nh3").goes(1, 0))
    batch = [fish(code, code, Kind.FISH).goes(1, 0) for code in CODES if code != "nh3"]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, dsn, Notifying(PLACE), *batch, first=1) for _ in range(2)]:
            done.result()

    assert rows(dsn, "select count(*) from notification") == [(len(CODES),)]
    assert rows(dsn, "select next_offset, read, stored, duplicates from source_offset") == [
        (len(CODES), len(CODES), len(CODES), 0)
    ]


TOLD = """
select n.contact, told.alert, told.seq from notification n, unnest(n.shown, n.seqs) as told (alert, seq)
where n.state = 'sent'
"""


def test_beside_three_senders_every_change_is_told_to_every_contact_once(dsn: str) -> None:
    """Whatever the senders took before, between and after: the worst of each alert is in one message that went out."""
    people = [contact(name, *Kind) for name in ("an", "binh", "chi")]
    stages, over = Notifying(commune(*people), 0.0), Event()

    async def sending() -> None:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            while True:
                last = over.is_set()
                claimed = await outbox.claim(db, 2)
                for message in claimed:
                    await outbox.begin_attempts(db, [message])
                    step = Step("sent", message.channel, system(), "")
                    await outbox.finish(db, [outbox.Answered(message, SENT, step)])
                if last and not claimed:
                    return

    alerts = {code: fish(code, code) for code in CODES}
    changes = [alerts[code].goes(level, i) for i, level in enumerate((1, 2, 3)) for code in CODES]
    with ThreadPoolExecutor(3) as pool:
        senders = [pool.submit(lambda: asyncio.run(sending())) for _ in range(3)]
        try:
            for first in range(0, len(changes), 3):
                write(dsn, stages, *changes[first : first + 3], first=first)
        finally:
            over.set()
        for sender in senders:
            sender.result()

    told = Counter(rows(dsn, TOLD))
    assert max(told.values()) == 1, "twice"
    worst = {(person.id, f"{code}:1", 3) for person in people for code in CODES}
    assert worst <= told.keys(), "lost"
    assert rows(dsn, "select count(*) from notification") == [(len(changes) * len(people),)]
    assert rows(dsn, "select distinct state from notification where state not in ('sent', 'merged')") == []
