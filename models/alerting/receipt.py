"""What a gateway says later about a message that it took."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from models.envelope.reading import Zoned


class Outcome(enum.StrEnum):
    """Did the phone get it?"""

    DELIVERED = "delivered"
    FAILED = "failed"
    PENDING = "pending"


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Topic `receipts`: `source` is the channel, as in contacts.yaml, `key` our idempotency key.

    `message` is the gateway's own id; `price_vnd` None where the gateway names no price. A gateway that tells only its own id leaves
    `key` empty: the attempt that was answered with this id is meant.
    No phone number: the key leads to the contact, the contact to the phone.
    """

    v: int
    source: str
    seq: int
    at: Zoned
    key: str
    message: str
    outcome: Outcome
    price_vnd: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None
    reason: str
