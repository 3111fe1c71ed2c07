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


def webhook(transfer: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    """The call that tells of a transfer."""
    data: dict[str, Any] = {
        "orderCode": transfer.number,
        "amount": transfer.amount_vnd,
        "description": transfer.content,
        "accountNumber": transfer.account,
        "reference": str(transfer.number),
        "transactionDateTime": local(transfer.at),
        "currency": "VND",
        "paymentLinkId": _link(transfer),
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
        "counterAccountName": None,
        "counterAccountNumber": transfer.payer,
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


def event_id(transfer: Transfer) -> str:
    """Order, link and reference."""
    return f"{transfer.number}:{_link(transfer)}:{transfer.number}"


def _link(transfer: Transfer) -> str:
    return f"{transfer.number:032x}"
