"""Viettel Money: results, refunds and reversals under the payment's number, and the question before a payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.rehearsal.simulator.webhooks import Webhook
from models.payments import query
from models.payments.event import What
from models.payments.providers import viettel, viettel_order
from models.payments.shape import FORM

if TYPE_CHECKING:
    from datetime import datetime

    from infra.rehearsal.simulator.webhooks import Transfer
    from models.payments.contract import Secret


SUCCESS = (b'"error_code": "00"',)
STATUS = {What.PAYMENT: "1", What.REFUND: "4", What.REVERSAL: "5"}
"""1 is known; the others are the simulator's, its secret file says what they mean."""


def webhook(transfer: Transfer, secret: Secret, _sent: datetime) -> Webhook:
    """The call that tells of a transfer."""
    values = {
        "billcode": transfer.content or "BILL",
        "cust_msisdn": transfer.payer,
        "error_code": "00",
        "merchant_code": transfer.account,
        "order_id": f"ORD{transfer.number}",
        "payment_status": STATUS[transfer.what],
        "trans_amount": str(transfer.amount_vnd),
        "vt_transaction_id": str(transfer.number if transfer.original is None else transfer.original),
    }
    body = query.written(values | {"check_sum": viettel.sign(values, secret)})
    return Webhook("POST", "/payments/viettel", {"content-type": FORM}, body.encode())


def event_id(transfer: Transfer) -> str:
    """A refund is told under the payment's number."""
    return (
        str(transfer.number)
        if transfer.what is What.PAYMENT
        else f"{transfer.original}:{STATUS[transfer.what]}"
    )


def question(billcode: str, merchant: str, order: str, amount_vnd: int, secret: Secret) -> Webhook:
    """Viettel's question before a payment; the amount is only in the check sum."""
    values = {"billcode": billcode, "merchant_code": merchant, "order_id": order}
    signed = viettel_order.sign(values | {"trans_amount": str(amount_vnd)}, secret)
    body = query.written(values | {"check_sum": signed})
    return Webhook("POST", "/payments/viettel/verify", {"content-type": FORM}, body.encode())
