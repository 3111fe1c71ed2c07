"""Send what the outbox holds; record what the gateways say.

    outbox ─┬─ claim ── ask a channel's gateway ── answer ──> outbox (sent, later, next channel, refused, in doubt)
            └─ claim ── ask another's ─────────── answer ──> (each channel claims for itself: none waits for another)
    gateways ── call back ──> receipts (Kafka) ── apply ──> outbox (delivered, price; or the next channel)
    outbox ── no receipt in time ──> next channel

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

from connectors import clock
from connectors.kafka import receipts
from connectors.timescale import outbox, rejects
from connectors.timescale.canary import Sink
from connectors.ways import open_senders, way
from connectors.webhook.server import Refusal, application, server
from models.alerting.delivery import Situation, after_answer, after_crash, after_silence
from models.alerting.intake import NUL
from models.alerting.receipt import Receipt
from models.alerting.sending import Answer, Order, Sender, Sent
from models.catalogue.channels import CHANNELS
from models.commune.canary import CANARY
from models.envelope.rejected import Reason, Rejected

if TYPE_CHECKING:
    from confluent_kafka import Message

    from connectors.settings import Settings
    from connectors.timescale.outbox import Claimed

log = structlog.get_logger(__name__)

AT_ONCE = 16
"""Messages of one channel under way at the same time."""
SIMULATED = Sent(Answer.SENT, "drill", "diễn tập, không gửi ra ngoài (a drill: it goes to nobody)")
SOON_S = 0.5
"""Between looks for retries that are due and receipts that are not there."""


class Delivery:
    """The sender of one installation; only one runs at a time."""

    def __init__(self, settings: Settings, senders: dict[str, Sender], pool: AsyncConnectionPool) -> None:
        self._settings, self._senders, self._pool = settings, senders, pool
        self.stopping = asyncio.Event()
        self._wakes = {channel: asyncio.Event() for channel in senders}
        self._decode = msgspec.json.Decoder(Receipt).decode

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
        async with asyncio.TaskGroup() as channels:
            for channel in self._senders:
                channels.create_task(self._send_by(channel))

    async def _send_by(self, channel: str) -> None:
        """One channel: a message that takes long holds one of AT_ONCE places, and nobody else."""
        wake = self._wakes[channel]
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as tasks:
            while not self.stopping.is_set():
                wake.clear()
                under_way = {one for one in under_way if not one.done()}
                room = AT_ONCE - len(under_way)
                if room:
                    async with self._pool.connection() as db:
                        claimed = await outbox.claim(db, room, channel)
                    for one in claimed:
                        task = tasks.create_task(self._send_one(one))
                        task.add_done_callback(lambda _: self._look())
                        under_way.add(task)
                await self._pause(wake)

    def _look(self) -> None:
        """Let every channel look: a place is free, news may have gone to the next channel."""
        for wake in self._wakes.values():
            wake.set()

    async def _pause(self, wake: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(wake.wait(), SOON_S)
        except TimeoutError:
            return

    async def _send_one(self, claimed: Claimed) -> None:
        order = Order(
            claimed.notification,
            claimed.contact,
            claimed.sms_text,
            claimed.template_id,
            claimed.template_data,
        )
        async with self._pool.connection() as db:
            await outbox.begin_attempt(db, claimed, order.key)
        # The words of a drill that is not real go no further, whoever wrote them.
        sent = SIMULATED if claimed.simulated else await self._senders[claimed.channel].send(order)
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
        async with self._pool.connection() as db:
            await outbox.finish(db, claimed, sent, step)

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
                self._look()

    async def watch_receipts(self) -> None:
        """Let what has no receipt in time go the next way."""
        while not self.stopping.is_set():
            async with self._pool.connection() as db:
                for one in await outbox.overdue(db, self._settings.receipt_wait_s):
                    step = after_silence(self._situation(one), one.state, one.failed, clock.system())
                    log.warning(
                        "no_receipt", notification=one.notification, channel=one.channel, next=step.channel
                    )
                    await outbox.record(db, one, step)
                    self._look()
            await asyncio.sleep(SOON_S)

    # Back: receipts of the gateways.

    async def apply(self, messages: list[Message]) -> None:
        """Bring receipts into the outbox; a record that is no receipt is kept as rejected."""
        async with self._pool.connection() as db:
            for message in messages:
                try:
                    receipt = _storable(self._decode(message.value() or b""), message)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    await asyncio.to_thread(
                        rejects.keep, self._settings.dsn("writer"), [_unreadable(message, error)]
                    )
                    continue
                if not await outbox.apply_receipt(db, receipt):
                    log.warning("receipt_of_an_unknown_message", channel=receipt.source, key=receipt.key)

    async def refuse(self, gateway: str, body: bytes, why: Refusal) -> None:
        """Keep the bytes of a call that is no receipt; its place is the moment of its arrival in microseconds."""
        now = clock.system()
        place = int(now.timestamp() * 1_000_000)
        one = Rejected.of(
            why, (f"http:{gateway}", 0, place), source="delivery", at=now, key=None, payload=body
        )
        await asyncio.to_thread(rejects.keep, self._settings.dsn("writer"), [one])


def _answer(last: str | None) -> Answer | None:
    return None if last is None else Answer(last)


def _storable(receipt: Receipt, message: Message) -> Receipt:
    if NUL in (message.value() or b""):
        msg = "text: found the character NUL, which no store takes"
        raise msgspec.ValidationError(msg)
    return receipt


def _unreadable(message: Message, error: Exception) -> Rejected:
    offset, value = message.offset() or 0, message.value() or b""
    why = Refusal(Reason.NOT_JSON, f"không phải biên nhận: {error}", f"not a receipt: {error}")
    key = message.key()
    return Rejected.of(
        why,
        (message.topic() or receipts.TOPIC, message.partition() or 0, offset),
        source="delivery",
        at=clock.system(),
        key=key.encode() if isinstance(key, str) else key,
        payload=value,
    )


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
        own = Delivery(settings, senders | {CANARY: Sink(pool)}, pool)
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, own.stopping.set)
        log_of_receipts = receipts.ReceiptLog(settings.bootstrap)
        routes = [way(channel).receipts(settings) for channel in CHANNELS]
        endpoint = server(application(routes, log_of_receipts.put, own.refuse), settings.receipts_port)
        await own.recover()
        log.info("delivery_starts", receipts_port=settings.receipts_port)
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = tasks.create_task(own.listen())
                serving = tasks.create_task(endpoint.serve())
                tasks.create_task(own.send())
                tasks.create_task(own.watch_receipts())
                tasks.create_task(receipts.follow(settings.bootstrap, own.apply, own.stopping))
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
