"""Attend to open events until a person acts: call, tell again, say that nobody has answered.

    events ── followed ──> climb ── steps ──> store: event_step, and of whoever is called code and notification (outbox)
       └─ at each wake-up of the outbox, when something is due, and every second

State: none in memory; event_step knows what was done, also after a crash. Part of the process `delivery`, whose lock it shares: one only.
Delivery: each step once; a step and its message are one transaction.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg
import structlog

from connectors import clock
from connectors.clock import Played
from connectors.commune import ConfigurationError, load
from connectors.timescale import ladders, outbox
from connectors.ways import answer_patterns
from models.alerting.codes import FIELD, pattern_of
from models.alerting.event import StepKind
from models.alerting.ladder import climb
from models.alerting.ladder_words import channels_at, how_to_answer, message_of, words_of, worst_first
from models.alerting.reach import ladder_of, reachable
from models.alerting.step import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from psycopg_pool import AsyncConnectionPool

    from connectors.clock import Now
    from connectors.settings import Settings
    from connectors.timescale.ladders import Db, Followed
    from models.alerting.alert import AlertChange
    from models.alerting.step import Climb, Step
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)

LONGEST_S = 1.0
"""Between two looks, whatever is due: an answer may have come by a process that wakes nobody."""
SHORTEST_S = 0.2
"""Between two looks, however often the outbox is written: nobody is called a fifth of a second sooner."""


class Attending:
    """The ladder of one installation; `now` is the platform's clock, None where history is replayed: then nobody is called.

    `patterns`: by channel, how a message of it is answered.
    """

    def __init__(
        self,
        dsn: str,
        commune: Commune,
        pool: AsyncConnectionPool,
        now: Now | None,
        patterns: Mapping[str, str] | None = None,
    ) -> None:
        self._dsn, self._commune, self._pool, self._now = dsn, commune, pool, now
        self._patterns = patterns or {}
        self._wake = asyncio.Event()
        routing = commune.routing
        self._levels = {level for ladder in routing.ladders for level in ladder.levels} if routing else set()
        self._rota = routing.rota if routing else []

    async def run(self, stopping: asyncio.Event) -> None:
        """Look until stopped."""
        if self._now is None or not (self._levels or isinstance(self._now, Played)):
            return
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen())
            while not stopping.is_set():
                self._wake.clear()
                wait_s = await self._attend(self._now)
                await _until(stopping, 0 if isinstance(self._now, Played) else SHORTEST_S)
                await _until(self._wake, wait_s)
            listening.cancel()

    async def look(self, now: datetime) -> datetime | None:
        """Do what is to be done at `now`; when something is due next."""
        async with self._pool.connection() as db:
            due = []
            for one in await ladders.followed(db, self._levels, now):
                found = self._climb(one, now)
                due += [found.look_at] if found.look_at is not None else []
                if found.steps:
                    async with db.transaction():
                        await self._take(db, one, found, now)
        return min(due, default=None)

    async def _attend(self, now: Now) -> float:
        """One look; the seconds until the next. A play says itself when all up to a moment has come through."""
        if isinstance(now, Played):
            async with self._pool.connection() as db:
                wanted = await ladders.wanted_of_play(db)
            if wanted is not None:
                await self.look(wanted)
                async with self._pool.connection() as db:
                    await ladders.attended(db, wanted)
            return LONGEST_S
        at = now()
        due = await self.look(at)
        return LONGEST_S if due is None else max(0.0, min(LONGEST_S, (due - at).total_seconds()))

    def _climb(self, one: Followed, now: datetime) -> Climb:
        stands = [change for change in one.changes if change.level > 0]
        return climb(
            one.event,
            ladder_of(one.event, stands, self._commune.routing),
            one.told,
            one.answers,
            one.steps,
            reachable(stands, self._commune),
            self._rota,
            now,
        )

    async def _take(self, db: Db, one: Followed, found: Climb, now: datetime) -> None:
        """Write the steps and their messages, in the transaction of the caller."""
        event, told = one.event, False
        if event.closed_at is not None:
            await ladders.withdraw(db, event)
        for step in found.steps:
            ended = step.message is Message.ENDED
            # Of whose beginning the contact was not told, he is not told the end.
            if ended and not await ladders.reached(db, event, step.contact):
                continue
            if not await ladders.keep(db, event, step, words_of(step, self._commune)):
                continue
            if step.step is not StepKind.TOLD:
                log.info("step", of=event.id, step=step.step, contact=step.contact, rung=step.rung)
            if step.message is not None:
                shown = one.changes if ended else [change for change in one.changes if change.level > 0]
                await self._tell(db, one, step, worst_first(shown), now)
                told = True
        if told:
            await db.execute(ladders.WAKE)

    async def _tell(
        self, db: Db, one: Followed, step: Step, changes: Sequence[AlertChange], now: datetime
    ) -> None:
        contact = next((each for each in self._commune.contacts if each.id == step.contact), None)
        if contact is None or not changes:
            log.warning("nobody_to_tell", of=one.event.id, contact=step.contact, alerts=len(changes))
            return
        answerable = step.message is not Message.ENDED
        code = await ladders.code_of(db, one.event, contact.id, now) if answerable else None
        exercise = one.event.exercise
        tail = how_to_answer(code, pattern_of(contact, self._patterns))
        text = message_of(step, changes, self._commune, tail, exercise=exercise)
        if code is not None:
            text = text._replace(fields=text.fields | {FIELD: str(code)})
        await ladders.tell(db, one.event, step, changes, text, channels_at(contact, now), code)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as db:
            async for _ in outbox.listen(db):
                self._wake.set()


async def _until(event: asyncio.Event, wait_s: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), wait_s)
    except TimeoutError:
        return


def attending(settings: Settings, pool: AsyncConnectionPool) -> Attending | None:
    """The ladder on the platform's clock; None where the configuration cannot be read: what waits in the outbox goes out all the same."""
    try:
        commune = load(settings.commune)
    except (ConfigurationError, OSError) as error:
        log.error("nobody_is_called", reason=str(error))  # noqa: TRY400 (the place in the file says it, a stack does not)
        return None
    now, patterns = clock.from_setting(settings.clock), answer_patterns(settings)
    return Attending(settings.dsn("writer"), commune, pool, now, patterns)
