"""VNPay IPN 2.1.0: a GET whose sorted, URL-encoded parameters are signed with HMAC-SHA512.

Source: sandbox.vnpayment.vn/apis/docs (facts 9.6), its tables of vnp_TransactionStatus and
vnp_ResponseCode. `vnp_Amount` is đồng times 100. An order is known by its terminal (vnp_TmnCode), for
the commune keeps no orders.

    state   as VNPay says                                         as we take it
    00      done (and vnp_ResponseCode 00)                        payment
    01, 02  not complete; failed                                  nothing: no money moved
    04      taken at the bank, not paid at VNPay                  reversal of the same vnp_TransactionNo
    05      a refund that VNPay works on                          held: not back yet
    06      a refund sent to the bank                             refund
    07      suspected of fraud; as vnp_ResponseCode 07: the       held
            money was taken
    09      a refund that the bank refused                        held: it is not back
    other, or 00 with another vnp_ResponseCode                    held: not guessed

That an IPN tells the states of refunds is our assumption. A 04 whose payment was never told stands in
the view `money_for_a_person` like what is held: the payer's money is gone, and nothing was paid.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime

from models.envelope.rejected import Reason
from models.payments import query
from models.payments.body import digits, dong, identifier, moment, wrong_signature
from models.payments.contract import (
    MAX_BYTES,
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
from models.payments.identity import name
from models.payments.shape import Shape, json_schema

HASHES = ("vnp_SecureHash", "vnp_SecureHashType")
PAID = "00"
STATES: dict[str, What | None] = {
    PAID: What.PAYMENT,
    "01": None,
    "02": None,
    "04": What.REVERSAL,
    "05": What.HELD,
    "06": What.REFUND,
    "07": What.HELD,
    "09": What.HELD,
}
SUSPECT = "07"
"""As vnp_ResponseCode: the money was taken, the transaction is suspect."""
WORDS = {
    "05": ("VNPay đang hoàn tiền, chưa về", "VNPay works on a refund, the money is not back"),
    "07": (
        "đã trừ tiền, giao dịch bị nghi gian lận, chưa tính là đã trả",
        "money taken, suspected of fraud, not paid",
    ),
    "09": ("ngân hàng từ chối hoàn tiền, tiền chưa về", "the bank refused the refund, the money is not back"),
}
HUNDRED = 100
DAY = "%Y%m%d%H%M%S"
REPLIES: dict[RequestResult | Reason, tuple[str, str]] = {
    RequestResult.TAKEN: ("00", "Confirm Success"),
    RequestResult.NOTHING: ("00", "Confirm Success"),
    RequestResult.KNOWN: ("02", "Order already confirmed"),
    Reason.UNKNOWN_MERCHANT: ("01", "Order not found"),
    Reason.WRONG_AMOUNT: ("04", "Invalid amount"),
    Reason.WRONG_SIGNATURE: ("97", "Invalid signature"),
}
OTHER = ("99", "Unknown error")


SHAPE = Shape(
    query={
        "vnp_Amount": "^[1-9][0-9]*00$",
        "vnp_OrderInfo": "^.{0,255}$",
        "vnp_PayDate": "^[0-9]{14}$",
        "vnp_ResponseCode": "^[0-9]{2}$",
        "vnp_TmnCode": "^[A-Za-z0-9_]{1,32}$",
        "vnp_TransactionNo": "^[0-9]{1,15}$",
        "vnp_TransactionStatus": "^[0-9]{2}$",
        "vnp_TxnRef": "^[A-Za-z0-9_-]{1,100}$",
        HASHES[0]: "^[0-9a-fA-F]{128}$",
    },
    reply=json_schema(
        {"RspCode": {"enum": ["00", "01", "02", "04", "97", "99"]}, "Message": {"type": "string"}}
    ),
    # Everything is said in the body of a 200.
    statuses=(200,),
)


def canonical(values: dict[str, str]) -> str:
    """`k=v&...` of the vnp_ parameters, sorted, without the hash."""
    return query.written(
        {name: value for name, value in values.items() if name.startswith("vnp_") and name not in HASHES}
    )


def sign(values: dict[str, str], secret: Secret) -> str:
    """Hexadecimal HMAC-SHA512."""
    return hmac.new(secret.key.encode(), canonical(values).encode(), hashlib.sha512).hexdigest()


def read(call: Call, secret: Secret, known: Receivers, now: datetime) -> VerifiedEvent | None:
    """The payment, what was taken back or is held; None where no money moved. VNPay signs no time of sending.

    In VNPay's order: signature, order, amount, state. Raises Refusal.
    """
    if len(call.query) > MAX_BYTES:
        raise Refusal(Reason.TOO_BIG, "chuỗi truy vấn quá lớn", "the query is too big")
    found = query.fields(call.query)
    given = found.get(HASHES[0], "").lower().encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, sign(found, secret).encode()):
        raise wrong_signature(HASHES[0])
    with signed():
        return _event(found, call, known)


def _event(found: dict[str, str], call: Call, known: Receivers) -> VerifiedEvent | None:
    merchant = known.merchant(found.get("vnp_TmnCode", ""))
    amount = _amount(found.get("vnp_Amount", ""))
    what = _state(found)
    if what is None:
        return None
    number = _number(found)
    paid, held = what is What.PAYMENT, what is What.HELD
    state, response = (_code(found, one) for one in ("vnp_TransactionStatus", "vnp_ResponseCode"))
    vi, en = WORDS.get(SUSPECT if response == SUSPECT else state, ("trạng thái lạ", "an unknown state"))
    return VerifiedEvent(
        # Parts may be given back one by one: the amount tells them apart.
        event=number if paid else f"{number}:{f'{state}.{response}' if held else state}:{amount}",
        at=_at(found, call, held=held),
        timed=bool(found.get("vnp_PayDate")),
        what=what,
        amount_vnd=amount,
        merchant=merchant,
        content=f"{found.get('vnp_OrderInfo', '')} {found.get('vnp_TxnRef', '')}",
        original=None if paid else number,
        vi=f"VNPay {state}/{response}: {vi}" if held else "",
        en=f"VNPay {state}/{response}: {en}" if held else "",
    )


def _at(found: dict[str, str], call: Call, *, held: bool) -> datetime:
    """vnp_PayDate; what is held may have none."""
    written = found.get("vnp_PayDate", "")
    return call.received_at if held and not written else moment(written, DAY, "vnp_PayDate", call.received_at)


def _number(found: dict[str, str]) -> str:
    """VNPay's own number; what it gave none (0) is known by our order and its time."""
    number = found.get("vnp_TransactionNo", "")
    if number.strip("0 "):
        return identifier(number, "vnp_TransactionNo")
    return name(identifier(found.get("vnp_TxnRef"), "vnp_TxnRef"), found.get("vnp_PayDate", ""))


def _code(found: dict[str, str], field: str) -> str:
    """A code as VNPay writes it; "?" for anything else: it goes into a name."""
    written = found.get(field, "")
    return written if re.fullmatch(r"[0-9A-Za-z]{1,4}", written) else "?"


def _amount(written: str) -> int:
    whole, rest = divmod(digits(written, "vnp_Amount"), HUNDRED)
    if rest:
        raise Refusal(
            Reason.WRONG_AMOUNT, "vnp_Amount: không chia hết cho 100", "vnp_Amount: no multiple of 100"
        )
    return dong(whole, "vnp_Amount / 100")


def _state(found: dict[str, str]) -> What | None:
    state, response = found.get("vnp_TransactionStatus", ""), found.get("vnp_ResponseCode", "")
    what = STATES.get(state, What.HELD)
    if response == SUSPECT or (what is What.PAYMENT and response != PAID):
        return What.HELD
    return what


def answer(outcome: RequestResult | Reason, call: Call, secret: Secret, known: Receivers) -> Answer:
    """Always HTTP 200: RspCode says it; 99 makes VNPay repeat the call."""
    code, message = REPLIES.get(outcome, OTHER)
    return Answer(200, json.dumps({"RspCode": code, "Message": message}).encode())
