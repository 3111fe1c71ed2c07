"""What comes back: receipts of the gateways, and what people answer.

    gateways ── call back ──> receipts (Kafka) ── apply ──> outbox (delivered, price; or the next channel)
    people ── write back ──> replies (Kafka) ── apply ──> answer, step, one polite reply in the outbox
    a call that is neither ── refuse ──> rejected, audit

Delivery: each once, by its key; what cannot be read is kept with its bytes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from connectors import clock
from connectors.kafka import receipts
from connectors.misfit import hide
from connectors.timescale import answers, audit, rejects
from connectors.timescale.receipts import apply_receipt
from connectors.ways import answer_patterns
from connectors.webhook.server import Refusal
from models.alerting.codes import PLAIN
from models.alerting.incoming import Incoming
from models.alerting.intake import NUL
from models.alerting.receipt import Receipt
from models.alerting.said import Said
from models.envelope.rejected import Reason, Rejected

if TYPE_CHECKING:
    import psycopg
    from confluent_kafka import Message
    from psycopg_pool import AsyncConnectionPool

    from connectors.settings import Settings

log = structlog.get_logger(__name__)


class Hearing:
    """What one installation hears from gateways and people."""

    def __init__(self, settings: Settings, pool: AsyncConnectionPool) -> None:
        self._settings, self._pool = settings, pool
        self._patterns = answer_patterns(settings)
        self._receipt = msgspec.json.Decoder(Receipt).decode
        self._incoming = msgspec.json.Decoder(Incoming).decode

    async def apply(self, messages: list[Message]) -> None:
        """Bring receipts into the outbox and answers into the store; a record that is neither is kept as rejected."""
        async with self._pool.connection() as db:
            for message in messages:
                decode = self._incoming if message.topic() == receipts.REPLIES else self._receipt
                try:
                    found = _storable(decode(message.value() or b""), message)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    await asyncio.to_thread(
                        rejects.keep, self._settings.dsn("writer"), [_unreadable(message, error)]
                    )
                    continue
                if isinstance(found, Incoming):
                    await self._take(db, found)
                elif not await apply_receipt(db, found):
                    log.warning("receipt_of_an_unknown_message", channel=found.source, key=found.key)

    async def _take(self, db: psycopg.AsyncConnection[Any], found: Incoming) -> None:
        said = Said(found.key, found.at, found.source, found.contact or None, found.text)
        # By its own time: what is applied again, or late, is counted as it was.
        taken = await answers.take(db, said, found.at, self._patterns.get(said.way, PLAIN))
        log.info(
            "answered",
            way=said.way,
            contact=said.contact,
            kind=taken.kind,
            of=taken.event,
            again=taken.repeated,
        )

    async def refuse(self, gateway: str, body: bytes, why: Refusal) -> None:
        """Keep the bytes of a refused call, and a line in the audit log; its place is the moment of its arrival in microseconds."""
        now = clock.system()
        place = int(now.timestamp() * 1_000_000)
        one = Rejected.of(
            why, (f"http:{gateway}", 0, place), source="delivery", at=now, key=None, payload=body
        )
        await asyncio.to_thread(rejects.keep, self._settings.dsn("writer"), [one])
        vi, en = f"Từ chối lời gọi: {hide(why.vi)}", f"A call refused: {hide(why.en)}"
        line = audit.Line(f"http:{gateway}", str(why.reason), vi, en)
        async with self._pool.connection() as db:
            await audit.note(db, line, now)


def _storable(found: Receipt | Incoming, message: Message) -> Receipt | Incoming:
    if NUL in (message.value() or b""):
        msg = "text: found the character NUL, which no store takes"
        raise msgspec.ValidationError(msg)
    return found


def _unreadable(message: Message, error: Exception) -> Rejected:
    offset, value = message.offset() or 0, message.value() or b""
    why = Refusal(
        Reason.NOT_JSON, f"không phải biên nhận, trả lời: {error}", f"no receipt and no reply: {error}"
    )
    key = message.key()
    return Rejected.of(
        why,
        (message.topic() or receipts.TOPIC, message.partition() or 0, offset),
        source="delivery",
        at=clock.system(),
        key=key.encode() if isinstance(key, str) else key,
        payload=value,
    )
