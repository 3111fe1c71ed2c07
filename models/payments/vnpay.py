"""VNPay IPN 2.1.0: a GET whose sorted, URL-encoded parameters are signed with HMAC-SHA512.

Source: sandbox.vnpayment.vn/apis/docs (facts 9.6). `vnp_Amount` is đồng times 100. Paid when
vnp_ResponseCode and vnp_TransactionStatus are 00. Of VNPay's other states 04 (the bank took the money
and VNPay failed) is a reversal and 06 (given back to the bank) a refund of the same
vnp_TransactionNo; that an IPN tells them is our assumption. An order is known by its terminal
(vnp_TmnCode), for the commune keeps no orders.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from models.payments import query
from models.payments.body import digits, dong, identifier, moment, wrong_signature
from models.payments.event import What
from models.payments.told import MAX_BYTES, Answer, Call, Outcome, Receivers, Refusal, Secret, Told
from models.rejected import Reason

HASHES = ("vnp_SecureHash", "vnp_SecureHashType")
PAID = "00"
TAKEN_BACK = {"04": What.REVERSAL, "06": What.REFUND}
HUNDRED = 100
DAY = "%Y%m%d%H%M%S"
REPLIES: dict[Outcome | Reason, tuple[str, str]] = {
    Outcome.TAKEN: ("00", "Confirm Success"),
    Outcome.NOTHING: ("00", "Confirm Success"),
    Outcome.KNOWN: ("02", "Order already confirmed"),
    Reason.UNKNOWN_MERCHANT: ("01", "Order not found"),
    Reason.WRONG_AMOUNT: ("04", "Invalid amount"),
    Reason.WRONG_SIGNATURE: ("97", "Invalid signature"),
}
OTHER = ("99", "Unknown error")


def canonical(values: dict[str, str]) -> str:
    """`k=v&...` of the vnp_ parameters, sorted, without the hash."""
    return query.written(
        {name: one for name, one in values.items() if name.startswith("vnp_") and name not in HASHES}
    )


def sign(values: dict[str, str], secret: Secret) -> str:
    """Hexadecimal HMAC-SHA512."""
    return hmac.new(secret.key.encode(), canonical(values).encode(), hashlib.sha512).hexdigest()


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> Told | None:
    """The payment, refund or reversal; None for a failed one. VNPay signs no time of sending.

    In VNPay's order: signature, order, amount, state. Raises Refusal.
    """
    if len(call.query) > MAX_BYTES:
        raise Refusal(Reason.TOO_BIG, "chuỗi truy vấn quá lớn", "the query is too big")
    found = query.fields(call.query)
    given = found.get(HASHES[0], "").lower().encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, sign(found, secret).encode()):
        raise wrong_signature(HASHES[0])
    merchant = known.merchant(found.get("vnp_TmnCode", ""))
    amount = _amount(found.get("vnp_Amount", ""))
    what = _state(found)
    if what is None:
        return None
    number = identifier(found.get("vnp_TransactionNo"), "vnp_TransactionNo")
    paid = what is What.PAYMENT
    return Told(
        # Parts may be given back one by one: the amount tells them apart.
        event=number if paid else f"{number}:{found['vnp_TransactionStatus']}:{amount}",
        at=moment(found.get("vnp_PayDate", ""), DAY, "vnp_PayDate", call.received_at),
        what=what,
        amount_vnd=amount,
        merchant=merchant,
        content=f"{found.get('vnp_OrderInfo', '')} {found.get('vnp_TxnRef', '')}",
        original=None if paid else number,
    )


def _amount(written: str) -> int:
    whole, rest = divmod(digits(written, "vnp_Amount"), HUNDRED)
    if rest:
        raise Refusal(
            Reason.WRONG_AMOUNT, "vnp_Amount: không chia hết cho 100", "vnp_Amount: no multiple of 100"
        )
    return dong(whole, "vnp_Amount / 100")


def _state(found: dict[str, str]) -> What | None:
    state = found.get("vnp_TransactionStatus", "")
    if state == found.get("vnp_ResponseCode") == PAID:
        return What.PAYMENT
    return TAKEN_BACK.get(state)


def answer(outcome: Outcome | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """Always HTTP 200: RspCode says it; 99 makes VNPay repeat the call."""
    code, message = REPLIES.get(outcome, OTHER)
    return Answer(200, json.dumps({"RspCode": code, "Message": message}).encode())
