"""Let the loudspeakers of the hamlets say what goes on, once a person has approved it.

    event ── wanted ── script ── speak (at most 20 s) ──> announcement (waits for a person, or is approved by the configuration)
    announcement, approved ── claim ── ask the player ──> announcement_play (sent, later, refused, in doubt)
    announcement_play, sent ── look at the player ──> played, heard by its own microphone

State: none in memory; the queue tells after a crash what was done.
Delivery: once a loudspeaker where its player knows our key; where it does not, a doubt is kept as such and shown.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, TypeVar

import psycopg
import structlog

from connectors import clock
from connectors.commune import load
from connectors.loudspeaker.player import open_players
from connectors.loudspeaker.voice import VoiceError, first_that_fits, voice
from connectors.timescale import announcements as queue
from connectors.timescale import approvals
from connectors.timescale.connection import Store
from models.alerting.announcement import LONGEST_S, PLATFORM, wanted
from models.alerting.approval import Standing, unasked
from models.alerting.delivery import Situation, after_answer, after_crash
from models.alerting.playing import Played, after_look, gone, unplayable, unseen
from models.alerting.sending import Answer, Sent
from models.commune.loudspeakers import hearing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from connectors.clock import Now
    from connectors.loudspeaker.player import Player
    from connectors.loudspeaker.voice import Speech
    from connectors.settings import Settings
    from connectors.timescale.announcements import Held
    from models.alerting.announcement import EventSeen, Wanted
    from models.alerting.delivery import Step
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)
T = TypeVar("T")

LOOK_S = 1.0
"""Between looks for what goes on and what is due: a person's approval is played within that."""
AT_ONCE = 8
"""Loudspeakers that are asked at the same time."""


