"""A payment as each provider would tell it over HTTP, rightly signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from models.payments import casso, payos, query, sepay, viettel, viettel_order, vnpay
from models.payments.body import FORM, JSON, LOCAL, VIETNAM
from models.payments.configuration import Provider
from models.payments.event import What
from models.payments.told import Secret


@dataclass(frozen=True, slots=True)
class Transfer:
    """What happened at the bank. `number` is the provider's own id (digits), `account` how it calls the receiver.

    `original`: the `number` that a refund or reversal takes back. payOS tells no refund.
    """

    number: int
    at: datetime
    amount_vnd: int
    account: str
    content: str = ""
    payer: str = "84912000001"
    what: What = What.PAYMENT
    original: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """One HTTP call; `path` with its query."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def event_id(provider: Provider, one: Transfer) -> str:
    """The `event` under which the endpoint books it.

    Viettel and VNPay tell a refund under the payment's number, payOS has order, link and reference.
    """
    if provider is Provider.PAYOS:
        return f"{one.number}:{_link(one)}:{one.number}"
    if one.what is What.PAYMENT or provider not in (Provider.VIETTEL, Provider.VNPAY):
        return str(one.number)
    if provider is Provider.VIETTEL:
        return f"{one.original}:{VIETTEL_STATUS[one.what]}"
    return f"{one.original}:{VNPAY_STATUS[one.what]}:{one.amount_vnd}"


VIETTEL_STATUS = {What.PAYMENT: "1", What.REFUND: "4", What.REVERSAL: "5"}
"""1 is known; the others are the simulator's, its secret file says what they mean."""
VNPAY_STATUS = {What.PAYMENT: "00", What.REFUND: "06", What.REVERSAL: "04"}


def webhook(provider: Provider, one: Transfer, secret: Secret, sent: datetime) -> Webhook:
    """The call as `provider` sends it at `sent` (real time: two of them sign it)."""
    return _MADE[provider](one, secret, sent)


def _link(one: Transfer) -> str:
    return f"{one.number:032x}"


def _local(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(LOCAL)


def _text(one: Transfer) -> str:
    return one.content if one.original is None else f"HOAN TIEN {one.original} {one.content}".strip()


def _json(path: str, body: bytes, **headers: str) -> Webhook:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Webhook("POST", path, {"content-type": JSON, **named}, body)


def _payos(one: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    data: dict[str, Any] = {
        "orderCode": one.number,
        "amount": one.amount_vnd,
        "description": one.content,
        "accountNumber": one.account,
        "reference": str(one.number),
        "transactionDateTime": _local(one.at),
        "currency": "VND",
        "paymentLinkId": _link(one),
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
        "counterAccountName": None,
        "counterAccountNumber": one.payer,
        "virtualAccountName": "",
        "virtualAccountNumber": "",
    }
    body = {
        "code": "00",
        "desc": "success",
        "success": True,
        "data": data,
        "signature": payos.sign(data, secret),
    }
    return _json("/payments/payos", msgspec.json.encode(body))


def _sepay(one: Transfer, secret: Secret, sent: datetime) -> Webhook:
    body = msgspec.json.encode(
        {
            "id": one.number,
            "gateway": "Vietcombank",
            "transactionDate": _local(one.at),
            "accountNumber": one.account,
            "subAccount": None,
            "code": None,
            "content": _text(one),
            "transferType": "in" if one.what is What.PAYMENT else "out",
            "description": "",
            "transferAmount": one.amount_vnd,
            "accumulated": 0,
            "referenceCode": f"FT{one.number}",
        }
    )
    stamp = str(int(sent.timestamp()))
    signed = sepay.sign(stamp, body, secret)
    return _json("/payments/sepay", body, x_sepay_timestamp=stamp, x_sepay_signature=signed)


def _casso(one: Transfer, secret: Secret, sent: datetime) -> Webhook:
    body = {
        "error": 0,
        "data": {
            "id": one.number,
            "reference": f"FT{one.number}",
            "description": _text(one),
            "amount": one.amount_vnd if one.what is What.PAYMENT else -one.amount_vnd,
            "runningBalance": 0,
            "transactionDateTime": _local(one.at),
            "accountNumber": one.account,
            "bankName": "VPBank",
            "bankAbbreviation": "VPB",
            "virtualAccountNumber": "",
            "counterAccountNumber": one.payer,
        },
    }
    signed = casso.sign(str(round(sent.timestamp() * 1000)), body, secret)
    return _json("/payments/casso", msgspec.json.encode(body), x_casso_signature=signed)


def _viettel(one: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    values = {
        "billcode": one.content or "BILL",
        "cust_msisdn": one.payer,
        "error_code": "00",
        "merchant_code": one.account,
        "order_id": f"ORD{one.number}",
        "payment_status": VIETTEL_STATUS[one.what],
        "trans_amount": str(one.amount_vnd),
        "vt_transaction_id": str(one.number if one.original is None else one.original),
    }
    body = query.written(values | {"check_sum": viettel.sign(values, secret)})
    return Webhook("POST", "/payments/viettel", {"content-type": FORM}, body.encode())


def _vnpay(one: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    values = {
        "vnp_Amount": str(one.amount_vnd * 100),
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": one.content,
        "vnp_PayDate": one.at.astimezone(VIETNAM).strftime(vnpay.DAY),
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": one.account,
        "vnp_TransactionNo": str(one.number if one.original is None else one.original),
        "vnp_TransactionStatus": VNPAY_STATUS[one.what],
        "vnp_TxnRef": f"ORD{one.number}",
    }
    written = query.written(values | {vnpay.HASHES[0]: vnpay.sign(values, secret)})
    return Webhook("GET", f"/payments/vnpay?{written}")


def viettel_question(billcode: str, merchant: str, order: str, amount_vnd: int, secret: Secret) -> Webhook:
    """Viettel's question before a payment; the amount is only in the check sum."""
    values = {"billcode": billcode, "merchant_code": merchant, "order_id": order}
    signed = viettel_order.sign(values | {"trans_amount": str(amount_vnd)}, secret)
    body = query.written(values | {"check_sum": signed})
    return Webhook("POST", "/payments/viettel/verify", {"content-type": FORM}, body.encode())


_MADE: dict[Provider, Callable[[Transfer, Secret, datetime], Webhook]] = {
    Provider.PAYOS: _payos,
    Provider.SEPAY: _sepay,
    Provider.CASSO: _casso,
    Provider.VIETTEL: _viettel,
    Provider.VNPAY: _vnpay,
}
