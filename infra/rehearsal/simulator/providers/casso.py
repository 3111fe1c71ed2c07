"""Casso V2: a feed of a bank account, money going out included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from infra.rehearsal.simulator.webhooks import PLAIN_SUCCESS, json_call, local, text
from models.payments.event import What
from models.payments.providers import casso

if TYPE_CHECKING:
    from datetime import datetime

    from infra.rehearsal.simulator.webhooks import Transfer, Webhook
    from models.payments.contract import Secret


SUCCESS = PLAIN_SUCCESS


def webhook(transfer: Transfer, secret: Secret, sent: datetime) -> Webhook:
    """The call that tells of a transfer, signed at `sent`."""
    body = {
        "error": 0,
        "data": {
            "id": transfer.number,
            "reference": f"FT{transfer.number}",
            "description": text(transfer),
            "amount": transfer.amount_vnd if transfer.what is What.PAYMENT else -transfer.amount_vnd,
            "runningBalance": 0,
            "transactionDateTime": local(transfer.at),
            "accountNumber": transfer.account,
            "bankName": "VPBank",
            "bankAbbreviation": "VPB",
            "virtualAccountNumber": "",
            "counterAccountNumber": transfer.payer,
        },
    }
    signed = casso.sign(str(round(sent.timestamp() * 1000)), body, secret)
    return json_call("/payments/casso", msgspec.json.encode(body), x_casso_signature=signed)


def event_id(transfer: Transfer) -> str:
    """The `event` under which the endpoint knows it."""
    return str(transfer.number)
