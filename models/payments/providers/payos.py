"""payOS: the signature is over the fields of `data`, sorted by name.

Source: payos.vn/docs (facts 9.4); the published example verifies. Only money that came in is told,
so there is no refund. An event is known by `orderCode`, `paymentLinkId` and `reference` together (models/payments/identity.py).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from models.envelope.rejected import Reason
from models.payments.body import dong, json_object, local, mapping, string, text, wrong_signature
from models.payments.contract import (
    Answer,
    Call,
    Receivers,
    Refusal,
    RequestResult,
    Secret,
    VerifiedEvent,
    plain_answer,
    signed,
)
from models.payments.event import What
from models.payments.identity import name
from models.payments.shape import AMOUNT, COUNTER, JSON, LOCAL_TIME, MAYBE, NUMBER, TEXT, Shape, json_schema

PAID = "00"
CURRENCY = "VND"
TESTS = ("VQRIO123", "Ma giao dich thu nghiem")
"""Texts of the call by which payOS tries an address, as its own examples tell it; nobody paid."""
TEST_ORDER = 123
NONE = "0"
"""Stands in a name for what is not told; no order has this code."""
EMPTY = (None, "null", "undefined")


SHAPE = Shape(
    json_schema(
        {
            "data": json_schema(
                {
                    "orderCode": NUMBER,
                    "amount": AMOUNT,
                    "description": TEXT,
                    "accountNumber": TEXT,
                    "reference": TEXT,
                    "paymentLinkId": MAYBE,
                    "transactionDateTime": LOCAL_TIME,
                    "currency": TEXT,
                    "code": TEXT,
                    **COUNTER,
                },
                *COUNTER,
                "paymentLinkId",
            ),
            "signature": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
        }
    )
)


def canonical(data: dict[str, Any]) -> str:
    """`k=v&...` sorted by name; null is empty; a number as JavaScript writes it.

    >>> canonical({"b": None, "a": 3000})
    'a=3000&b='
    """
    return "&".join(f"{name}={_value(data[name])}" for name in sorted(data))


def _value(found: Any) -> str:
    if isinstance(found, str):
        return "" if found in EMPTY else found
    if found is None:
        return ""
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sign(data: dict[str, Any], secret: Secret) -> str:
    """Hexadecimal HMAC-SHA256."""
    written = canonical(data).encode("utf-8", "surrogatepass")
    return hmac.new(secret.key.encode(), written, hashlib.sha256).hexdigest()


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
    """The payment; None for a failed one or a test. payOS signs no time. Raises Refusal."""
    body = json_object(text(call, JSON)[1])
    data = mapping(body.get("data"), "data", "data")
    given = body.get("signature")
    if not isinstance(given, str) or not hmac.compare_digest(
        given.lower().encode("utf-8", "surrogatepass"), sign(data, secret).encode()
    ):
        raise wrong_signature("signature")
    with signed():
        return _event(data, call, known)


def _event(data: dict[str, Any], call: Call, known: Receivers) -> VerifiedEvent | None:
    if data.get("orderCode") == TEST_ORDER and data.get("description") in TESTS:
        return None
    merchant = known.merchant(string(data, "virtualAccountNumber"), string(data, "accountNumber"))
    if string(data, "currency").upper() not in {"", CURRENCY}:
        raise Refusal(Reason.WRONG_AMOUNT, "data.currency: chỉ nhận VND", "data.currency: only VND")
    amount = dong(data.get("amount"), "data.amount")
    if string(data, "code") != PAID:
        return None
    return VerifiedEvent(
        event=name(*_names(data)),
        at=local(data, "transactionDateTime", call.received_at),
        what=What.PAYMENT,
        amount_vnd=amount,
        merchant=merchant,
        content=string(data, "description"),
        payer=string(data, "counterAccountNumber") or None,
        account=string(data, "accountNumber"),
        reference=string(data, "reference"),
    )


def _names(data: dict[str, Any]) -> list[str]:
    """Order, link and transfer, 0 where one is not told; a transfer without an order is known by account and time."""
    order = [string(data, one) or NONE for one in ("orderCode", "paymentLinkId")]
    if order == [NONE, NONE]:
        order += [string(data, one) or NONE for one in ("accountNumber", "transactionDateTime")]
    return [*order, string(data, "reference") or NONE]


def answer(outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """2xx and `{"success": true}`."""
    return plain_answer(outcome)
