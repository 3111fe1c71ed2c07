"""SePay: HMAC-SHA256 over the timestamp and the raw body.

Source: developer.sepay.vn (facts 9.3). Of its ways to authenticate only this one is served: the
others sign nothing. Repeated up to seven times until `{"success": true}`; `id` tells a repetition.
`transferType` out is money leaving: see models/payments/outgoing.py.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from typing import Any

from models.envelope.rejected import Reason
from models.payments.body import dong, identifier, json_object, local, string, text, wrong_signature
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
from models.payments.outgoing import refunded
from models.payments.shape import AMOUNT, JSON, LOCAL_TIME, MAYBE, NUMBER, TEXT, Shape, json_schema

SIGNATURE, TIMESTAMP = "x-sepay-signature", "x-sepay-timestamp"
DRIFT_S = 300
"""SePay's own limit."""


SHAPE = Shape(
    json_schema(
        {
            "id": NUMBER,
            "transactionDate": LOCAL_TIME,
            "accountNumber": TEXT,
            "subAccount": MAYBE,
            "content": TEXT,
            "transferType": {"enum": ["in", "out"]},
            "transferAmount": AMOUNT,
            "referenceCode": MAYBE,
        },
        "subAccount",
        "referenceCode",
    ),
    headers={TIMESTAMP: r"^[0-9]{10}$", SIGNATURE: "^sha256=[0-9a-fA-F]{64}$"},
)


def sign(timestamp: str, body: bytes, secret: Secret) -> str:
    """`sha256=` and hexadecimal HMAC-SHA256 of `{timestamp}.{body}`."""
    made = hmac.new(secret.key.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"


def verify(call: Call, secret: Secret, now: datetime) -> None:
    """Raises Refusal: wrong signature, else a rightly signed call of another time (a replay)."""
    stamp = call.headers.get(TIMESTAMP, "")
    given = call.headers.get(SIGNATURE, "").lower().encode()
    if re.fullmatch(r"[0-9]{1,12}", stamp) is None or not hmac.compare_digest(
        given, sign(stamp, call.body, secret).encode()
    ):
        raise wrong_signature(SIGNATURE)
    if abs(now.timestamp() - int(stamp)) > DRIFT_S:
        raise Refusal(
            Reason.OLD_TIMESTAMP,
            f"{TIMESTAMP}: lệch hơn {DRIFT_S} giây",
            f"{TIMESTAMP}: more than {DRIFT_S} s from now",
        )


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
    """The payment or refund. Raises Refusal."""
    written = text(call, JSON)[1]
    verify(call, secret, now)
    with signed():
        return _event(json_object(written), call, known)


def _event(data: dict[str, Any], call: Call, known: Receivers) -> VerifiedEvent:
    merchant = known.merchant(string(data, "subAccount"), string(data, "accountNumber"))
    amount = dong(data.get("transferAmount"), "transferAmount")
    what, original = _direction(data)
    return VerifiedEvent(
        event=identifier(data.get("id"), "id"),
        at=local(data, "transactionDate", call.received_at),
        what=what,
        amount_vnd=amount,
        merchant=merchant,
        content=string(data, "content"),
        original=original,
        account=string(data, "accountNumber"),
        reference=string(data, "referenceCode"),
    )


def _direction(data: dict[str, Any]) -> tuple[What, str | None]:
    kind = string(data, "transferType")
    if kind == "in":
        return What.PAYMENT, None
    if kind == "out":
        return What.REFUND, refunded(string(data, "content"))
    raise Refusal(Reason.WRONG_TYPE, "transferType: cần in hoặc out", "transferType: expected in or out")


def answer(outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """200 and `{"success": true}`, within 5 s."""
    return plain_answer(outcome)
