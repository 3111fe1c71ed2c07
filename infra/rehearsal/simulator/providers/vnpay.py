"""VNPay: a GET; refunds and reversals under the payment's number, told apart by state and amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.rehearsal.simulator.webhooks import Webhook
from models.payments import query
from models.payments.body import VIETNAM
from models.payments.event import What
from models.payments.providers import vnpay

if TYPE_CHECKING:
    from datetime import datetime

    from infra.rehearsal.simulator.webhooks import Transfer
    from models.payments.contract import Secret


SUCCESS = (b'"RspCode": "00"', b'"RspCode": "02"')
"""02: its word for a payment that is known already."""
STATUS = {What.PAYMENT: "00", What.REFUND: "06", What.REVERSAL: "04"}


def webhook(transfer: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    """The call that tells of a transfer."""
    values = {
        "vnp_Amount": str(transfer.amount_vnd * 100),
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": transfer.content,
        "vnp_PayDate": transfer.at.astimezone(VIETNAM).strftime(vnpay.DAY),
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": transfer.account,
        "vnp_TransactionNo": str(transfer.number if transfer.original is None else transfer.original),
        "vnp_TransactionStatus": STATUS[transfer.what],
        "vnp_TxnRef": f"ORD{transfer.number}",
    }
    written = query.written(values | {vnpay.HASHES[0]: vnpay.sign(values, secret)})
    return Webhook("GET", f"/payments/vnpay?{written}")


def event_id(transfer: Transfer) -> str:
    """A refund is told under the payment's number."""
    if transfer.what is What.PAYMENT:
        return str(transfer.number)
    return f"{transfer.original}:{STATUS[transfer.what]}:{transfer.amount_vnd}"
