"""How far the commune is without cash, against what it set itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.payments.configuration import MerchantKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.payments.configuration import Payments


class Paid(msgspec.Struct, frozen=True):
    """What matters of a payment that stands (what went back whole does not)."""

    merchant: str
    fee: str | None
    stall: str | None
    household: str | None


class Share(msgspec.Struct, frozen=True):
    """`part` of `whole` have reached it, the commune wants `target` (0..1) of them."""

    name: str
    vi: str
    en: str
    part: int
    whole: int
    target: float

    @property
    def share(self) -> float:
        """0..1."""
        return self.part / self.whole if self.whole else 0.0


def shares(paid: Iterable[Paid], payments: Payments) -> list[Share]:
    """Three shares, from the payments of a period.

    Public fees: households that paid a public fee without cash, of all households (every household owes them).
    Shops: shops and stalls that were paid without cash at least once, of all in the configuration.
    Households: those that paid anything without cash, of all.
    """
    public = {fee.code for fee in payments.fees if fee.public}
    kinds = {merchant.code: merchant.kind for merchant in payments.merchants}
    shops = {merchant.code for merchant in payments.merchants if merchant.kind is MerchantKind.SHOP}
    shops -= {stall.merchant for stall in payments.stalls}
    fee_payers, seen_shops, households = set(), set(), set()
    for one in paid:
        if one.household is not None:
            households.add(one.household)
            if one.fee in public:
                fee_payers.add(one.household)
        if one.stall is not None:
            seen_shops.add(one.stall)
        elif kinds.get(one.merchant) is MerchantKind.SHOP and one.merchant in shops:
            seen_shops.add(one.merchant)
    targets, total = payments.targets, payments.targets.households
    return [
        Share("public_fees", "Hộ trả phí công trực tuyến", "Households that paid public fees online",
              len(fee_payers), total, targets.public_fees_online),
        Share("shops", "Cửa hàng, sạp nhận không tiền mặt", "Shops and stalls paid without cash",
              len(seen_shops), len(shops) + len(payments.stalls), targets.shops_cashless),
        Share("households", "Hộ đã trả không tiền mặt", "Households that paid without cash", len(households), total, 1.0),
    ]  # fmt: skip
