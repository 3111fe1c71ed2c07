"""Who tells us of payments: the codes that stand in the configuration, in stored rows and in addresses; the rows are models/payments/providers/registry.py."""

from __future__ import annotations

import enum


class Provider(enum.StrEnum):
    """Who tells us of a payment."""

    PAYOS = "payos"
    SEPAY = "sepay"
    CASSO = "casso"
    VIETTEL = "viettel"
    VNPAY = "vnpay"
