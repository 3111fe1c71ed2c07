"""A payment as a provider told it, and a call that was refused; both travel on the topic `payments`."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.envelope.reading import Zoned
from models.envelope.rejected import Reason


class What(enum.StrEnum):
    """What happened to the money.

    `held`: taken from the payer, but the order is not paid (or a refund did not arrive): not booked, a person looks.
    """

    PAYMENT = "payment"
    REFUND = "refund"
    REVERSAL = "reversal"
    HELD = "held"

    @property
    def comes_in(self) -> bool:
        """Towards the commune."""
        return self in {What.PAYMENT, What.HELD}


Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]


Dong = Annotated[int, msgspec.Meta(ge=1, le=10**12)]
"""Whole đồng, always positive: `What` says the direction."""


class PaymentEvent(msgspec.Struct, frozen=True, gc=False, tag="event"):
    """Topic `payments`: verified by the endpoint; nothing here names a person.

    `source` is the provider, as in payments.yaml, `event` its own id of this event:
    (source, event) is the natural key. `merchant` is the receiver's code in the commune's configuration.
    `payer` is a keyed pseudonym (HMAC-SHA256 hex, 32 digits) or None. `content` is the transfer's free
    text of which only codes and words of the commune's fees and stalls are left. `original` is the
    `event` that a refund or reversal takes back. `sealed` is the provider's body, encrypted. `told` is a keyed
    digest of all that was told (what has the same key and another digest is a conflict), `transfer` one of the
    bank's transfer, the same in each feed of the account; None where it is not known. `vi` and `en` say what a
    person must look at.
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
    payer: Digest | None
    original: Annotated[str, msgspec.Meta(max_length=128)] | None
    sealed: bytes
    told: Digest | None = None
    transfer: Digest | None = None
    vi: str = ""
    en: str = ""


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
