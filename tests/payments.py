"""Builders of payment records as the endpoint puts them on the topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.commune import load
from connectors.settings import ROOT
from models.envelope.batch import RawBatch
from models.envelope.rejected import Reason
from models.payments.event import PaymentEvent, RefusedRequest, What
from models.payments.matching import Catalogue, catalogue
from tests.builders import START_MS, at

if TYPE_CHECKING:
    from models.payments.configuration import Payments


def example() -> Payments:
    """The example commune's."""
    found = load(ROOT / "infra" / "commune").payments
    assert found is not None
    return found


def own() -> Catalogue:
    """The example commune's, laid out."""
    return catalogue(example())


def event(number: int = 1, amount_vnd: int = 27_000, **changed: Any) -> PaymentEvent:
    """A household pays for its waste by SePay, `number` minutes after START_MS."""
    fields: dict[str, Any] = {
        "v": 1,
        "source": "sepay",
        "event": str(number),
        "at": at(START_MS + number * 60_000),
        "received_at": at(START_MS + number * 60_000 + 900),
        "what": What.PAYMENT,
        "amount_vnd": amount_vnd,
        "merchant": "ve-sinh",
        "content": "RAC T10 HO0123",
        "payer": "6b1f0c2e9d7a4853b6e1f0c2e9d7a485",
        "original": None,
        "sealed": b"sealed",
    }
    return PaymentEvent(**(fields | changed))


def refund(number: int, original: int, amount_vnd: int = 27_000, **changed: Any) -> PaymentEvent:
    """Some of the payment `original` goes back."""
    return event(number, amount_vnd, **({"what": What.REFUND, "original": str(original)} | changed))


def refused(number: int = 1) -> RefusedRequest:
    """A forged call that the endpoint refused."""
    at_ms = START_MS + number * 60_000
    return RefusedRequest(
        1, "sepay", at(at_ms), Reason.WRONG_SIGNATURE, "sai chữ ký", "wrong signature", b"sealed"
    )


def records(*several: PaymentEvent | RefusedRequest | bytes, first: int = 0, **changed: Any) -> RawBatch:
    """A batch of one partition; bytes stand as they are."""
    values = [one if isinstance(one, bytes) else msgspec.json.encode(one) for one in several]
    fields: dict[str, Any] = {
        "topic": "payments",
        "partition": 0,
        "offsets": [first + i for i in range(len(values))],
        "values": values,
        "keys": [b"key"] * len(values),
        "stamps_ms": [START_MS] * len(values),
        "next_offset": first + len(values),
    }
    return RawBatch(**(fields | changed))
