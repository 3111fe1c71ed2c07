"""A payment as a provider told it, and a telling that was refused; both travel on the topic `payments`."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.rejected import Reason
from models.telemetry.reading import Zoned


class What(enum.StrEnum):
    """What happened to the money."""

    PAYMENT = "payment"
    REFUND = "refund"
    REVERSAL = "reversal"


Dong = Annotated[int, msgspec.Meta(ge=1, le=10**12)]
"""Whole đồng, always positive: `What` says the direction."""


class PaymentEvent(msgspec.Struct, frozen=True, gc=False, tag="event"):
    """Topic `payments`: verified by the endpoint; nothing here names a person.

    `source` is the provider (payos, sepay, casso, viettel, vnpay), `event` its own id of this telling:
    (source, event) is the natural key. `merchant` is the receiver's code in the commune's configuration.
    `payer` is a keyed pseudonym (HMAC-SHA256 hex, 32 digits) or None. `content` is the transfer's free
    text of which only codes and words of the commune's fees and stalls are left. `original` is the
    `event` that a refund or reversal takes back. `sealed` is the provider's body, encrypted.
    """

    v: Annotated[int, msgspec.Meta(ge=1)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
    event: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    at: Zoned
    received_at: Zoned
    what: What
    amount_vnd: Dong
    merchant: Annotated[str, msgspec.Meta(min_length=1, max_length=48)]
    content: Annotated[str, msgspec.Meta(max_length=256)]
    payer: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")] | None
    original: Annotated[str, msgspec.Meta(max_length=128)] | None
    sealed: bytes


class RefusedRequest(msgspec.Struct, frozen=True, gc=False, tag="refused"):
    """Topic `payments`: a call that the endpoint refused; the flow keeps it in `rejected`.

    `sealed` holds the body (its first 64 KiB), encrypted: it may name persons.
    """

    v: Annotated[int, msgspec.Meta(ge=1)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
    received_at: Zoned
    reason: Reason
    vi: str
    en: str
    sealed: bytes


PaymentRecord = PaymentEvent | RefusedRequest


def about(source: str) -> bytes:
    """What the seal binds a body to."""
    return b"payment:" + source.encode()
