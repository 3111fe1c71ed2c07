"""What becomes of a batch of payment records."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.alerting.alert import AlertChange
from models.envelope.rejected import Rejected
from models.payments.event import What


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A line of the ledger; (source, event) is its key. `original` names the payment that a return takes back.

    `told` and `transfer` as of PaymentEvent.
    """

    source: str
    event: str
    at: datetime
    received_at: datetime
    what: What
    amount_vnd: int
    merchant: str
    fee: str | None
    stall: str | None
    hamlet: str
    household: str | None
    payer: str | None
    original: str | None
    vi: str
    en: str
    sealed: bytes
    told: str | None = None
    transfer: str | None = None


class Posted(msgspec.Struct, gc=False):
    """Every record is an entry or rejected; whether an entry is a repetition the store knows.

    `origins` are the source offsets of `entries`, `records` their bytes and keys, for one that contradicts the store.
    """

    topic: str
    partition: int
    next_offset: int
    read: int
    entries: list[Entry]
    origins: list[int]
    changes: list[AlertChange]
    rejected: list[Rejected]
