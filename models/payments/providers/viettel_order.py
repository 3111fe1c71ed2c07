"""Viettel's question before a payment: is this order yours, and for how much?

Facts 9.1. The call has no amount, yet its check sum is made with the order's. The commune keeps no
orders: an order is for one of the merchant's fixed tariffs, and the check sum tells for which (or
`trans_amount`, where it is sent). Nothing is stored, for no money moved.
"""

from __future__ import annotations

import json
from datetime import datetime

from models.envelope.rejected import Reason
from models.payments.body import digits, dong, wrong_signature
from models.payments.contract import Answer, Call, Receivers, RequestResult, Secret, VerifiedEvent
from models.payments.providers.viettel import check_sum, formed, values, verified
from models.payments.shape import FORM, JSON, Shape, said, texts

ASKED = ("billcode", "merchant_code", "order_id", "trans_amount")
REPLY = ("billcode", "error_code", "merchant_code", "order_id", "trans_amount")
CODES = {Reason.WRONG_SIGNATURE: "02", Reason.UNKNOWN_MERCHANT: "03"}
OK, WRONG_DATA = "00", "01"


SHAPE = Shape(
    texts((*ASKED, "check_sum"), "trans_amount"),
    (FORM, JSON),
    reply=said((*REPLY, "check_sum")),
    statuses=(200, 503),
)


def sign(asked: dict[str, str], secret: Secret) -> str:
    """The check sum of a question; `asked` holds the order's amount."""
    return check_sum(asked, ASKED, secret)


def order(call: Call, secret: Secret, known: Receivers) -> dict[str, str]:
    """The question with its amount; raises Refusal."""
    found = values(call)
    formed(found, ASKED)
    merchant = known.merchant(found["merchant_code"])
    if "trans_amount" in found:
        dong(digits(found["trans_amount"], "trans_amount"), "trans_amount")
        tried = [found]
    else:
        tried = [found | {"trans_amount": str(one)} for one in known.tariffs.get(merchant, ())]
    for one in tried:
        if verified(one, ASKED, secret):
            return one
    raise wrong_signature("check_sum")


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
    """Always None: a question moves no money. Raises Refusal."""
    order(call, secret, known)
    return None


def answer(outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """00 and signed where the order is ours; else 01 data, 02 check sum, 03 partner, never signed:

    that caller may be anybody.
    """
    if outcome is RequestResult.NOTHING:
        said = {name: one for name, one in order(call, secret, known).items() if name in REPLY}
        said["error_code"] = OK
        return Answer(200, json.dumps(said | {"check_sum": check_sum(said, REPLY, secret)}).encode())
    code = CODES.get(outcome, WRONG_DATA) if isinstance(outcome, Reason) else WRONG_DATA
    said = dict.fromkeys(REPLY, "") | {"error_code": code, "check_sum": ""}
    return Answer(503 if outcome is RequestResult.UNAVAILABLE else 200, json.dumps(said).encode())
