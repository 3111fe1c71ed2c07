"""Send what the outbox holds; record what the gateways say.

    outbox ─┬─ claim ── ask a channel's gateway ── answer ──> outbox (sent, later, next channel, refused, in doubt)
            └─ claim ── ask another's ─────────── answer ──> (each channel claims for itself: none waits for another)
    gateways ── call back ──> receipts (Kafka) ── apply ──> outbox (delivered, price; or the next channel)
    people ── write back ──> replies (Kafka) ── apply ──> answer, step, one polite reply in the outbox
    outbox ── no receipt in time ──> next channel
    events ── nobody has answered ──> attending (flows/attending.py): calls, into the outbox

State: none in memory; the outbox and its attempts tell after a crash what was done.
Delivery: once where the gateway knows our key; where it does not, a doubt is kept as such and shown.
"""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool

from connectors import clock, links
from connectors import commune as files
from connectors.kafka import receipts
from connectors.timescale import outbox
from connectors.timescale.answered import AnswerWriter
from connectors.timescale.canary import Sink
from connectors.ways import Listens, open_receipts, open_replies, open_senders
from connectors.webhook.server import application, server
from flows.attending import attending
from flows.hearing import Hearing
from flows.sending import SOON_S, Line, pause
from flows.spending import Spending
from models.alerting.delivery import Situation, after_answer, after_crash, after_silence
from models.alerting.pace import TOO_FAST, Pace
from models.alerting.sending import Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS, Channel
from models.commune.canary import CANARY

if TYPE_CHECKING:
    from connectors.settings import Settings
    from connectors.timescale.claimed import Claimed

log = structlog.get_logger(__name__)

SIMULATED = Sent(Answer.SENT, "drill", "diễn tập, không gửi ra ngoài (a drill: it goes to nobody)")


class Delivery:
    """The sender of one installation; only one runs at a time."""

    def __init__(
        self,
        settings: Settings,
        senders: dict[str, Sender],
        pool: AsyncConnectionPool,
        spending: Spending | None = None,
    ) -> None:
        """`spending`: the month's budget, where the commune has one."""
        self._settings, self._senders, self._pool = settings, senders, pool
        self._link = links.maker(settings)
        self.stopping = asyncio.Event()
        self._lines = {
            channel: Line(channel, pool, Pace(_per_min(channel, settings)), self.stopping, spending)
            for channel in senders
        }
        self._news, self._writer = asyncio.Event(), AnswerWriter(pool)

    # Out: the outbox to the gateways.

    async def recover(self) -> None:
        """Settle what a dead sender held in its hands."""
        async with self._pool.connection() as db:
            for one in await outbox.orphans(db):
                step = after_crash(self._situation(one), _answer(one.last), one.asked, clock.system())
                log.warning("held_by_a_dead_sender", notification=one.notification, becomes=step.state)
                await outbox.settle(db, one, step)

    async def send(self) -> None:
        """Claim and send until stopped; what is under way then is waited for."""
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self._writer.run())
            tasks.create_task(self._watch())
            async with asyncio.TaskGroup() as lines:
                for line in self._lines.values():
                    lines.create_task(line.run(self._send_one))
            writing.cancel()

    async def _watch(self) -> None:
        """Let those channels look that have something due: one question for all of them, at each news and each SOON_S."""
        while not self.stopping.is_set():
            self._news.clear()
            async with self._pool.connection() as db:
                due = await outbox.due(db, list(self._lines))
            for channel in due:
                self._lines[channel].look()
            await pause(self._news, SOON_S)

    async def _send_one(self, claimed: Claimed) -> None:
        number = claimed.event_number
        order = Order(
            claimed.notification,
            claimed.contact,
            claimed.sms_text,
            claimed.template_id,
            claimed.template_data,
            "" if number is None else self._link(number, claimed.contact, claimed.created_at),
        )
        # The words of a drill that is not real go no further, whoever wrote them.
        sent = SIMULATED if claimed.simulated else await self._senders[claimed.channel].send(order)
        if sent.code in TOO_FAST:
            self._lines[claimed.channel].slowed(sent.again_s)
        situation = msgspec.structs.replace(self._situation(claimed), tries=claimed.tries + 1)
        step = after_answer(situation, sent, clock.system())
        if claimed.simulated:
            step = msgspec.structs.replace(step, state="delivered")
        log.info(
            "asked",
            channel=claimed.channel,
            notification=claimed.notification,
            answer=sent.answer,
            becomes=step.state,
        )
        await self._writer.store(outbox.Answered(claimed, sent, step))
        # It may go to the next channel now, and news that waited behind it may go by any of them.
        for channel in {*claimed.channels, step.channel} & set(self._lines):
            self._lines[channel].look()

    def _situation(self, claimed: Claimed) -> Situation:
        idempotent = self._senders[claimed.channel].idempotent
        hurry = timedelta(seconds=self._settings.channel_wait_s)
        return Situation(
            claimed.channel,
            claimed.channels,
            claimed.tries,
            claimed.created_at,
            idempotent,
            claimed.rises,
            hurry,
        )

    async def listen(self) -> None:
        """Wake the sender at each commit into the outbox."""
        async with await psycopg.AsyncConnection.connect(self._settings.dsn("writer"), autocommit=True) as db:
            async for _ in outbox.listen(db):
                self._news.set()

    async def watch_receipts(self) -> None:
        """Let what has no receipt in time go the next way."""
        while not self.stopping.is_set():
            await self.look_for_receipts()
            await asyncio.sleep(SOON_S)

    async def look_for_receipts(self) -> None:
        """One look."""
        async with self._pool.connection() as db:
            for one in await outbox.overdue(db, self._settings.receipt_wait_s):
                step = after_silence(self._situation(one), one.state, one.failed, clock.system())
                log.warning(
                    "no_receipt", notification=one.notification, channel=one.channel, next=step.channel
                )
                await outbox.record(db, one, step)
                self._news.set()


