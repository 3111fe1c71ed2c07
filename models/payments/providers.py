"""Every call that the endpoint takes: who calls, where, and by which contract."""

from __future__ import annotations

from dataclasses import dataclass

from models.payments import casso, payos, sepay, viettel, viettel_order, vnpay
from models.payments.configuration import Provider
from models.payments.told import Contract


@dataclass(frozen=True, slots=True)
class Door:
    """One address."""

    provider: Provider
    method: str
    path: str
    contract: Contract


ORDERS = Door(Provider.VIETTEL, "POST", "/payments/viettel/verify", viettel_order)
DOORS = (
    Door(Provider.PAYOS, "POST", "/payments/payos", payos),
    Door(Provider.SEPAY, "POST", "/payments/sepay", sepay),
    Door(Provider.CASSO, "POST", "/payments/casso", casso),
    Door(Provider.VIETTEL, "POST", "/payments/viettel", viettel),
    ORDERS,
    Door(Provider.VNPAY, "GET", "/payments/vnpay", vnpay),
)
