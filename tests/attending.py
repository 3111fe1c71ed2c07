"""Events in the real store as the alerts flow writes them, and a ladder that attends to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool

from connectors.clock import Now
from connectors.timescale.alerts import AlertWriter
from flows.alerts import Notifying
from flows.attending import Attending
from models.alerting.alert import AlertChange, Kind
from models.alerting.event import event_id
from models.alerting.intake import Intake
from models.commune.configuration import Commune
from models.commune.routing import Ladder, Office, Routing, Rung
from tests.ladders import ROLES
from tests.messages import AT, change, contact, place

EVENT = event_id("water:phu-oc", AT)
ONE_LADDER = Ladder(
    [2, 3],
    [Rung(5, [ROLES["deputy"]]), Rung(10, [ROLES["chair"]])],
    repeat_min=5,
)


def commune(*ladders: Ladder) -> Commune:
    """Phú Ốc with a head who has the news, a deputy and a chairman who are called."""
    people = [
        contact(name, role=ROLES[name], kinds=[Kind.RIVER], called_only=name != "head")
        for name in ("head", "deputy", "chair")
    ]
    routing = Routing(
        list(ladders or [ONE_LADDER]), ring=[Office("Công an", "113"), Office("Cấp cứu", "115")]
    )
    return msgspec.structs.replace(place(people), routing=routing)


def minute(number: float) -> datetime:
    return AT + timedelta(minutes=number)


class World:
    """The store of one test, on the writer's DSN."""

    def __init__(self, dsn: str, made: Commune | None = None) -> None:
        self.dsn, self.commune = dsn, made or commune()
        self._offset = 0

    def run(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as db:
            cursor = db.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description is not None else []

    def changes(self, *made: AlertChange, at: float = 0) -> None:
        """Store them as the alerts flow does when the platform's time is `at`: their news, the event and its codes in one transaction."""
        start, self._offset = self._offset, self._offset + len(made)
        stages = Notifying(self.commune, 0.0, clock=lambda: minute(at))
        writer = AlertWriter(self.dsn, stages, now=lambda: AT)
        writer.write([Intake("alerts", 0, self._offset, len(made), list(made), list(range(start, self._offset)), [])])  # fmt: skip
        writer.close()

    def answers(self, number: float, name: str, kind: str) -> None:
        self.run(
            "insert into answer (key, at, way, contact, event, kind, level) values (%s, %s, 'sms', %s, %s, %s, 3)",
            f"{name}:{number}",
            minute(number),
            name,
            EVENT,
            kind,
        )

    def steps(self) -> list[tuple[Any, ...]]:
        """What the ladder itself did: step, contact."""
        return self.run(
            "select step, coalesce(contact, '') from event_step where step <> 'told' order by at, recorded_at, key"
        )

    def messages(self) -> list[tuple[Any, ...]]:
        """What the ladder has put into the outbox: step, contact."""
        return self.run(
            "select step, contact from notification where step is not null order by created_at, step, contact"
        )

    def sends(self, state: str = "delivered") -> None:
        """A sender that takes all that waits."""
        self.run("update notification set state = %s where state = 'pending'", state)


def rises(level: int = 3, seq: int = 1, previous: int = 0) -> AlertChange:
    return change(seq=seq, level=level, previous=previous, value=4.8, limit=4.5)


@asynccontextmanager
async def attending(world: World, now: Now | None = None) -> AsyncIterator[Attending]:
    """A ladder with connections of its own, as a process has it."""
    async with AsyncConnectionPool(
        world.dsn, min_size=1, max_size=4, open=False, kwargs={"autocommit": True}
    ) as pool:
        yield Attending(world.dsn, world.commune, pool, now)


def look(world: World, *minutes: float) -> list[datetime | None]:
    """Look at these minutes; what each said is due next."""

    async def looks(ladder: Attending) -> list[datetime | None]:
        return [await ladder.look(minute(number)) for number in minutes]

    return with_ladder(world, looks)


def with_ladder(world: World, work: Callable[[Attending], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        async with attending(world) as ladder:
            return await work(ladder)

    return asyncio.run(inside())
