"""Post a batch of payment records to the ledger: read each, say what it was for, look at what is odd.

    RawBatch ── read ──┬── refused (also by the endpoint) ──> rejected
                       └── match ── odd ────────────────────> entries, changes

Every record ends in exactly one of entries, rejected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.change import instant
from models.envelope.batch import rejected
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.refusal import MAX_BYTES, Refusal, too_big
from models.envelope.rejected import Reason
from models.payments.event import PaymentEvent, RefusedRequest, What
from models.payments.matching import Catalogue, match
from models.payments.odd import Usual, limit
from models.posting.batch import Entry, Posted

if TYPE_CHECKING:
    from models.envelope.batch import RawBatch

NAME = "payments"
RULE, PARAMETER, UNIT = "odd-payment", "payment", "VND"
LOOKED_AT_MS = 24 * 3_600_000
"""An odd payment stands on the wall for a day; nobody is told when it leaves."""
_decode = msgspec.json.Decoder(PaymentEvent | RefusedRequest).decode


@dataclass(slots=True)
class Shard:
    """The memory of one partition: what is usual at each merchant, and odd payments that are still shown."""

    usual: dict[str, Usual] = field(default_factory=dict)
    shown: list[AlertChange] = field(default_factory=list)


def post(own: Catalogue, shard: Shard, batch: RawBatch) -> Posted:
    """Post a batch of one partition; `shard` is changed in place."""
    out = Posted(batch.topic, batch.partition, batch.next_offset, len(batch.offsets), [], [], [], [])
    for offset, value, key, stamp in zip(
        batch.offsets, batch.values, batch.keys, batch.stamps_ms, strict=True
    ):
        found = _one(own, shard, value, out)
        if isinstance(found, Refusal):
            out.rejected.append(rejected(NAME, batch, (offset, value, key, stamp), found))
        else:
            out.entries.append(found)
            out.origins.append(offset)
    if batch.tick_ms is not None:
        _tick(shard, batch.tick_ms, out)
    return out


def _one(own: Catalogue, shard: Shard, value: bytes, out: Posted) -> Entry | Refusal:
    if len(value) > MAX_BYTES * 4:
        return too_big(len(value))
    try:
        record = _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        vi, en = f"Không phải bản tin thanh toán: {error}", f"expected a payment record: {error}"
        return Refusal(Reason.WRONG_TYPE, vi, en)
    if isinstance(record, RefusedRequest):
        return Refusal(record.reason, record.vi, record.en)
    if record.v != SCHEMA_VERSION:
        vi = f"Phiên bản {record.v} chưa được hỗ trợ, cần {SCHEMA_VERSION}"
        return Refusal(Reason.WRONG_VERSION, vi, f"v: expected {SCHEMA_VERSION}, found {record.v}")
    if record.merchant not in own.merchants:
        vi, en = (
            f"Không có nơi thu {record.merchant!r}",
            f"merchant: {record.merchant!r} is not the commune's",
        )
        return Refusal(Reason.UNKNOWN_MERCHANT, vi, en)
    return _entry(own, shard, record, out)


def _entry(own: Catalogue, shard: Shard, payment_event: PaymentEvent, out: Posted) -> Entry:
    found = match(own, payment_event.content, payment_event.merchant, payment_event.amount_vnd)
    if payment_event.what is What.PAYMENT:
        _look(own, shard, payment_event, found.fee, out)
    return Entry(
        payment_event.source, payment_event.event, payment_event.at, payment_event.received_at, payment_event.what, payment_event.amount_vnd, payment_event.merchant, found.fee, found.stall,
        found.hamlet, found.household, payment_event.payer, payment_event.original, payment_event.vi or found.vi, payment_event.en or found.en, payment_event.sealed,
        payment_event.told, payment_event.transfer,
    )  # fmt: skip


def _look(own: Catalogue, shard: Shard, payment_event: PaymentEvent, fee: str | None, out: Posted) -> None:
    """An alert names its event, so that a repeated one is the same alert."""
    tariff = own.tariffs.get(fee) if fee is not None else None
    usual = shard.usual.get(payment_event.merchant)
    if usual is None:
        usual = shard.usual[payment_event.merchant] = Usual()
    bound = limit(own.payments.odd, tariff, usual, payment_event.amount_vnd)
    if bound is None:
        return
    change = AlertChange(
        v=SCHEMA_VERSION, source=NAME, seq=1, at=payment_event.at,
        alert=f"{RULE}:{payment_event.merchant}:{PARAMETER}:{payment_event.source}-{payment_event.event}", rule=RULE, kind=Kind.PAYMENT,
        station=payment_event.merchant, parameter=PARAMETER, change=Change.RAISE, level=1, previous=0,
        value=float(payment_event.amount_vnd), limit=float(bound), unit=UNIT,
    )  # fmt: skip
    out.changes.append(change)
    shard.shown.append(change)


def _tick(shard: Shard, now_ms: int, out: Posted) -> None:
    """Take odd payments off the wall after a day."""
    past = [one for one in shard.shown if one.at.timestamp() * 1000 + LOOKED_AT_MS <= now_ms]
    for one in past:
        shard.shown.remove(one)
        at = instant(round(one.at.timestamp() * 1000) + LOOKED_AT_MS)
        out.changes.append(
            msgspec.structs.replace(one, seq=2, at=at, change=Change.CLEAR, level=0, previous=1)
        )
