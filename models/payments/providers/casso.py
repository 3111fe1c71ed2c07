"""Casso V2: HMAC-SHA512 over a time in milliseconds and the body's fields, sorted at every level.

Facts 9.5; V1 with its bare token signs nothing and is not served. Casso names no limit for the
drift: ours is SePay's. The call that tries an address has id 0. A negative amount is money leaving:
see models/payments/outgoing.py.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime
from typing import Any

from models.envelope.rejected import Reason
from models.payments.body import dong, identifier, json_object, local, mapping, string, text, wrong_signature
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
from models.payments.shape import (
    COUNTER,
    JSON,
    LOCAL_TIME,
    MAYBE,
    NUMBER,
    SIGNED_AMOUNT,
    TEXT,
    Shape,
    json_schema,
)

SIGNATURE = "x-casso-signature"
DRIFT_MS = 300_000
_HEADER = re.compile(r"t=([0-9]{1,15}),\s*v1=([0-9A-Fa-f]{128})")


SHAPE = Shape(
    json_schema(
        {
            "error": {"const": 0},
            "data": json_schema(
                {
                    "id": NUMBER,
                    "description": TEXT,
                    "amount": SIGNED_AMOUNT,
                    "transactionDateTime": LOCAL_TIME,
                    "accountNumber": TEXT,
                    "reference": MAYBE,
                    **COUNTER,
                },
                *COUNTER,
                "reference",
            ),
        }
    ),
    headers={SIGNATURE: "^t=[0-9]{13},v1=[0-9a-fA-F]{128}$"},
)


def canonical(body: dict[str, Any]) -> str:
    """Compact JSON with sorted names, as JavaScript writes it: 5000.0 is 5000.

    >>> canonical({"error": 0, "data": {"id": 1, "amount": 5000.0}})
    '{"data":{"amount":5000,"id":1},"error":0}'
    """
    return json.dumps(_numbers(body), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _numbers(found: Any) -> Any:
    if isinstance(found, float) and found.is_integer():
        return int(found)
    if isinstance(found, dict):
        return {name: _numbers(one) for name, one in found.items()}
    if isinstance(found, list):
        return [_numbers(one) for one in found]
    return found


def _mac(timestamp_ms: str, body: dict[str, Any], secret: Secret) -> bytes:
    written = f"{timestamp_ms}.{canonical(body)}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.key.encode(), written, hashlib.sha512).hexdigest().encode()


def sign(timestamp_ms: str, body: dict[str, Any], secret: Secret) -> str:
    """The header `t=...,v1=...`."""
    return f"t={timestamp_ms},v1={_mac(timestamp_ms, body, secret).decode()}"


def verify(call: Call, body: dict[str, Any], secret: Secret, now: datetime) -> None:
    """Raises Refusal: wrong signature, else a rightly signed call of another time (a replay)."""
    found = _HEADER.fullmatch(call.headers.get(SIGNATURE, ""))
    if found is None or not hmac.compare_digest(found[2].lower().encode(), _mac(found[1], body, secret)):
        raise wrong_signature(SIGNATURE)
    if abs(now.timestamp() * 1000 - int(found[1])) > DRIFT_MS:
        raise Refusal(
            Reason.OLD_TIMESTAMP,
            f"{SIGNATURE}: t lệch hơn {DRIFT_MS} mili giây",
            f"{SIGNATURE}: t is more than {DRIFT_MS} ms from now",
        )


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
    """The payment or refund; None for the test. Raises Refusal."""
    body = json_object(text(call, JSON)[1])
    verify(call, body, secret, now)
    with signed():
        return _event(body, call, known)


def _event(body: dict[str, Any], call: Call, known: Receivers) -> VerifiedEvent | None:
    if body.get("error") != 0:
        raise Refusal(Reason.WRONG_TYPE, "error: cần 0", "error: expected 0")
    data = mapping(body.get("data"), "data", "data")
    if type(data.get("id")) is int and data["id"] == 0:
        return None
    merchant = known.merchant(string(data, "virtualAccountNumber"), string(data, "accountNumber"))
    amount, out = _amount(data.get("amount"))
    content = string(data, "description")
    return VerifiedEvent(
        event=identifier(data.get("id"), "data.id"),
        at=local(data, "transactionDateTime", call.received_at),
        what=What.REFUND if out else What.PAYMENT,
        amount_vnd=amount,
        merchant=merchant,
        content=content,
        payer=string(data, "counterAccountNumber") or None,
        original=refunded(content) if out else None,
        account=string(data, "accountNumber"),
        reference=string(data, "reference"),
    )


def _amount(found: Any) -> tuple[int, bool]:
    """Đồng, and whether they left."""
    out = isinstance(found, int | float) and found < 0
    return dong(-found if out else found, "data.amount"), out


def answer(outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """200 and `{"success": true}`."""
    return plain_answer(outcome)