class Announcing:
    """The loudspeakers of one installation; only one process runs at a time."""

    def __init__(
        self,
        settings: Settings,
        commune: Commune,
        players: dict[str, Player],
        now: Now,
        wall: Now = clock.system,
    ) -> None:
        """`now` is the platform's clock, `wall` the one that approvals and players go by."""
        self._settings, self._commune, self._players = settings, commune, players
        self._now, self._wall = now, wall
        self._store, self._using = Store(settings.dsn("writer")), asyncio.Lock()
        self._unspeakable: set[str] = set()
        self.stopping = asyncio.Event()

    async def _ask(self, work: Callable[[psycopg.Connection], T]) -> T:
        async with self._using:
            return await asyncio.to_thread(self._store.transaction, work)

    async def make(self) -> None:
        """Make the announcements that events want and that are not there yet."""
        wall = self._wall()
        try:
            now = self._now()
        except (OSError, ValueError) as error:  # a play's clock whose file is not there yet
            log.info("no_clock_yet", error=str(error))
            return

        def look(connection: psycopg.Connection) -> list[Wanted]:
            queue.expire(connection, wall)
            found = queue.events(connection, now)
            made = queue.made(connection, [event.id for event in found])
            asked = [self._wanted(event, made.get(event.id, {}), now) for event in found]
            return [
                one
                for one in asked
                if one is not None and one.key not in self._unspeakable and self._heard_by(one)
            ]

        for one in await self._ask(look):
            await self._speak(one, now, wall)

    def _wanted(self, event: EventSeen, made: dict[str, str], now: datetime) -> Wanted | None:
        told = [key for key, state in made.items() if state == Standing.APPROVED]
        return wanted(event, made, told, self._commune, now)

    def _heard_by(self, one: Wanted) -> list[str]:
        return hearing(self._commune.loudspeakers, one.hamlets)

    async def _speak(self, one: Wanted, now: datetime, wall: datetime) -> None:
        try:
            text, speech = await asyncio.to_thread(_that_fits, one.scripts)
        except VoiceError as error:
            self._unspeakable.add(one.key)
            log.warning("not_spoken", announcement=one.key, reason=str(error))
            return
        new = queue.new_of(one, text, speech.seconds, now)

        def add(connection: psycopg.Connection) -> int | None:
            number = queue.add(connection, new, wall, self._settings.announcement_wait_s)
            if number is not None and unasked(one, self._commune):
                approvals.approve(connection, number, PLATFORM, self._heard_by(one), wall)
            return number

        log.info(
            "announcement", number=await self._ask(add), about=one.event, seconds=round(speech.seconds, 1)
        )

    async def recover(self) -> None:
        """Settle what a dead process held in its hands."""
        wall = self._wall()
        for held in await self._ask(lambda connection: queue.orphans(connection, wall)):
            step = after_crash(self._situation(held), None, asked=True, now=wall)
            log.warning("held_by_a_dead_announcer", announcement=held.announcement, becomes=step.state)
            await self._record(held, step)

    async def play(self) -> None:
        """Ask the players for what is due, each on its own."""
        wall = self._wall()
        due = await self._ask(lambda connection: queue.claim(connection, wall, AT_ONCE))
        async with asyncio.TaskGroup() as tasks:
            for held in due:
                tasks.create_task(self._play_one(held))

    async def _play_one(self, held: Held) -> None:
        player, wall = self._players.get(held.loudspeaker), self._wall()
        given_up = unplayable(held.loudspeaker, held.approved_at, wall, there=player is not None)
        if player is None or given_up is not None:
            await self._record(held, given_up or gone(held.loudspeaker, wall))
            return
        sent = await self._sound(player, held)
        step = after_answer(self._situation(held), sent, self._wall())
        log.info("asked_to_play", loudspeaker=held.loudspeaker, answer=sent.answer, becomes=step.state)
        await self._record(held, step if player.knows_key else unseen(step))

    async def _sound(self, player: Player, held: Held) -> Sent:
        try:
            speech = await asyncio.to_thread(_speech, held.text)
        except VoiceError as error:
            return Sent(Answer.RETRY, "voice", str(error))
        return await player.play(held.key, speech)

    async def look(self) -> None:
        """See what became of what players took."""
        wall = self._wall()
        due = await self._ask(lambda connection: queue.under_way(connection, wall))
        async with asyncio.TaskGroup() as tasks:
            for held in due:
                tasks.create_task(self._look_at(held))

    async def _look_at(self, held: Held) -> None:
        player, wall = self._players.get(held.loudspeaker), self._wall()
        if player is None:
            await self._record(held, gone(held.loudspeaker, wall))
            return
        looked = await player.look(held.key)
        one = Played(held.loudspeaker, held.sent_at or wall, held.seconds, held.tries)
        await self._record(
            held, after_look(one, looked, self._wall()), None if looked is None else looked.heard_db
        )

    async def _record(self, held: Held, step: Step, heard_db: float | None = None) -> None:
        wall = self._wall()
        await self._ask(lambda connection: queue.record(connection, held, step, wall, heard_db))

    def _situation(self, held: Held) -> Situation:
        player = self._players.get(held.loudspeaker)
        knows = player is not None and player.knows_key
        return Situation(held.loudspeaker, [held.loudspeaker], held.tries, held.approved_at, knows)

    async def run(self) -> None:
        """All of it until stopped; a part that fails ends the rest."""
        await self.recover()
        async with asyncio.TaskGroup() as tasks:
            for part in (self.make, self.play, self.look):
                tasks.create_task(self._again_and_again(part))

    async def _again_and_again(self, part: Callable[[], Awaitable[None]]) -> None:
        while not self.stopping.is_set():
            await part()
            try:
                await asyncio.wait_for(self.stopping.wait(), LOOK_S)
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Give the connections back."""
        self._store.close()
        for player in self._players.values():
            await player.close()


def _that_fits(scripts: list[str]) -> tuple[str, Speech]:
    return first_that_fits(scripts, LONGEST_S, voice())


def _speech(text: str) -> Speech:
    return voice().speak(text)


async def announce(settings: Settings) -> None:
    """All of it until SIGTERM."""
    commune = load(settings.commune)
    now = clock.from_setting(settings.clock) or clock.system
    own = Announcing(settings, commune, open_players(settings, commune.loudspeakers), now)
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, own.stopping.set)
    with psycopg.connect(settings.dsn("writer"), autocommit=True) as lock:
        await asyncio.to_thread(queue.be_the_only_announcer, lock)
        log.info("announcer_starts", loudspeakers=len(commune.loudspeakers))
        try:
            await own.run()
        finally:
            await own.close()
    log.info("announcer_stopped")


def run(settings: Settings) -> None:
    """Run until SIGTERM. Start: phusa run announcer."""
    asyncio.run(announce(settings))
