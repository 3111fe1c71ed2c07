"""Viettel Money: base64 HMAC-SHA1 over the bare values one after the other, the access code first.

Facts 9.1. Two calls: the result of a payment (`read`, `answer`) and, before it, the question whether
an order is ours (models/payments/viettel_order.py). The number of an event is `vt_transaction_id`; a
refund or reversal of it has the status behind it, for both come under one number.

Values stand without anything between them, so a check sum alone does not tell where one ends: states
and amounts are held strictly, and a call that did not verify is never answered with a check sum, or
anybody could have any text signed by us. A phone may be masked or missing: it decides nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from types import NoneType

from models.envelope.rejected import Reason
from models.payments import query
from models.payments.body import digits, dong, identifier, json_object, text, wrong_signature
from models.payments.contract import (
    Answer,
    Call,
    Receivers,
    Refusal,
    RequestResult,
    Secret,
    VerifiedEvent,
    signed,
)
from models.payments.event import What
from models.payments.shape import FORM, JSON, Shape, said, texts

RESULT = (
    "billcode",
    "cust_msisdn",
    "error_code",
    "merchant_code",
    "order_id",
    "payment_status",
    "trans_amount",
    "vt_transaction_id",
)
"""In the order in which they are signed."""
REPLY = ("error_code", "merchant_code", "order_id")
PAID, SAVED, NOT_SAVED = "00", "00", "01"
_CODE = r"[^\x00-\x1f]{1,255}"
FORMS = {
    "billcode": _CODE,
    "error_code": r"[0-9A-Za-z]{2,3}",
    "merchant_code": _CODE,
    "order_id": _CODE,
    "payment_status": r"-?[0-9]{1,2}",
    "vt_transaction_id": _CODE,
}
AMOUNT = "trans_amount"


SHAPE = Shape(
    texts((*RESULT, "check_sum"), "cust_msisdn"),
    (FORM, JSON),
    reply=said((*REPLY, "return_url", "return_bill_code", "return_other_info", "check_sum")),
    # Everything is said in the body of a 200; it may also be told 503.
    statuses=(200, 503),
)


def check_sum(values: Mapping[str, str], names: tuple[str, ...], secret: Secret) -> str:
    """Base64 HMAC-SHA1 of the access code and the values of `names`."""
    written = secret.access_code + "".join(values.get(name, "") for name in names)
    made = hmac.new(secret.key.encode(), written.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def sign(values: Mapping[str, str], secret: Secret) -> str:
    """The check sum of a result."""
    return check_sum(values, RESULT, secret)


def values(call: Call) -> dict[str, str]:
    """Fields of a form or of a JSON object, numbers as they are written; raises Refusal."""
    kind, written = text(call, FORM, JSON)
    if kind == FORM:
        return query.fields(written)
    found = json_object(written, as_written=True)
    if not all(type(one) in (str, int, NoneType) for one in found.values()):
        raise Refusal(Reason.WRONG_TYPE, "trường: cần chữ hoặc số", "a field: expected text or a number")
    return {name: "" if one is None else str(one) for name, one in found.items()}


def verified(found: Mapping[str, str], names: tuple[str, ...], secret: Secret) -> bool:
    """A + of base64 may have arrived as a space; 27000.0 may have been signed as 27000."""
    given = found.get("check_sum", "").replace(" ", "+").encode("utf-8", "surrogatepass")
    written = [found]
    if AMOUNT in found and AMOUNT in names:
        written.append({**found, AMOUNT: re.sub(r"\.0+$", "", found[AMOUNT])})
    return any(hmac.compare_digest(given, check_sum(one, names, secret).encode()) for one in written)


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
    """The payment, refund or reversal; None for a failed one; held where error and state contradict. Viettel signs no time. Raises Refusal."""
    found = values(call)
    if not verified(found, RESULT, secret):
        raise wrong_signature("check_sum")
    with signed():
        return _event(found, call, secret, known)


def _event(found: dict[str, str], call: Call, secret: Secret, known: Receivers) -> VerifiedEvent | None:
    formed(found, RESULT)
    merchant = known.merchant(found["merchant_code"])
    amount = dong(digits(found.get(AMOUNT, ""), AMOUNT), AMOUNT)
    status = found["payment_status"]
    failed = found["error_code"] != PAID
    if failed and secret.statuses.get(status) is not What.PAYMENT:
        return None
    what = What.HELD if failed else _meaning(status, secret)
    number = identifier(found["vt_transaction_id"], "vt_transaction_id")
    paid = what is What.PAYMENT
    held = what is What.HELD
    return VerifiedEvent(
        event=number
        if paid
        else f"{number}:{found['error_code']}.{status}"
        if failed
        else f"{number}:{status}",
        at=call.received_at,
        timed=False,
        what=what,
        amount_vnd=amount,
        merchant=merchant,
        content=f"{found['billcode']} {found['order_id']}",
        payer=found.get("cust_msisdn") or None,
        original=None if paid else number,
        vi=f"Viettel: error_code {found['error_code']}, payment_status {status}" if held else "",
        en=f"Viettel: error_code {found['error_code']}, payment_status {status}" if held else "",
    )


def formed(found: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Raises Refusal for a field of another form."""
    for name in names:
        if name in FORMS and re.fullmatch(FORMS[name], found.get(name, "")) is None:
            raise Refusal(Reason.WRONG_TYPE, f"{name}: sai dạng hoặc thiếu", f"{name}: wrong form or missing")


def _meaning(status: str, secret: Secret) -> What:
    if status not in secret.statuses:
        raise Refusal(Reason.WRONG_TYPE, "payment_status: mã lạ", "payment_status: unknown code")
    return secret.statuses[status]


def answer(outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """error_code 00 saved, 01 not; signed only for a caller who is known to be Viettel."""
    try:
        found = values(call)
    except Refusal:
        found = {}
    signed = verified(found, RESULT, secret)
    saved = isinstance(outcome, RequestResult) and outcome is not RequestResult.UNAVAILABLE
    reply = {
        "error_code": SAVED if saved else NOT_SAVED,
        "merchant_code": found["merchant_code"] if signed else "",
        "order_id": found["order_id"] if signed else "",
        "return_url": "",
        "return_bill_code": found["billcode"] if signed else "",
        "return_other_info": "",
    }
    reply["check_sum"] = check_sum(reply, REPLY, secret) if signed else ""
    return Answer(503 if outcome is RequestResult.UNAVAILABLE else 200, json.dumps(reply).encode())
