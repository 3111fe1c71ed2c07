"""SePay: a feed of a bank account, money going out included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from infra.rehearsal.simulator.webhooks import PLAIN_SUCCESS, json_call, local, text
from models.payments.event import What
from models.payments.providers import sepay

if TYPE_CHECKING:
    from datetime import datetime

    from infra.rehearsal.simulator.webhooks import Transfer, Webhook
    from models.payments.contract import Secret


SUCCESS = PLAIN_SUCCESS


def webhook(transfer: Transfer, secret: Secret, sent: datetime) -> Webhook:
    """The call that tells of a transfer, signed at `sent`."""
    body = msgspec.json.encode(
        {
            "id": transfer.number,
            "gateway": "Vietcombank",
            "transactionDate": local(transfer.at),
            "accountNumber": transfer.account,
            "subAccount": None,
            "code": None,
            "content": text(transfer),
            "transferType": "in" if transfer.what is What.PAYMENT else "out",
            "description": "",
            "transferAmount": transfer.amount_vnd,
            "accumulated": 0,
            "referenceCode": f"FT{transfer.number}",
        }
    )
    stamp = str(int(sent.timestamp()))
    signed = sepay.sign(stamp, body, secret)
    return json_call("/payments/sepay", body, x_sepay_timestamp=stamp, x_sepay_signature=signed)


def event_id(transfer: Transfer) -> str:
    """The `event` under which the endpoint knows it."""
    return str(transfer.number)
