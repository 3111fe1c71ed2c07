"""payOS: tells only of money that came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from infra.rehearsal.simulator.webhooks import PLAIN_SUCCESS, json_call, local
from models.payments.providers import payos

if TYPE_CHECKING:
    from datetime import datetime

    from infra.rehearsal.simulator.webhooks import Transfer, Webhook
    from models.payments.contract import Secret


SUCCESS = PLAIN_SUCCESS


def webhook(one: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    """The call that tells of a transfer."""
    data: dict[str, Any] = {
        "orderCode": one.number,
        "amount": one.amount_vnd,
        "description": one.content,
        "accountNumber": one.account,
        "reference": str(one.number),
        "transactionDateTime": local(one.at),
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
    return json_call("/payments/payos", msgspec.json.encode(body))


def event_id(one: Transfer) -> str:
    """Order, link and reference."""
    return f"{one.number}:{_link(one)}:{one.number}"


def _link(one: Transfer) -> str:
    return f"{one.number:032x}"
