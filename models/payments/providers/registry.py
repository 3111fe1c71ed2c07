"""The payment providers, one row each; every other list of them in the house is derived from it.

A provider is its member and row here, its module beside this one (how a call is read, verified and answered), and, for demo and
tests, `infra/rehearsal/simulator/providers/<code>.py` (what it sends). CONTRIBUTING.md has the recipe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from models.catalogue.providers import Provider
from models.payments.contract import Contract
from models.payments.event import What
from models.payments.providers import casso, payos, sepay, viettel, viettel_order, vnpay


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of ours that a provider calls, and the contract by which it does."""

    provider: Provider
    method: str
    path: str
    contract: Contract


class ProviderRow(NamedTuple):
    """One provider. `endpoints`: the first is told of payments. `returns`: what it tells of besides payments.

    `one_word`: it carries no free text, only a bill's code. `access_code`: its secret file also has `access_code` and `statuses`.
    """

    code: Provider
    title: str
    endpoints: tuple[Endpoint, ...]
    returns: frozenset[What] = frozenset()
    one_word: bool = False
    access_code: bool = False


REFUNDS = frozenset({What.REFUND})
ALL_RETURNS = frozenset({What.REFUND, What.REVERSAL})
PROVIDERS = {
    row.code: row
    for row in (
        ProviderRow(Provider.PAYOS, "payOS", (Endpoint(Provider.PAYOS, "POST", "/payments/payos", payos),)),
        ProviderRow(
            Provider.SEPAY, "SePay", (Endpoint(Provider.SEPAY, "POST", "/payments/sepay", sepay),), REFUNDS
        ),
        ProviderRow(
            Provider.CASSO, "Casso", (Endpoint(Provider.CASSO, "POST", "/payments/casso", casso),), REFUNDS
        ),
        ProviderRow(
            Provider.VIETTEL,
            "Viettel Money",
            (
                Endpoint(Provider.VIETTEL, "POST", "/payments/viettel", viettel),
                Endpoint(Provider.VIETTEL, "POST", "/payments/viettel/verify", viettel_order),
            ),
            ALL_RETURNS,
            one_word=True,
            access_code=True,
        ),
        ProviderRow(
            Provider.VNPAY, "VNPay", (Endpoint(Provider.VNPAY, "GET", "/payments/vnpay", vnpay),), ALL_RETURNS
        ),
    )
}
"""The one list of providers."""
ENDPOINTS = tuple(endpoint for row in PROVIDERS.values() for endpoint in row.endpoints)