def _per_min(channel: str, settings: Settings) -> int:
    """What the service's documents name, if it is less than the setting."""
    named = CHANNELS[Channel(channel)].per_min if channel in CHANNELS else None
    return min(named or settings.requests_per_min, settings.requests_per_min)


def _answer(last: str | None) -> Answer | None:
    return None if last is None else Answer(last)


async def deliver(settings: Settings) -> None:
    """All of it until SIGTERM; a part that fails ends the rest, and the supervisor begins anew."""
    senders = open_senders(settings)
    dsn = settings.dsn("writer")
    async with (
        await psycopg.AsyncConnection.connect(dsn, autocommit=True) as lock,
        AsyncConnectionPool(dsn, min_size=2, max_size=8, open=False, kwargs={"autocommit": True}) as pool,
    ):
        await outbox.be_the_only_sender(lock)
        # The canary's message ends here: it has come the whole way.
        spending = Spending(files.load(settings.commune), pool)
        own = Delivery(settings, senders | {CANARY: Sink(pool)}, pool, spending)
        ladder, hearing = attending(settings, pool), Hearing(settings, pool)
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, own.stopping.set)
        log_of_receipts = receipts.ReceiptLog(settings.bootstrap)
        routes = [*open_receipts(settings), *open_replies(settings)]
        endpoint = server(application(routes, log_of_receipts.put, hearing.refuse), settings.receipts_port)
        await own.recover()
        log.info("delivery_starts", receipts_port=settings.receipts_port)
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = tasks.create_task(own.listen())
                serving = tasks.create_task(endpoint.serve())
                tasks.create_task(own.send())
                tasks.create_task(own.watch_receipts())
                if ladder is not None:
                    tasks.create_task(ladder.run(own.stopping))
                tasks.create_task(spending.run(own.stopping))
                for sender in senders.values():
                    if isinstance(sender, Listens):
                        tasks.create_task(sender.listen(log_of_receipts.put, own.stopping))
                tasks.create_task(receipts.follow(settings.bootstrap, hearing.apply, own.stopping))
                await own.stopping.wait()
                endpoint.should_exit = True
                await serving
                listening.cancel()
        finally:
            for sender in senders.values():
                await sender.close()
    log.info("delivery_stopped")


def run(settings: Settings) -> None:
    """Run until SIGTERM. Start: phusa run delivery."""
    asyncio.run(deliver(settings))
